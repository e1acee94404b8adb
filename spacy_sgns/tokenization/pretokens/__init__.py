"""The fast way: each distinct pretoken, a string between spaces, is tokenized once."""
