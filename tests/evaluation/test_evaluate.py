"""Scores with confidence intervals; several vectors on common items."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from spacy_sgns.evaluation.evaluate import evaluate
from spacy_sgns.evaluation.gold import Analogies, WordPairs
from spacy_sgns.vectors.word_vectors import WordVectors

WORDS = [f"w{i}" for i in range(40)]


def around(rows, noise, seed=0, words=WORDS):
    moved = rows + noise * np.random.default_rng(seed).normal(size=rows.shape)
    return WordVectors(words, moved[: len(words)])


@pytest.fixture
def rows():
    return np.random.default_rng(5).normal(size=(40, 6))


@pytest.fixture
def pairs(rows):
    """Pairs whose human scores are the cosines of the rows."""
    some = np.random.default_rng(6).integers(40, size=(300, 2))
    truth = WordVectors(WORDS, rows)
    named = [(WORDS[a], WORDS[b]) for a, b in some]
    return WordPairs("pairs", named, np.array([truth.similarity(a, b) for a, b in named]))


def test_a_score_is_spearmans_within_its_interval(rows, pairs):
    vectors = around(rows, 1.0)
    found = evaluate([vectors], pairs)
    [score] = found.scores
    cosines = [vectors.similarity(a, b) for a, b in pairs.pairs]
    assert score.value == pytest.approx(spearmanr(cosines, pairs.gold)[0], abs=1e-9)
    assert score.interval.low < score.value < score.interval.high
    assert (score.covered, score.total, found.differences) == (300, 300, [])


def test_several_are_scored_on_the_items_that_all_cover(rows, pairs):
    whole, part = around(rows, 1.0), around(rows, 1.0, words=WORDS[:30])
    found = evaluate([whole, part], pairs)
    common = sum(a in WORDS[:30] and b in WORDS[:30] for a, b in pairs.pairs)
    assert [score.covered for score in found.scores] == [common, common]
    assert found.scores[0].value == pytest.approx(found.scores[1].value)
    [difference] = found.differences
    assert difference.value == pytest.approx(0) and difference.interval.low <= 0 <= difference.interval.high


def test_a_clear_difference_is_seen_in_both_directions(rows, pairs):
    good, bad = around(rows, 0.5), around(rows, 3.0)
    [better] = evaluate([bad, good], pairs).differences
    [worse] = evaluate([good, bad], pairs).differences
    assert 0 < better.interval.low < better.value
    assert worse.value == pytest.approx(-better.value) and worse.interval.high < 0


def test_paired_intervals_are_narrower_than_the_scores_own(rows, pairs):
    """Hard pairs are hard for both vectors, which paired resamples take into account."""
    found = evaluate([around(rows, 1.0), around(rows, 1.05)], pairs)
    [difference] = found.differences
    assert np.ptp(difference.interval) < 0.5 * np.ptp(found.scores[0].interval)


def test_no_covered_item_gives_nan_without_an_error(rows):
    unknown = WordPairs("pairs", [("x", "y")], np.array([1.0]))
    [score] = evaluate([around(rows, 1.0)], unknown).scores
    assert np.isnan(score.value) and score.interval is None and score.covered == 0


def test_sections_of_analogies(circle):
    analogies = [("w1", "w2", "w5", "w6"), ("w1", "w2", "w5", "w9"), ("w3", "w4", "w7", "w8"), ("w1", "w2", "w3", "x")]
    found = evaluate([circle], Analogies("a", analogies, [(0, "one"), (2, "two"), (4, "empty")]))
    assert found.scores[0].value == pytest.approx(2 / 3)
    [sections] = found.sections
    assert [(s.name, s.covered, s.total) for s in sections] == [("one", 2, 2), ("two", 1, 2), ("empty", 0, 0)]
    assert [s.value for s in sections[:2]] == [0.5, 1] and np.isnan(sections[2].value)
