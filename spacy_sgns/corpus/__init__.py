"""Tokens in, ids on disk out. This room knows hashes, strings and boundaries; it does not know where they come from."""
