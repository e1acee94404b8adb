"""Words and their rows: looked up, compared, written to files. This room does not know spaCy."""
