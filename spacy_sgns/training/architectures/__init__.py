"""Architectures: which pairs are trained on, and the weight of each pair."""
