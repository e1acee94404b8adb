"""Ids in, two tables out, in pure NumPy: training knows neither words nor files nor spaCy."""
