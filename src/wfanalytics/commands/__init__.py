"""What each command of ``wfanalytics`` takes and does; each imports what it needs when it runs."""
