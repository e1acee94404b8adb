"""The memory in which a chunk is computed: rows in, gradients out."""

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats


class Workspace:
    """Rows and gradients of the T tokens of one chunk, reused for all chunks.

    padded: `(T + 2w, 2d)` input and output rows, with `window` rows of zeros before and after. rows: `(T, 2d)` the
    view of `padded` without those. gradients: `(T, 2d)`, of the same rows.
    """

    def __init__(self, *, length: int, window: int, dim: int, dtype: DTypeLike = np.float32) -> None:
        self.length, self.window, self.dim = length, window, dim
        self.padded: Floats = np.zeros((length + 2 * window, 2 * dim), dtype)
        self.rows: Floats = self.padded[window : window + length]
        self.gradients: Floats = np.zeros((length, 2 * dim), dtype)
