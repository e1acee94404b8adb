"""From gradients to new rows."""
