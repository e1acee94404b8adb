"""The vectors of all trainings in one space."""

import numpy as np
import pytest

from spacy_sgns.comparison.common_space import CommonSpace
from spacy_sgns.comparison.displacements import Alignment
from spacy_sgns.comparison.sides import Side
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.comparison.planted import PLANTED


def space(*vectors, words=None):
    return list(CommonSpace([Side(str(i), own) for i, own in enumerate(vectors)], words or vectors[0].words))


def test_cosines_across_the_sides_show_what_moved(pair):
    a, b = space(*pair)
    cosines = np.vecdot(a.rows, b.rows) / np.linalg.norm(a.rows, axis=1) / np.linalg.norm(b.rows, axis=1)
    expected = Alignment(pair[0].rows, pair[1].rows).displacements()
    np.testing.assert_allclose(1 - cosines, expected, atol=0.03)
    assert set(np.argsort(cosines)[:5]) == set(PLANTED)


def test_the_last_side_keeps_its_orientation_and_words_keep_forms_and_counts(slices):
    last = slices[-1]
    last = WordVectors(last.words, last.rows, counts=last.counts, row_of={**last.row_of, "W003": 3})
    *_, aligned = space(*slices[:4], last)
    lengths = np.linalg.norm(last.rows, axis=1, keepdims=True)
    unit = last.rows / lengths
    np.testing.assert_allclose(aligned.rows, unit - unit.mean(0), atol=1e-6)
    assert aligned.words == last.words and aligned.row_of == last.row_of
    np.testing.assert_array_equal(aligned.counts, last.counts)


def test_words_of_one_side_only_are_aligned_too_and_narrow_rows_padded(words, rows, rotated):
    a = WordVectors([*words, "mine"], np.vstack([rows, rows[:1]]))
    b = WordVectors(words, np.hstack([rotated, np.zeros((400, 3))]))
    first, second = space(a, b, words=words)
    assert first.rows.shape == (401, 15) and second.rows.shape == (400, 15)
    np.testing.assert_allclose(first["mine"], first["w000"])


@pytest.mark.parametrize("bad", [0, np.nan, np.inf])
def test_words_without_a_direction_have_none(pair, bad):
    a, b = pair
    spoiled = b.rows.copy()
    spoiled[7] = bad
    _, aligned = space(a, WordVectors(b.words, spoiled), words=[word for word in a.words if word != "w007"])
    assert not aligned["w007"].any() and aligned["w008"].any()
