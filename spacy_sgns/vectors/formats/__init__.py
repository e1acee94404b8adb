"""File formats for vectors."""
