"""Which pairs are trained on, and how much each counts."""
