"""The buffers of one chunk: rows in, gradients out."""

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats


class Workspace:
    """Rows and gradients of one chunk of T tokens and up to W output rows, W >= T; reused for all chunks.

    weights: `(w,)` of neighbours at distances 1 .. w. inputs, grad_inputs: `(T, d)` of the tokens. outputs,
    grad_outputs: `(W, d)` of the output rows that the objective planned, in its order. padded_inputs `(T + 2w, d)` and
    padded_outputs `(W + 2w, d)` are the same rows with w rows of zeros at both ends.
    """

    def __init__(self, *, length: int, weights: Floats, dim: int, outputs: int, dtype: DTypeLike = np.float32) -> None:
        self.length, self.window, self.dim, self.weights = length, len(weights), dim, weights
        window, outputs = self.window, max(length, outputs)
        self.padded_inputs: Floats = np.zeros((length + 2 * window, dim), dtype)
        self.padded_outputs: Floats = np.zeros((outputs + 2 * window, dim), dtype)
        self.inputs = self.padded_inputs[window : window + length]
        self.outputs = self.padded_outputs[window : window + outputs]
        self.grad_inputs: Floats = np.zeros((length, dim), dtype)
        self.grad_outputs: Floats = np.zeros((outputs, dim), dtype)
