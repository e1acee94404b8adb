"""The trust region: a bound on the length of the step of each row.

Reference: `tests/training/oracle.py`, `limited`.
"""

import numpy as np

from spacy_sgns.arrays import Floats

RADIUS = 0.5  # 0.3 and 1.0 train as well on 17 M tokens; without a limit frequent words overshoot and diverge


def limit(rows: Floats, radius: float) -> None:
    """Scale rows that are longer than `radius` down to that length, in place. rows: `(n, d)`.

    A chunk sums the gradients of all occurrences of a word, all computed at the same values. For a frequent word this
    sum would be a step far beyond the region where the gradient is a good approximation.
    """
    squares = np.vecdot(rows, rows)
    long = np.flatnonzero(squares > radius * radius)
    if len(long):
        rows[long] *= (radius / np.sqrt(squares.take(long)))[:, None]
