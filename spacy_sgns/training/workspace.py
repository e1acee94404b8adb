"""The memory in which a chunk is computed: rows in, gradients out."""

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats


class Workspace:
    """Rows and gradients of one chunk of T tokens and E extra output rows, reused for all chunks.

    padded_inputs, padded_outputs: `(T + 2w, d)` the tokens' rows, with `window` rows of zeros before and after; inputs,
    outputs: `(T, d)`, views of them without those. extra: `(E, d)` output rows that are not the tokens' own.
    input_gradients: `(T, d)`. output_gradients: `(T + E, d)`, first the tokens' own, then the extra ones.
    """

    def __init__(self, *, length: int, window: int, dim: int, extra: int, dtype: DTypeLike = np.float32) -> None:
        self.length, self.window, self.dim = length, window, dim
        self.padded_inputs: Floats = np.zeros((length + 2 * window, dim), dtype)
        self.padded_outputs: Floats = np.zeros_like(self.padded_inputs)
        self.inputs = self.padded_inputs[window : window + length]
        self.outputs = self.padded_outputs[window : window + length]
        self.extra: Floats = np.empty((extra, dim), dtype)
        self.input_gradients: Floats = np.zeros((length, dim), dtype)
        self.output_gradients: Floats = np.zeros((length + extra, dim), dtype)
