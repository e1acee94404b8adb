"""Several processes train the same tables, with the same bytes as one."""
