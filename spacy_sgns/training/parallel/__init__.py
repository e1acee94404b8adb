"""Several processes train one pair of tables."""
