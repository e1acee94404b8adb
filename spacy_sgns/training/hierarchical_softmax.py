"""Hierarchical softmax: a word is predicted by the turns of its path through a tree, one question per inner node.

The loss of a pair is the sum of -log σ(±h·v_n) over the inner nodes n of the path, plus where it turns left: minus the
log of a probability, and these sum to 1 over the words (Morin and Bengio 2005; Mikolov et al. 2013, arXiv:1310.4546,
section 2.1). Inner nodes take rows of the output table. The heaviest are on nearly every path: they are asked of each
hidden row, as one product. Those below them are asked block by block, of the rows that are asked about its tokens.
"""

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.huffman import huffman_tree
from spacy_sgns.training.paths import Below, Paths
from spacy_sgns.training.protocols import Examples
from spacy_sgns.training.workspace import Workspace

TOP = 128  # nodes that each hidden row is asked about


def hierarchical_softmax_v1() -> "HierarchicalSoftmax":
    """Return the objective of hierarchical softmax over a Huffman tree, registered as `hierarchical_softmax.v1`."""
    return HierarchicalSoftmax()


class HierarchicalSoftmax:
    """Asks of each pair which way the path to the word turns, from the root on."""

    def outputs(self, length: int, counts: Ints, settings: Settings) -> int:
        """Return the most output rows that a chunk of `length` tokens can need."""
        paths = _paths(counts)
        return len(paths.top_rows) + length * paths.longest

    def questions(
        self, workspace: Workspace, examples: Examples, counts: Ints, settings: Settings
    ) -> "HierarchicalSoftmaxQuestions":
        """Return the part of a lane that asks about `examples`. counts: `(V,)`."""
        return HierarchicalSoftmaxQuestions(workspace, examples, _paths(counts))


@dataclass(frozen=True)
class HierarchicalSoftmaxPlan:
    """What is known beforehand of a batch.

    outputs: `(n, D + B · Q)` the rows of the top, then those of each block. below: which these are, and of which
    token. exits: `(n, T)` where each token's path leaves the top.
    """

    outputs: Ints
    unused: int
    rate: float
    below: Below
    exits: Ints


class HierarchicalSoftmaxQuestions:
    """Scores, loss and gradients of one chunk at a time."""

    def __init__(self, workspace: Workspace, examples: Examples, paths: Paths) -> None:
        self._examples, self._paths = examples, paths
        dtype, length, window, top = workspace.inputs.dtype, workspace.length, workspace.window, len(paths.top_rows)
        self._turns = paths.left.astype(dtype), paths.right.astype(dtype)
        self._padded: Floats = np.zeros((2, length + 2 * window, top), dtype)
        self._top_scores, self._top_errors, self._left, self._right = np.empty((4, length, top), dtype)
        self._outputs, self._gradients = workspace.outputs, workspace.output_gradients
        self._block = length // len(examples.asked)
        largest = prod(examples.asked.shape[:2]) * self._block * paths.longest
        self._scores, self._errors, self._weights = np.empty((3, largest), dtype)
        self._is_of = np.empty(length * self._block * paths.longest, dtype)
        self._pull = np.empty_like(examples.asked)

    def plan(self, ids: Ints, weights: Floats, rate: float, rng: Generator) -> HierarchicalSoftmaxPlan:
        """Return the plan of a batch: the nodes of its words' paths. ids: `(n, T)`."""
        paths, chunks = self._paths, len(ids)
        below = paths.below(ids.reshape(chunks, -1, self._block))
        top = np.broadcast_to(paths.top_rows, (chunks, len(paths.top_rows)))
        outputs = np.concatenate((top, below.rows.reshape(chunks, -1)), axis=1)
        return HierarchicalSoftmaxPlan(outputs, paths.unused, rate, below, paths.exits.take(ids))

    def learn(self, plan: HierarchicalSoftmaxPlan, chunk: int) -> float:
        """Write the gradients of a chunk of the batch; return its loss, summed over its pairs."""
        loss = self._at_the_top(plan.exits[chunk])
        if plan.below.rows.size:
            loss += self._below(plan.below.owner[chunk], plan.below.signs[chunk])
        return loss / plan.rate

    def _at_the_top(self, exits: Ints) -> float:
        """-log σ(s) for each left turn, -log σ(-s) for each right one, summed up per hidden row and node."""
        top = len(self._paths.top_rows)
        nodes, examples, left, right = self._outputs[:top], self._examples, self._left, self._right
        window = (self._padded.shape[1] - len(exits)) // 2
        for turns, padded, out in zip(self._turns, self._padded, (left, right), strict=True):
            turns.take(exits, 0, padded[window : window + len(exits)], "clip")
            examples.totals(padded, out)
        scores, errors = np.matmul(examples.hidden, nodes.T, out=self._top_scores), self._top_errors
        linear = np.vdot(left, scores)
        np.exp(scores, out=errors)
        errors += 1
        left += right
        logs = np.vdot(left, np.log(errors, out=scores))
        np.divide(left, errors, out=errors)
        errors -= right
        np.matmul(errors, nodes, out=examples.hidden_gradient)
        np.matmul(errors.T, examples.hidden, out=self._gradients[:top])
        return float(logs) - float(linear)

    def _below(self, owner: Ints, signs: Ints) -> float:
        """-log σ(±s) for each pair and node of its word's path, block by block."""
        examples, (count, size), top = self._examples, owner.shape, len(self._paths.top_rows)
        nodes, gradients = (
            rows[top : top + owner.size].reshape(count, size, -1) for rows in (self._outputs, self._gradients)
        )
        asked = examples.asked
        shape = (count, asked.shape[1], size)
        scores, errors, weights = (b[: prod(shape)].reshape(shape) for b in (self._scores, self._errors, self._weights))
        is_of = self._is_of[: owner.size * self._block].reshape(count, self._block, size)
        np.equal(owner[:, None], np.arange(self._block)[:, None], out=is_of, casting="unsafe")
        np.matmul(examples.asked_weights(), is_of, out=weights)
        np.matmul(asked, nodes.transpose(0, 2, 1), out=scores)
        signs = signs[:, None].astype(scores.dtype)
        scores *= signs
        linear = np.vdot(weights, scores)
        np.exp(scores, out=errors)
        errors += 1
        logs = np.vdot(weights, np.log(errors, out=scores))
        np.divide(weights, errors, out=errors)
        errors *= signs
        np.matmul(errors, nodes, out=self._pull)
        np.matmul(errors.transpose(0, 2, 1), asked, out=gradients)
        examples.learn_asked(self._pull)
        return float(logs) - float(linear)


def _paths(counts: Ints) -> Paths:
    return Paths.of(huffman_tree(counts), TOP)
