"""What the figures mean: change, and where they stand against targets."""
