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
from spacy_sgns.training.objectives.huffman import huffman_tree
from spacy_sgns.training.objectives.paths import Below, Paths
from spacy_sgns.training.protocols import Examples
from spacy_sgns.training.workspace import Workspace

TOP = 128  # nodes that each hidden row is asked about; 64 and 256 are slower, for skip-gram and CBOW alike
PORTION = 256  # tokens whose scores are computed at once


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
    """Scores, loss and gradients of one chunk at a time, in portions whose numbers stay in the cache."""

    def __init__(self, workspace: Workspace, examples: Examples, paths: Paths) -> None:
        self._examples, self._paths = examples, paths
        dtype, length, window, top = workspace.inputs.dtype, workspace.length, workspace.window, len(paths.top_rows)
        self._turns = paths.left.astype(dtype), paths.right.astype(dtype)
        self._padded: Floats = np.zeros((2, length + 2 * window, top), dtype)
        self._of_tokens = self._padded[:, window : window + length]
        self._left, self._right, self._errors = np.empty((3, length, top), dtype)
        self._outputs, self._gradients = workspace.outputs, workspace.output_gradients
        blocks, facing, _ = examples.asked.shape
        self._block = length // blocks
        self._pull = np.empty_like(examples.asked)
        size = min(PORTION, length)
        self._buffers = np.empty((3, size * max(top, facing * paths.longest)), dtype)
        self._is_of: Floats = np.empty(size * self._block * paths.longest, dtype)

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
            loss += self._below(*(values[chunk] for values in (plan.below.sizes, plan.below.owner, plan.below.signs)))
        return loss / plan.rate

    def _at_the_top(self, exits: Ints) -> float:
        """-log σ(s) for each left turn, -log σ(-s) for each right one, summed up per hidden row and node."""
        examples, nodes, loss = self._examples, self._outputs[: len(self._paths.top_rows)], 0.0
        for side, turns in enumerate(self._turns):
            turns.take(exits, 0, self._of_tokens[side], "clip")
            examples.totals(self._padded[side], (self._left, self._right)[side])
        for first in range(0, len(exits), PORTION):
            part = slice(first, first + PORTION)
            left, right, errors, hidden = self._left[part], self._right[part], self._errors[part], examples.hidden[part]
            scores = np.matmul(hidden, nodes.T, out=self._buffer(0, left.shape))
            loss -= float(np.vdot(left, scores))
            np.exp(scores, out=errors)
            errors += 1
            left += right
            loss += float(np.vdot(left, np.log(errors, out=scores)))
            np.divide(left, errors, out=errors)
            errors -= right
        np.matmul(self._errors, nodes, out=examples.hidden_gradient)
        np.matmul(self._errors.T, examples.hidden, out=self._gradients[: len(nodes)])
        return loss

    def _below(self, sizes: Ints, owner: Ints, signs: Ints) -> float:
        """-log σ(±s) for each pair and node of its word's path, below the top."""
        examples, first, loss = self._examples, len(self._paths.top_rows), 0.0
        nodes, gradients = (
            rows[first : first + owner.size].reshape(*owner.shape, -1) for rows in (self._outputs, self._gradients)
        )
        pairs, step = examples.asked_weights(), max(1, PORTION // self._block)
        for block in range(0, len(owner), step):
            part = slice(block, block + step)
            used = part, slice(sizes[part].max())
            of_nodes = nodes[used], owner[used], signs[used], gradients[used]
            loss += self._of_blocks(examples.asked[part], pairs[part], self._pull[part], *of_nodes)
        examples.learn_asked(self._pull)
        return loss

    def _of_blocks(
        self, asked: Floats, pairs: Floats, pull: Floats, nodes: Floats, owner: Ints, signs: Ints, push: Floats
    ) -> float:
        """Write the gradients of some blocks into `pull`, of the rows asked, and `push`, of nodes; return the loss."""
        shape = (*asked.shape[:2], nodes.shape[1])
        scores, errors, weights = (self._buffer(i, shape) for i in range(3))
        is_of = self._is_of[: owner.size * self._block].reshape(len(owner), self._block, -1)
        np.equal(owner[:, None], np.arange(self._block, dtype=owner.dtype)[:, None], out=is_of, casting="unsafe")
        np.matmul(pairs, is_of, out=weights)
        np.matmul(asked, nodes.transpose(0, 2, 1), out=scores)
        signs = signs[:, None].astype(scores.dtype)
        scores *= signs
        loss = -float(np.vdot(weights, scores))
        np.exp(scores, out=errors)
        errors += 1
        loss += float(np.vdot(weights, np.log(errors, out=scores)))
        np.divide(weights, errors, out=errors)
        errors *= signs
        np.matmul(errors, nodes, out=pull)
        np.matmul(errors.transpose(0, 2, 1), asked, out=push)
        return loss

    def _buffer(self, number: int, shape: tuple[int, ...]) -> Floats:
        return self._buffers[number, : prod(shape)].reshape(shape)


def _paths(counts: Ints) -> Paths:
    return Paths.of(huffman_tree(counts), TOP)
