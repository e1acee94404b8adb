"""Tokens to ids on disk, and the vocabulary. This room knows nothing of files of texts, nor of spaCy."""
