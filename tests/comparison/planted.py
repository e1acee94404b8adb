"""The indices of the words that moved between the tables."""

PLANTED = (3, 40, 111, 222, 390)
