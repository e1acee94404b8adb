"""File formats for word vectors."""
