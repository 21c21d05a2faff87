"""From text to clean tables, with a ledger of every repair, query and refusal."""
