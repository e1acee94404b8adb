"""Negative sampling: tell the pairs of the corpus from pairs with noise words.

The loss of a pair (h, o) with noise words n_1 .. n_k is -log σ(h·o) - Σ_i log σ(-h·n_i) (Mikolov et al. 2013,
arXiv:1310.4546, equation 4). A group of tokens shares its noise words, with weights that leave the expectation of the
loss and of its gradient unchanged (Ji et al. 2016, arXiv:1604.04661): matrix products take the place of dot products.

Reference: `tests/training/oracle.py`, `skipgram_ns_step`; `ns_questions` for any architecture.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.random import Generator

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.settings import Settings
from spacy_sgns.training.bands import blocks
from spacy_sgns.training.protocols import HiddenRows, Noise, NoiseSource
from spacy_sgns.training.workspace import Workspace

GROUP = 64  # tokens that share their noise words
NOISE_PER_NEGATIVE = 6.4  # noise words of a group per negative sample: 32 for 5


def negative_sampling_v1() -> "NegativeSampling":
    """Return the objective that tells pairs from pairs with noise words, registered as `negative_sampling.v1`."""
    return NegativeSampling()


class NegativeSampling:
    """Predicts whether a pair comes from the corpus or from noise."""

    def max_outputs(self, length: int, counts: Ints, settings: Settings) -> int:
        """Return W: the tokens of a chunk of `length` tokens, and for each group a multiple of 8 noise words."""
        return length + length // min(GROUP, length) * 8 * ceil(NOISE_PER_NEGATIVE * settings.negative / 8)

    def loss_kernel(
        self, workspace: Workspace, rows: HiddenRows, counts: Ints, settings: Settings
    ) -> "NegativeSamplingKernel":
        """Return the kernel that computes the loss of `rows` against words and noise words. counts: `(V,)`."""
        noise: Noise = settings.noise.make()
        return NegativeSamplingKernel(workspace, rows, noise.source(counts, settings), settings.negative)


@dataclass(frozen=True)
class NegativeSamplingPlan:
    """The plan of a batch. G groups of S tokens share N noise words each.

    outputs: `(n, T + G N)` the tokens, then the noise words by group. weights: `(n, G, S, 1)` of a token with each
    noise word of its group, times the learning rate, negative. importance: `(n, G, 1, N)` of each noise word.
    """

    outputs: Ints
    weights: Floats
    importance: Floats


class NegativeSamplingKernel:
    """Loss and gradients of one chunk at a time."""

    def __init__(self, workspace: Workspace, rows: HiddenRows, noise: NoiseSource, negative: int) -> None:
        self._pairs, self._source, self._negative = rows.pair_scores(), noise, negative
        self._pair_errors = np.empty_like(self._pairs.weights)
        length, dim, dtype = workspace.length, workspace.dim, workspace.inputs.dtype
        group = min(GROUP, length)
        groups = length // group
        shared = (len(workspace.outputs) - length) // groups
        self._noise = blocks(workspace.outputs[length:], shared)
        self._grad_noise = blocks(workspace.grad_outputs[length:], shared)
        self._negated = np.empty((groups, dim, shared), dtype)
        self._hidden, self._grad_hidden = blocks(rows.hidden, group), blocks(rows.grad_hidden, group)
        self._grad_by_noise = np.empty((groups, group, dim), dtype)
        self._scores, self._errors, self._logs = (np.empty((groups, group, shared), dtype) for _ in range(3))

    def plan(self, ids: Ints, weights: Floats, rate: float, rng: Generator) -> NegativeSamplingPlan:
        """Return the plan of a batch: its noise words. ids, weights: `(n, T)`."""
        groups, group, shared = self._scores.shape
        scale = weights.dtype.type(-rate * self._negative / shared)
        noise, importance = self._source.draw(ids, groups, shared, rng)
        outputs = np.concatenate((ids, noise.reshape(len(ids), -1)), axis=1)
        weights = (weights * scale).reshape(-1, groups, group, 1)
        return NegativeSamplingPlan(outputs, weights, importance.astype(weights.dtype)[..., None, :])

    def forward_backward(self, plan: NegativeSamplingPlan, chunk: int) -> float:
        """Write the gradients of hidden and output rows; return the loss, summed over the pairs by weight."""
        return self._positive() + self._negatives(plan.weights[chunk], plan.importance[chunk])

    def _positive(self) -> float:
        """Loss -log σ(s) = log(1 + e^s) - s of each pair; its derivative is -σ(-s) = -1 / (1 + e^s)."""
        weights = self._pairs.weights
        scores, errors = self._pairs.scores(), self._pair_errors
        linear = np.vdot(weights, scores)
        np.exp(scores, out=errors)
        errors += 1
        logs = np.vdot(weights, np.log(errors, out=scores))
        np.divide(weights, errors, out=errors)
        self._pairs.backward(errors)
        return float(logs) - float(linear)

    def _negatives(self, weights: Floats, importance: Floats) -> float:
        """Loss -log σ(-s) of each token and noise word of its group; its derivative is σ(s).

        `scores` holds -s, so the loss is log(1 + e^-s) + s and σ(s) = 1 / (1 + e^-s).
        """
        scores, errors = self._scores, self._errors
        np.negative(self._noise.transpose(0, 2, 1), out=self._negated)
        np.matmul(self._hidden, self._negated, out=scores)
        np.exp(scores, out=errors)
        errors += 1
        logs = np.log(errors, out=self._logs)
        logs -= scores
        loss = np.vdot(weights, logs @ importance.transpose(0, 2, 1))
        np.divide(weights, errors, out=errors)
        errors *= importance
        np.matmul(errors, self._noise, out=self._grad_by_noise)
        np.matmul(errors.transpose(0, 2, 1), self._hidden, out=self._grad_noise)
        self._grad_hidden += self._grad_by_noise
        return -float(loss)
