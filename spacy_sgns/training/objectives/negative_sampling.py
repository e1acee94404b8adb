"""Negative sampling: a pair of the corpus is to be told from pairs with words drawn as noise.

The loss of a pair with noise words n_1 .. n_k is -log σ(h·o) - Σ log σ(-h·n) (Mikolov et al. 2013, arXiv:1310.4546,
equation 4). Noise words are shared by groups of tokens, each weighted so that the expectation of the loss and of its
gradient is the same (Ji et al. 2016, arXiv:1604.04661): products of matrices instead of dot products.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.bands import blocks
from spacy_sgns.training.protocols import Examples, Noise, NoiseSource
from spacy_sgns.training.workspace import Workspace

GROUP = 64  # tokens that share their noise words
NOISE_PER_NEGATIVE = 6.4  # noise words of a group per negative sample: 32 for 5


def negative_sampling_v1() -> "NegativeSampling":
    """Return the objective of negative sampling, registered as `negative_sampling.v1`."""
    return NegativeSampling()


class NegativeSampling:
    """Asks of each pair whether it comes from the corpus or from noise."""

    def outputs(self, length: int, counts: Ints, settings: Settings) -> int:
        """Return W, the tokens and noise words of a chunk of `length` tokens: a whole number of eights per group."""
        return length + length // min(GROUP, length) * 8 * ceil(NOISE_PER_NEGATIVE * settings.negative / 8)

    def questions(
        self, workspace: Workspace, examples: Examples, counts: Ints, settings: Settings
    ) -> "NegativeSamplingQuestions":
        """Return the part of a lane that asks about `examples`. counts: `(V,)`."""
        noise: Noise = settings.noise.make()
        return NegativeSamplingQuestions(workspace, examples, noise.source(counts, settings), settings.negative)


@dataclass(frozen=True)
class NegativeSamplingPlan:
    """What is known beforehand of a batch.

    outputs: `(n, W)` ids of the tokens, then of the noise words, group by group. weights: `(n, groups, tokens of a
    group, 1)` of a token's pairs with each noise word of its group, times the learning rate, negative. counting:
    `(n, groups, 1, noise words of a group)` what each noise word counts.
    """

    outputs: Ints
    rate: float
    weights: Floats
    counting: Floats
    unused: int = -1


class NegativeSamplingQuestions:
    """Scores, loss and gradients of one chunk at a time."""

    def __init__(self, workspace: Workspace, examples: Examples, noise: NoiseSource, negative: int) -> None:
        dtype, dim = workspace.inputs.dtype, workspace.dim
        group = min(GROUP, workspace.length)
        groups = workspace.length // group
        self._examples, self._source, self._negative = examples, noise, negative
        noise_rows = workspace.outputs[workspace.length :]
        shared = len(noise_rows) // groups
        self._noise = blocks(noise_rows, shared)
        self._noise_gradients = blocks(workspace.output_gradients[workspace.length :], shared)
        self._negated = np.empty((groups, dim, shared), dtype)
        self._hidden = blocks(examples.hidden, group)
        self._hidden_gradient = blocks(examples.hidden_gradient, group)
        self._pull = np.empty((groups, group, dim), dtype)
        self._scores = np.empty((groups, group, shared), dtype)
        self._errors = np.empty_like(self._scores)
        self._logs = np.empty_like(self._scores)
        self._positive_errors = np.empty_like(examples.weights)

    def plan(self, ids: Ints, weights: Floats, rate: float, rng: Generator) -> "NegativeSamplingPlan":
        """Return the plan of a batch: its noise words. weights: `(n, T)`, of each hidden row's pairs."""
        groups, group, shared = self._scores.shape
        scale = weights.dtype.type(-rate * self._negative / shared)
        noise, counting = self._source.draw(ids, groups, shared, rng)
        outputs = np.concatenate((ids, noise.reshape(len(ids), -1)), axis=1)
        weights = (weights * scale).reshape(-1, groups, group, 1)
        return NegativeSamplingPlan(outputs, rate, weights, counting.astype(weights.dtype)[..., None, :])

    def learn(self, plan: "NegativeSamplingPlan", chunk: int) -> float:
        """Write the gradients of a chunk of the batch; return its loss, summed over its pairs.

        The rows of the tokens stand in the workspace, those of the noise words too.
        """
        loss = self._positive() + self._negatives(plan.weights[chunk], plan.counting[chunk])
        return loss / plan.rate

    def _positive(self) -> float:
        """-log σ(s) for each pair; its gradient is -(1 - σ(s))."""
        weights = self._examples.weights
        scores, errors = self._examples.scores(), self._positive_errors
        linear = np.vdot(weights, scores)
        np.exp(scores, out=errors)
        errors += 1
        logs = np.vdot(weights, np.log(errors, out=scores))
        np.divide(weights, errors, out=errors)
        self._examples.learn(errors)
        return float(logs) - float(linear)

    def _negatives(self, weights: Floats, counting: Floats) -> float:
        """-log σ(-s) for each token and noise word of its group; its gradient is σ(s)."""
        scores, errors = self._scores, self._errors
        np.negative(self._noise.transpose(0, 2, 1), out=self._negated)
        np.matmul(self._hidden, self._negated, out=scores)
        np.exp(scores, out=errors)
        errors += 1
        logs = np.log(errors, out=self._logs)
        logs -= scores
        loss = np.vdot(weights, logs @ counting.transpose(0, 2, 1))
        np.divide(weights, errors, out=errors)
        errors *= counting
        np.matmul(errors, self._noise, out=self._pull)
        np.matmul(errors.transpose(0, 2, 1), self._hidden, out=self._noise_gradients)
        self._hidden_gradient += self._pull
        return -float(loss)
