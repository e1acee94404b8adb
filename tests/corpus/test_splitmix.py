import numpy as np
import pytest

from spacy_sgns.corpus.splitmix import mix64, random_mask


def test_hashes_are_those_of_splitmix64():
    """The first values of the authors' own program for the seed 1234567."""
    states = (np.arange(1, 4, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) + np.uint64(1234567)
    assert mix64(states).tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_about_a_share_is_drawn_anew_for_each_seed(share):
    first, second = (random_mask(share, 200_000, seed) for seed in (0, 2**63 - 1))
    assert abs(first.mean() - share) < 0.005 and abs(second.mean() - share) < 0.005
    assert abs((first & second).mean() - share**2) < 0.005
    assert random_mask(share, 500, 0).tolist() == first[:500].tolist()


def test_a_share_of_nothing_is_nothing():
    assert not random_mask(0.0, 1000, 0).any() and len(random_mask(0.5, 0, 0)) == 0
