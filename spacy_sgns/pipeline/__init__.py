"""The integration with spaCy: from Docs to vectors in a vocab. spaCy loads it early, so it imports nothing."""
