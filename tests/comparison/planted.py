"""Which words of the made-up tables moved."""

PLANTED = (3, 40, 111, 222, 390)
