"""Intrinsic evaluation: word vectors scored on word similarity and analogy sets."""
