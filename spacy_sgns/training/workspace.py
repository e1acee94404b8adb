"""The memory in which a chunk is computed: rows in, gradients out."""

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats


class Workspace:
    """Rows and gradients of one chunk of T tokens that needs up to W output rows, reused for all chunks.

    weights: `(w,)` of a neighbour at distance 1 .. w, where w is the window.
    padded_inputs: `(T + 2w, d)` the tokens' rows, with `window` rows of zeros before and after; padded_outputs:
    `(W + 2w, d)`, where an objective that asks about the tokens' own rows has these first; W is at least T. inputs:
    `(T, d)`, outputs: `(W, d)`, views of them without what is before and after. input_gradients: `(T, d)`.
    output_gradients: `(W, d)`.
    """

    def __init__(self, *, length: int, weights: Floats, dim: int, outputs: int, dtype: DTypeLike = np.float32) -> None:
        self.length, self.window, self.dim, self.weights = length, len(weights), dim, weights
        window, outputs = self.window, max(length, outputs)
        self.padded_inputs: Floats = np.zeros((length + 2 * window, dim), dtype)
        self.padded_outputs: Floats = np.zeros((outputs + 2 * window, dim), dtype)
        self.inputs = self.padded_inputs[window : window + length]
        self.outputs = self.padded_outputs[window : window + outputs]
        self.input_gradients: Floats = np.zeros((length, dim), dtype)
        self.output_gradients: Floats = np.zeros((outputs, dim), dtype)
