"""What people see: style, charts, tables, sentences and exhibits."""
