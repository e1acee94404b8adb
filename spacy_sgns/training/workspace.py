"""The memory in which a chunk is computed: rows in, gradients out."""

import numpy as np
from numpy.typing import DTypeLike

from spacy_sgns.arrays import Floats


class Workspace:
    """Rows and gradients of the T tokens of one chunk, reused for all chunks.

    padded_inputs, padded_outputs: `(T + 2w, d)`, with `window` rows of zeros before and after. inputs, outputs:
    `(T, d)` views of them without those. input_gradients, output_gradients: `(T, d)`.
    """

    def __init__(self, *, length: int, window: int, dim: int, dtype: DTypeLike = np.float32) -> None:
        self.length, self.window, self.dim = length, window, dim
        self.padded_inputs: Floats = np.zeros((length + 2 * window, dim), dtype)
        self.padded_outputs: Floats = np.zeros_like(self.padded_inputs)
        self.inputs = self.padded_inputs[window : window + length]
        self.outputs = self.padded_outputs[window : window + length]
        self.input_gradients: Floats = np.zeros((length, dim), dtype)
        self.output_gradients: Floats = np.zeros_like(self.input_gradients)
