"""Skip-gram: the input row of each token predicts the tokens around it.

Mikolov et al. 2013 (arXiv:1301.3781, section 3.2). The hidden row of token t is its input row, h_t = x_t, and its
targets are its neighbours, each with the weight of its distance. Pairs form a banded matrix, see `bands`.

Reference: `tests/training/oracle.py`, `skipgram_examples`, with `examples_step`.
"""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.training.architectures.window_weights import WeightsPlan, WindowWeights, block_for
from spacy_sgns.training.bands import add_windows, blocks, by_context, windows
from spacy_sgns.training.chunks import Chunks
from spacy_sgns.training.workspace import Workspace


def skipgram_v1() -> "Skipgram":
    """Return the architecture skip-gram: a word predicts each word in its window, registered as `skipgram.v1`."""
    return Skipgram()


class Skipgram:
    """The input row of a token against the output rows of the tokens in its window."""

    rate = 1.0

    def block(self, window: int) -> int:
        """Return the block size in tokens: a power of two, at least the window."""
        return block_for(window)

    def hidden_kernel(self, workspace: Workspace) -> "SkipgramKernel":
        """Return the kernel that computes hidden rows in `workspace`."""
        return SkipgramKernel(workspace, self.block(workspace.window))


@dataclass(frozen=True)
class SkipgramPlan:
    """The plan of a batch. weights: `(n, T)` the summed weight of each token's pairs."""

    weights: Floats
    window: WeightsPlan


class SkipgramKernel:
    """Hidden rows of one chunk at a time. hidden, grad_hidden: `(T, d)`, those of the input rows themselves.

    weights: `(B, S, S + 2w)` of each token with its block's window, times the learning rate; 0 where there is no pair.
    """

    def __init__(self, workspace: Workspace, block: int) -> None:
        self._workspace, self._block = workspace, block
        self.hidden, self.grad_hidden = workspace.inputs, workspace.grad_inputs
        self._window_weights = WindowWeights(workspace.weights, block, workspace.length, workspace.inputs.dtype)
        self.weights: Floats = np.empty(self._window_weights.shape, workspace.inputs.dtype)

    def plan(self, chunks: Chunks, rate: float) -> SkipgramPlan:
        """Return the plan of a batch: where the weights of its pairs are looked up."""
        window = self._window_weights.plan(chunks, rate)
        return SkipgramPlan(window.totals, window)

    def forward(self, plan: SkipgramPlan, chunk: int) -> None:
        """Look up the weights of a chunk's pairs; the hidden rows are the input rows."""
        self._window_weights.read(plan.window, chunk, self.weights)

    def backward(self) -> None:
        """Do nothing: the gradients of the hidden rows are those of the input rows."""

    def pair_scores(self) -> "SkipgramPairs":
        """Return the pairs of tokens with their neighbours."""
        return SkipgramPairs(self._workspace, self.weights)

    def target_sums(self, columns: int) -> "WindowSums":
        """Return sums over the tokens of each window."""
        return WindowSums(self._workspace, self.weights, columns)

    def block_queries(self) -> "SkipgramQueries":
        """Return, for each block, the tokens that have it in their windows."""
        return SkipgramQueries(self._workspace, self.weights)


class SkipgramPairs:
    """Dot products of tokens with the output rows of their neighbours. weights: `(B, S, S + 2w)`."""

    def __init__(self, workspace: Workspace, weights: Floats) -> None:
        self.weights, self._window = weights, workspace.window
        count, block, width = weights.shape
        length, window = workspace.length, workspace.window
        self._centres = blocks(workspace.inputs, block)
        self._grad_centres = blocks(workspace.grad_inputs, block)
        self._around = windows(workspace.padded_inputs, block, window)
        self._contexts = windows(workspace.padded_outputs[: length + 2 * window], block, window)
        self._contexts_t = self._contexts.transpose(0, 2, 1)
        self._grad_contexts = blocks(workspace.grad_outputs[:length], block)
        self._scores = np.empty_like(weights)
        self._by_context: Floats = np.zeros((count, width, block), weights.dtype)

    def scores(self) -> Floats:
        """Return h_t · o_u for the tokens t of each block and u of its window, `(B, S, S + 2w)`; a buffer."""
        return np.matmul(self._centres, self._contexts_t, out=self._scores)

    def backward(self, errors: Floats) -> None:
        """Write grad h_t = Σ_u e_tu o_u and grad o_u = Σ_t e_tu h_t. errors e: `(B, S, S + 2w)`."""
        by_context(errors, self._by_context, self._window)
        np.matmul(errors, self._contexts, out=self._grad_centres)
        np.matmul(self._by_context.transpose(0, 2, 1), self._around, out=self._grad_contexts)


class WindowSums:
    """Values of tokens, summed over each window by weight. values: `(T, k)`, to be written."""

    def __init__(self, workspace: Workspace, weights: Floats, columns: int) -> None:
        length, window = workspace.length, workspace.window
        padded: Floats = np.zeros((length + 2 * window, columns), weights.dtype)
        self.values, self._weights = padded[window : window + length], weights
        self._windows = windows(padded, weights.shape[1], window)

    def into(self, out: Floats) -> None:
        """Write Σ_u a_tu v_u for each token t into `out`, `(T, k)`."""
        np.matmul(self._weights, self._windows, out=blocks(out, self._weights.shape[1]))


class SkipgramQueries:
    """The tokens within reach of each block. queries: `(B, S + 2w, d)`, overlapping views."""

    def __init__(self, workspace: Workspace, weights: Floats) -> None:
        count, block, width = weights.shape
        self._window, self._weights = workspace.window, weights
        self.queries = windows(workspace.padded_inputs, block, workspace.window)
        self._grad_centres = blocks(workspace.grad_inputs, block)
        self._by_context: Floats = np.zeros((count, width, block), weights.dtype)

    def weights(self) -> Floats:
        """Return the weight of each query with each token of its block, `(B, S + 2w, S)`; a buffer."""
        by_context(self._weights, self._by_context, self._window)
        return self._by_context

    def backward(self, grad_queries: Floats) -> None:
        """Add the gradients of the queries, `(B, S + 2w, d)`, to those of the tokens: a token is in several blocks."""
        add_windows(grad_queries, self._grad_centres)
