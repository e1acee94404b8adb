"""The spaCy side: Docs in, vectors in a vocab out. spaCy loads this early, so it imports nothing by itself."""
