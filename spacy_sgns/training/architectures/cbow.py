"""CBOW: the mean of the tokens around a token, through their input rows, predicts that token.

Mikolov et al. 2013 (arXiv:1301.3781, section 3.1). The hidden row of token t is the mean of its neighbours u by their
weights a, h_t = Σ_u a_tu x_u / Σ_u a_tu, and its only target is t itself. By the chain rule a neighbour gets its share
a_tu / Σ_u a_tu of the gradient of h_t. The first program left that factor out, and later ones followed it; with the
factor CBOW trains as well as skip-gram (Irsoy et al. 2020, arXiv:2012.15332).

Reference: `tests/training/oracle.py`, `cbow_examples`, with `examples_step`.
"""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SettingError
from spacy_sgns.training.architectures.window_weights import WeightsPlan, WindowWeights, block_for
from spacy_sgns.training.bands import blocks, by_context, windows
from spacy_sgns.training.chunks import Chunks
from spacy_sgns.training.workspace import Workspace

# Learning rates relative to skip-gram: a context moves by its share of one step per token, not by one step per pair.
CORRECTED_RATE, UNCORRECTED_RATE = 3.0, 1.5


def cbow_v1(corrected: bool = True) -> "Cbow":
    """Return the architecture CBOW: the mean of the words around a word predicts it, registered as `cbow.v1`.

    corrected: give each context its share of the gradient; false: the whole gradient, as word2vec.c and gensim do.
    Raises SettingError.
    """
    if not isinstance(corrected, bool):
        raise SettingError(f"corrected must be true or false, got {corrected!r}.")
    return Cbow(corrected)


class Cbow:
    """The mean of the input rows around a token against the token's own output row."""

    def __init__(self, corrected: bool) -> None:
        self._corrected, self.rate = corrected, CORRECTED_RATE if corrected else UNCORRECTED_RATE

    def block(self, window: int) -> int:
        """Return the block size in tokens: a power of two, at least the window."""
        return block_for(window)

    def hidden_kernel(self, workspace: Workspace) -> "CbowKernel":
        """Return the kernel that computes hidden rows in `workspace`."""
        return CbowKernel(workspace, self.block(workspace.window), corrected=self._corrected)


@dataclass(frozen=True)
class CbowPlan:
    """The plan of a batch.

    weights: `(n, T)` 1 for a token that has neighbours, otherwise 0. scaled: `(n, T)` the same times the learning
    rate. inverse_totals: `(n, B, S, 1)` 1 / Σ_u a_tu, which makes a weighted sum of neighbours their mean.
    """

    weights: Floats
    scaled: Floats
    inverse_totals: Floats
    window: WeightsPlan


