"""Ids in, two tables out, in pure NumPy. This room knows neither words nor files nor spaCy."""
