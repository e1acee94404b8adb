"""Files and standard input -> texts."""