class CbowKernel:
    """Hidden rows of one chunk at a time.

    hidden: `(T, d)` the mean of the input rows in each token's window, zero if it is empty. grad_hidden: `(T, d)`.
    weights: `(T,)` the learning rate, 0 where the window is empty.
    """

    def __init__(self, workspace: Workspace, block: int, *, corrected: bool) -> None:
        self._workspace, self._block, self._window = workspace, block, workspace.window
        length, dtype, window = workspace.length, workspace.inputs.dtype, workspace.window
        self._window_weights = WindowWeights(workspace.weights, block, length, dtype)
        self.hidden: Floats = np.empty_like(workspace.inputs)
        padded_gradient = np.zeros_like(workspace.padded_inputs)
        self.grad_hidden = padded_gradient[window : window + length]
        self.weights: Floats = np.empty(length, dtype)
        self._band: Floats = np.empty(self._window_weights.shape, dtype)
        self._mean = np.empty_like(self._band)
        self._grad_band = self._mean if corrected else self._band
        self._by_context: Floats = np.zeros((len(self._band), self._band.shape[2], block), dtype)
        self._contexts, self._means = windows(workspace.padded_inputs, block, window), blocks(self.hidden, block)
        self._grad_means_around = windows(padded_gradient, block, window)
        self._grad_inputs = blocks(workspace.grad_inputs, block)

    def plan(self, chunks: Chunks, rate: float) -> CbowPlan:
        """Return the plan of a batch: where window weights are looked up, and their totals."""
        window = self._window_weights.plan(chunks, 1.0)
        totals = window.totals
        weights = (totals > 0).astype(totals.dtype)
        inverse = np.divide(1, totals, out=np.zeros_like(totals), where=totals > 0)
        return CbowPlan(
            weights, weights * weights.dtype.type(rate), inverse.reshape(-1, *self._band.shape[:2], 1), window
        )

    def forward(self, plan: CbowPlan, chunk: int) -> None:
        """Compute the means of a chunk's windows: h_t = Σ_u a_tu x_u / Σ_u a_tu."""
        self.weights[:] = plan.scaled[chunk]
        self._window_weights.read(plan.window, chunk, self._band)
        np.multiply(self._band, plan.inverse_totals[chunk], out=self._mean)
        np.matmul(self._mean, self._contexts, out=self._means)

    def backward(self) -> None:
        """Write grad x_u = Σ_t (a_tu / Σ_u a_tu) grad h_t; without the division if not corrected."""
        by_context(self._grad_band, self._by_context, self._window)
        np.matmul(self._by_context.transpose(0, 2, 1), self._grad_means_around, out=self._grad_inputs)

    def pair_scores(self) -> "CbowPairs":
        """Return the pairs of means with their own tokens."""
        return CbowPairs(self, self._workspace)

    def target_sums(self, columns: int) -> "OwnValues":
        """Return sums over the single target of each mean."""
        return OwnValues(self.weights, columns)

    def block_queries(self) -> "CbowQueries":
        """Return the means of each block."""
        return CbowQueries(self, self._block)


class CbowPairs:
    """Dot products of means with the output rows of their tokens. weights: `(T,)`."""

    def __init__(self, rows: CbowKernel, workspace: Workspace) -> None:
        self.weights, self._hidden, self._grad_hidden = rows.weights, rows.hidden, rows.grad_hidden
        self._targets = workspace.outputs[: workspace.length]
        self._grad_targets = workspace.grad_outputs[: workspace.length]
        self._scores = np.empty_like(rows.weights)

    def scores(self) -> Floats:
        """Return h_t · o_t, `(T,)`; a buffer."""
        return np.vecdot(self._hidden, self._targets, out=self._scores)

    def backward(self, errors: Floats) -> None:
        """Write grad h_t = e_t o_t and grad o_t = e_t h_t. errors e: `(T,)`."""
        np.multiply(errors[:, None], self._targets, out=self._grad_hidden)
        np.multiply(errors[:, None], self._hidden, out=self._grad_targets)


class OwnValues:
    """The values of each mean's own token, by weight. values: `(T, k)`, to be written."""

    def __init__(self, weights: Floats, columns: int) -> None:
        self.values: Floats = np.empty((len(weights), columns), weights.dtype)
        self._weights = weights[:, None]

    def into(self, out: Floats) -> None:
        """Write a_t v_t for each token t into `out`, `(T, k)`."""
        np.multiply(self._weights, self.values, out=out)


class CbowQueries:
    """The means by block. queries: `(B, S, d)`."""

    def __init__(self, rows: CbowKernel, block: int) -> None:
        self.queries, self._grad_queries = blocks(rows.hidden, block), blocks(rows.grad_hidden, block)
        self._own_weights = rows.weights.reshape(-1, block)
        self._weights: Floats = np.zeros((len(self.queries), block, block), rows.weights.dtype)
        self._diagonals = np.einsum("bss->bs", self._weights)  # a view

    def weights(self) -> Floats:
        """Return the weight of each mean with each token of its block, `(B, S, S)`, diagonal; a buffer."""
        self._diagonals[:] = self._own_weights
        return self._weights

    def backward(self, grad_queries: Floats) -> None:
        """Add the gradients of the means, `(B, S, d)`."""
        self._grad_queries += grad_queries
