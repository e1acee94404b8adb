"""Word vectors: lookup, similarity, search and file formats. This room does not know spaCy."""
