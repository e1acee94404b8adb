"""The spaCy side: Docs in, vectors in a vocab out. Imports of its own are left to the modules: spaCy loads this early."""
