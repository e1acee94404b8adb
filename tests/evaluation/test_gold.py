"""Predictions of vectors for gold sets."""

import numpy as np
import pytest

from spacy_sgns.evaluation.gold import Analogies, WordPairs, form_of
from spacy_sgns.vectors.word_vectors import WordVectors


def test_words_are_taken_as_they_are_or_in_small_letters():
    vectors = WordVectors(["Paris", "rome"], np.eye(2))
    assert [form_of(word, vectors) for word in ("Paris", "Rome", "oslo")] == ["Paris", "rome", ""]


def test_pairs_are_predictions_by_cosine_and_those_without_vectors_left_out(circle):
    pairs = WordPairs("x", [("w0", "w1"), ("W0", "unknown"), ("W3", "w8")], np.array([9.0, 5.0, 1.0]))
    predictions = pairs.predict(circle, 30_000)
    assert predictions.items.tolist() == [0, 2] and predictions.gold.tolist() == [9, 1]
    assert predictions.values == pytest.approx(np.cos(np.deg2rad([9, 45])))


def test_analogies_are_right_where_the_answer_is_nearest(circle):
    four_words = [("w1", "w2", "w5", "w6"), ("w1", "w2", "w5", "w9"), ("w1", "w2", "w3", "unknown")]
    analogies = Analogies("x", four_words, [(0, "x")])
    predictions = analogies.predict(circle, 30_000)
    assert (predictions.items.tolist(), predictions.values.tolist()) == ([0, 1], [1, 0])
    assert predictions.score() == 0.5
    assert analogies.predict(circle, 7).items.tolist() == [0]  # w9 is not among the seven most frequent
