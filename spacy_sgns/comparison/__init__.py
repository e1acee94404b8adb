"""Comparison of two or more trainings: displacement of words after alignment, and their neighbours side by side."""
