"""Neighbours on two sides."""

import numpy as np
import pytest

from spacy_sgns.comparison.neighbours import side_by_side
from spacy_sgns.vectors.word_vectors import WordVectors


def on_circle(angles):
    """Word vectors at angles in degrees."""
    radians = np.deg2rad(list(angles.values()))
    return WordVectors(list(angles), np.stack([np.cos(radians), np.sin(radians)], axis=1))


@pytest.fixture
def sides():
    a = on_circle({"king": 0, "queen": 10, "lord": 20, "car": 90, "crown": 5})
    b = on_circle({"king": 0, "queen": 10, "lord": 100, "car": 20, "chess": 5})
    return a, b


def test_neighbours_among_compared_and_all_words_with_their_overlap(sides):
    [found] = side_by_side(*sides, ["king"], 2, ["king", "queen", "lord", "car"])
    names = [[[word for word, _ in side] for side in both] for both in (found.compared, found.all)]
    assert names == [[["queen", "lord"], ["queen", "car"]], [["crown", "queen"], ["chess", "queen"]]]
    assert (found.word, found.overlap, found.common) == ("king", pytest.approx(1 / 3), {"queen"})
    assert found.compared[0][0][1] == pytest.approx(np.cos(np.deg2rad(10)))


def test_all_or_nothing_in_common(sides):
    a, b = sides
    [same] = side_by_side(a, a, ["king"], 2, a.words)
    assert same.overlap == 1
    [other] = side_by_side(a, b, ["king"], 1, ["king", "lord", "car"])
    assert (other.overlap, other.common) == (0, set())


def test_no_neighbours_on_either_side_overlap_fully(sides):
    [found] = side_by_side(*sides, ["king"], 2, ["king"])
    assert (found.compared, found.overlap) == (([], []), 1)
