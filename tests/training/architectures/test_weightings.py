"""Weightings: weights by distance, and random windows."""

import numpy as np
import pytest

from spacy_sgns.registry import Choice, names
from spacy_sgns.training.architectures.weightings import dynamic_v1, flat_v1, harmonic_v1, linear_v1
from spacy_sgns.training.chunks import Chunks


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (linear_v1, [1, 0.8, 0.6, 0.4, 0.2]),
        (harmonic_v1, [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]),
        (flat_v1, [1, 1, 1, 1, 1]),
        (dynamic_v1, [1, 1, 1, 1, 1]),
    ],
)
def test_weights_by_distance(made, wanted):
    np.testing.assert_allclose(made().weights(5), wanted)


@pytest.mark.parametrize("name", names("weighting"))
def test_no_token_reaches_beyond_its_text(name):
    rng = np.random.default_rng(0)
    chunks = Chunks(*(rng.integers(0, 6, (3, 64)).astype(np.int8) for _ in range(3)))
    made = Choice.of("weighting", name).make().reach(chunks, 5, rng)
    assert (made.left <= chunks.left).all() and (made.right <= chunks.right).all()
    assert made.left.dtype == chunks.left.dtype


def test_drawn_windows_give_the_linear_weights_in_expectation():
    reach = np.full((50, 1000), 5, np.int8)
    drawn = dynamic_v1().reach(Chunks(reach, reach, reach), 5, np.random.default_rng(1))
    assert (drawn.left == drawn.right).all()  # one window for both sides
    seen = [(drawn.left >= distance).mean() for distance in range(1, 6)]
    np.testing.assert_allclose(seen, linear_v1().weights(5), atol=0.01)
