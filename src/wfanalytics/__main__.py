"""``python -m wfanalytics``, for machines where the command is not on the path."""

from wfanalytics.cli import main

if __name__ == "__main__":
    main()
