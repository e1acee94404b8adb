"""Skip-gram: each token, through its input row, is to predict the tokens around it.

Mikolov et al. 2013 (arXiv:1301.3781, section 3.2). Each pair counts with the weight that its distance has.
"""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.training.architectures.window_weights import WeightsPlan, WindowWeights, block_for
from spacy_sgns.training.bands import add_windows, blocks, by_context, windows
from spacy_sgns.training.chunks import Chunks
from spacy_sgns.training.workspace import Workspace


def skipgram_v1() -> "Skipgram":
    """Return the skip-gram architecture, registered as `skipgram.v1`."""
    return Skipgram()


class Skipgram:
    """Forms examples: a token's input row against the output rows of the tokens in its window."""

    rate = 1.0

    def block(self, window: int) -> int:
        """Return the tokens in a block: a power of two, at least the window."""
        return block_for(window)

    def examples(self, workspace: Workspace) -> "SkipgramExamples":
        """Return the part of a lane that forms examples in `workspace`."""
        return SkipgramExamples(workspace, self.block(workspace.window))


@dataclass(frozen=True)
class SkipgramPlan:
    """What is known beforehand of a batch. weights: `(n, T)` the summed weight of each token's pairs."""

    weights: Floats
    window: WeightsPlan


class SkipgramExamples:
    """Examples of one chunk at a time: the pairs of tokens within reach of each other, as a banded matrix.

    hidden: `(T, d)` the rows that questions are asked of, here the tokens' input rows. hidden_gradient: `(T, d)`.
    weights: `(B, S, S + 2w)` the learning rate times the weight of each pair, 0 where there is none.
    """

    def __init__(self, workspace: Workspace, block: int) -> None:
        self._window = window = workspace.window
        self.hidden, self.hidden_gradient = workspace.inputs, workspace.input_gradients
        self._centres = blocks(self.hidden, block)
        self._contexts = windows(workspace.padded_outputs[: workspace.length + 2 * window], block, window)
        self._contexts_t = self._contexts.transpose(0, 2, 1)
        self._centres_around = windows(workspace.padded_inputs, block, window)
        self.asked = self._centres_around
        self._centre_gradients = blocks(self.hidden_gradient, block)
        self._context_gradients = blocks(workspace.output_gradients[: workspace.length], block)
        dtype = workspace.inputs.dtype
        self._weights = WindowWeights(workspace.weights, block, workspace.length, dtype)
        self.weights: Floats = np.empty(self._weights.shape, dtype)
        self._scores = np.empty_like(self.weights)
        self._by_context: Floats = np.zeros((len(self.weights), block + 2 * window, block), dtype)

    def plan(self, chunks: Chunks, rate: float) -> SkipgramPlan:
        """Return the plan of a batch: where the weights of its pairs are looked up."""
        window = self._weights.plan(chunks, rate)
        return SkipgramPlan(window.totals, window)

    def read(self, plan: SkipgramPlan, chunk: int) -> None:
        """Take up a chunk of a batch: look up the weights of its pairs."""
        self._weights.read(plan.window, chunk, self.weights)

    def scores(self) -> Floats:
        """Return the dot products of each pair, in the shape of `weights`; a buffer."""
        return np.matmul(self._centres, self._contexts_t, out=self._scores)

    def learn(self, errors: Floats) -> None:
        """Write the gradients that `errors`, in the shape of `weights`, give hidden and context rows."""
        by_context(errors, self._by_context, self._window)
        np.matmul(errors, self._contexts, out=self._centre_gradients)
        np.matmul(self._by_context.transpose(0, 2, 1), self._centres_around, out=self._context_gradients)

    def totals(self, values: Floats, out: Floats) -> None:
        """Write the values of the tokens in each window, added up by weight."""
        np.matmul(
            self.weights, windows(values, self.weights.shape[1], self._window), out=blocks(out, self.weights.shape[1])
        )

    def asked_weights(self) -> Floats:
        """Return the weights of `asked`, `(B, S + 2w, S)`; a buffer."""
        by_context(self.weights, self._by_context, self._window)
        return self._by_context

    def learn_asked(self, gradients: Floats) -> None:
        """Add the gradients of `asked`, which overlap, to `hidden_gradient`."""
        add_windows(gradients, self._centre_gradients)

    def finish(self) -> None:
        """Bring the gradients of `hidden` to the input rows: here they are the same."""
