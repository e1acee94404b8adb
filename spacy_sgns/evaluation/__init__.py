"""How good vectors are, by sets of words that people have judged."""
