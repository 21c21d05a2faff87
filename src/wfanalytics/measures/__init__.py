"""What is counted: one definition a measure, and its figures."""
