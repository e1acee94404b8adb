"""CBOW: the mean of the tokens around a token, through their input rows, is to predict it.

Mikolov et al. 2013 (arXiv:1301.3781, section 3.1). Of a mean of m rows each has 1/m of its gradient. The first program
left that factor out, and later ones followed it; with the factor CBOW trains as well as skip-gram (Irsoy et al. 2020,
arXiv:2012.15332). Neighbours count with the weights of the window, so the mean is a weighted one.
"""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SettingError
from spacy_sgns.training.architectures.window_weights import WeightsPlan, WindowWeights, block_for
from spacy_sgns.training.bands import blocks, by_context, windows
from spacy_sgns.training.chunks import Chunks
from spacy_sgns.training.workspace import Workspace

CORRECTED, UNCORRECTED = 3.0, 1.5  # of the rate for skip-gram: a context has a share of one step, not a step a pair


def cbow_v1(corrected: bool = True) -> "Cbow":
    """Return the CBOW architecture, registered as `cbow.v1`.

    corrected: give each context its share of the gradient; false: all of it, as word2vec.c and gensim do. Raises
    SettingError.
    """
    if not isinstance(corrected, bool):
        raise SettingError(f"corrected must be true or false, got {corrected!r}.")
    return Cbow(corrected)


class Cbow:
    """Forms examples: the mean of the input rows around a token against the token's own output row."""

    def __init__(self, corrected: bool) -> None:
        self._corrected, self.rate = corrected, CORRECTED if corrected else UNCORRECTED

    def block(self, window: int) -> int:
        """Return the tokens in a block."""
        return block_for(window)

    def examples(self, workspace: Workspace) -> "CbowExamples":
        """Return the part of a lane that forms examples in `workspace`."""
        return CbowExamples(workspace, self.block(workspace.window), corrected=self._corrected)


@dataclass(frozen=True)
class CbowPlan:
    """What is known beforehand of a batch.

    weights: `(n, T)`, 1 for a token that has contexts, else 0; scaled: the same times the learning rate. shares:
    `(n, B, S, 1)` what the weights of a token's contexts are multiplied with to become a mean.
    """

    weights: Floats
    scaled: Floats
    shares: Floats
    window: WeightsPlan


class CbowExamples:
    """Examples of one chunk at a time.

    hidden: `(T, d)` the mean of the input rows in each token's window, zero without any. hidden_gradient: `(T, d)`.
    weights: `(T,)` the learning rate, 0 where there is no context.
    """

    def __init__(self, workspace: Workspace, block: int, *, corrected: bool) -> None:
        self._window, dtype, padded = workspace.window, workspace.inputs.dtype, workspace.padded_inputs
        self._weights = WindowWeights(workspace.weights, block, workspace.length, dtype)
        self.hidden: Floats = np.empty_like(workspace.inputs)
        padded_gradient = np.zeros_like(padded)
        self.hidden_gradient = padded_gradient[self._window : self._window + workspace.length]
        self.weights: Floats = np.empty(workspace.length, dtype)
        self._band: Floats = np.empty(self._weights.shape, dtype)
        self._mean = np.empty_like(self._band)
        self._backward = self._mean if corrected else self._band
        self._by_context: Floats = np.zeros((len(self._band), self._band.shape[2], block), dtype)
        self._contexts, self._means = windows(padded, block, self._window), blocks(self.hidden, block)
        self._around = windows(padded_gradient, block, self._window)
        self._input_gradients = blocks(workspace.input_gradients, block)
        self.asked, self._mean_gradients = self._means, blocks(self.hidden_gradient, block)
        self._asked_weights: Floats = np.zeros((len(self.asked), block, block), dtype)
        self._own = np.einsum("bss->bs", self._asked_weights)  # a view of the diagonals
        self._targets = workspace.outputs[: workspace.length]
        self._target_gradients = workspace.output_gradients[: workspace.length]
        self._scores = np.empty_like(self.weights)

    def plan(self, chunks: Chunks, rate: float) -> CbowPlan:
        """Return the plan of a batch."""
        window = self._weights.plan(chunks, 1.0)
        totals = window.totals
        weights = (totals > 0).astype(totals.dtype)
        shares = np.divide(1, totals, out=np.zeros_like(totals), where=totals > 0)
        return CbowPlan(
            weights, weights * weights.dtype.type(rate), shares.reshape(-1, *self._band.shape[:2], 1), window
        )

    def read(self, plan: CbowPlan, chunk: int) -> None:
        """Take up a chunk of a batch: make the means of its windows."""
        self.weights[:] = plan.scaled[chunk]
        self._weights.read(plan.window, chunk, self._band)
        np.multiply(self._band, plan.shares[chunk], out=self._mean)
        np.matmul(self._mean, self._contexts, out=self._means)

    def scores(self) -> Floats:
        """Return the dot products of means with the output rows of their tokens, `(T,)`; a buffer."""
        return np.vecdot(self.hidden, self._targets, out=self._scores)

    def learn(self, errors: Floats) -> None:
        """Write the gradients that `errors`, `(T,)`, give means and output rows."""
        np.multiply(errors[:, None], self._targets, out=self.hidden_gradient)
        np.multiply(errors[:, None], self.hidden, out=self._target_gradients)

    def totals(self, values: Floats, out: Floats) -> None:
        """Write each token's own values by its weight."""
        np.multiply(self.weights[:, None], values[self._window : self._window + len(out)], out=out)

    def asked_weights(self) -> Floats:
        """Return the weights of `asked`, `(B, S, S)`: each mean is asked about its own token alone; a buffer."""
        self._own[:] = self.weights.reshape(self._own.shape)
        return self._asked_weights

    def learn_asked(self, gradients: Floats) -> None:
        """Add the gradients of `asked` to `hidden_gradient`."""
        self._mean_gradients += gradients

    def finish(self) -> None:
        """Bring the gradients of means to the input rows of their contexts."""
        by_context(self._backward, self._by_context, self._window)
        np.matmul(self._by_context.transpose(0, 2, 1), self._around, out=self._input_gradients)
