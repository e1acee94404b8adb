"""The command `python -m spacy sgns`. spaCy imports this for every command of its own, so it imports almost nothing."""
