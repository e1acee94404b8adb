"""The four combinations of architecture and objective, against the oracle: its examples with its questions."""

import numpy as np
import pytest

from spacy_sgns.training.architectures.cbow import cbow_v1
from spacy_sgns.training.architectures.skipgram import skipgram_v1
from spacy_sgns.training.chunks import cut
from spacy_sgns.training.objectives.hierarchical_softmax import TOP_NODES, hierarchical_softmax_v1
from spacy_sgns.training.objectives.huffman import huffman_tree
from spacy_sgns.training.objectives.negative_sampling import GROUP, negative_sampling_v1
from tests.training import oracle
from tests.training.kernel import Kernel, rows_of

ARCHITECTURES = {"skipgram": (skipgram_v1, oracle.skipgram_examples), "cbow": (cbow_v1, oracle.cbow_examples)}
DIM, LENGTH = 6, 128


class Case:
    """Chunks of a small shard, and the step of the oracle for each of them."""

    def __init__(self, architecture, objective, *, window=5, words=60, **settings):
        rng, tokens = np.random.default_rng(4), 2 * LENGTH + 40
        ids = (words * rng.random(tokens) ** 2).astype(np.int32)
        ends = np.unique(rng.integers(1, tokens, 20))
        segment = min(LENGTH, 2 * skipgram_v1().block(window))
        self.chunks = cut(ids, ends, window=window, length=LENGTH, segment=segment, shift=5)
        self.places = oracle.chunk_tokens(tokens, ends.tolist(), length=LENGTH, segment=segment, shift=5)
        counts = np.bincount(ids, minlength=words) + 1
        made, self._examples = ARCHITECTURES[architecture]
        parts = {"architecture": made(**settings), "objective": objective()}
        self.kernel = Kernel(counts, window=window, dim=DIM, chunk_size=LENGTH, **parts)
        self.kernel.fill(rng, DIM**-0.25)
        self.window, self._tree = window, huffman_tree(counts)
        self._questions = {negative_sampling_v1: self._noise, hierarchical_softmax_v1: self._path}[objective]

    def _noise(self, chunk):
        return oracle.ns_questions(self.kernel.noise(chunk, LENGTH // GROUP), GROUP, 5)

    def _path(self, chunk):
        return oracle.hs_questions(self._tree.parent.tolist(), self._tree.right.tolist())

    def expected(self, chunk, rate, **how):
        pairs = oracle.pairs_of(self.places[chunk], self.window)
        examples = self._examples(self.chunks.ids[chunk].tolist(), pairs)
        tables = (rows.tolist() for rows in rows_of(self.kernel.tables))
        return oracle.examples_step(examples, self._questions(chunk), *tables, rate=rate, **how)


def check(case, rate=1e-4, **how):
    """Compare loss, weight and steps of all chunks with the oracle's."""
    weight, expected = case.kernel.plan(case.chunks, rate), 0.0
    for chunk in range(len(case.chunks)):
        wanted = case.expected(chunk, rate, **how)
        loss, *moves = case.kernel.step(chunk)
        assert loss == pytest.approx(wanted.loss, rel=1e-9)
        for move, steps in zip(moves, (wanted.inputs, wanted.outputs), strict=True):
            rows = np.zeros_like(move)
            for row, step in steps.items():
                rows[row] = step
            np.testing.assert_allclose(move / rate, rows / rate, rtol=0, atol=1e-6)
        expected += wanted.weight
    assert weight == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("window", [1, 5, 10, 70])
@pytest.mark.parametrize("objective", [negative_sampling_v1, hierarchical_softmax_v1])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_agrees_with_the_oracle(architecture, objective, window):
    check(Case(architecture, objective, window=window))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("words", [2, 3, TOP_NODES, TOP_NODES + 1, TOP_NODES + 2, 400])
def test_paths_may_lie_within_the_top_or_below(architecture, words):
    check(Case(architecture, hierarchical_softmax_v1, words=words))


def test_without_the_correction_each_context_has_all_of_the_gradient():
    """Times its weight: the chance that the drawn window has it."""
    case = Case("cbow", negative_sampling_v1, corrected=False)
    pairs = oracle.pairs_of(case.places[0], case.window)
    examples = case._examples(case.chunks.ids[0].tolist(), pairs)
    of_pairs = iter([weight for _, _, weight in sorted(pairs)])
    assert sum(len(example.hidden) for example in examples) == len(pairs)
    case.kernel.plan(case.chunks, 1e-4)
    wanted = case.expected(0, 1e-4, share=lambda part: next(of_pairs))
    made = case.kernel.step(0)[1]
    for word, step in wanted.inputs.items():
        np.testing.assert_allclose(made[word], step, rtol=0, atol=1e-10)
