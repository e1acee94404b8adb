"""Pictures: maps of words, and the learning curve of a training."""
