"""The trust region: how far one step may move a word."""

import numpy as np

from spacy_sgns.arrays import Floats

RADIUS = 0.5  # 0.3 and 1.0 train as well on 17 M tokens; without a limit frequent words overshoot and diverge


def limit(rows: Floats, radius: float) -> None:
    """Scale each row of `rows`, `(n, d)`, down to length `radius` where it is longer, in place.

    A chunk adds up the gradients of all occurrences of a word, all taken at the same values: for a frequent word that
    is a step far beyond the region where the gradient holds.
    """
    squares = np.vecdot(rows, rows)
    long = np.flatnonzero(squares > radius * radius)
    if len(long):
        rows[long] *= (radius / np.sqrt(squares.take(long)))[:, None]
