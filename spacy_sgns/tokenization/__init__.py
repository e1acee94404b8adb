"""Texts -> tokens, as the pipeline's own tokenizer makes them."""
