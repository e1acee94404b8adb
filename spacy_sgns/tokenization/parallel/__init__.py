"""The fast tokenizer in several processes."""
