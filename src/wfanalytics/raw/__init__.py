"""From files to text: extracts, an area's own settings, and what DfE publishes."""
