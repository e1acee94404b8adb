"""Comparison of two trainings: displacement of words after alignment, and their neighbours side by side."""
