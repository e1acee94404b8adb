"""The trust region: long rows are scaled down, and all rows keep their direction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.training.update.trust_region import RADIUS, limit


@settings(max_examples=50)
@given(
    rows=st.integers(0, 30),
    dim=st.integers(1, 20),
    scale=st.sampled_from([1e-6, 0.1, 1.0, 1e3]),
    radius=st.sampled_from([RADIUS, 3.0]),
    seed=st.integers(0, 999),
)
def test_rows_are_no_longer_than_the_radius_and_keep_their_direction(rows, dim, scale, radius, seed):
    before = np.random.default_rng(seed).normal(0, scale, (rows, dim))
    after = before.copy()
    limit(after, radius)
    lengths = np.linalg.norm(before, axis=1)
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), np.minimum(lengths, radius), rtol=1e-12)
    np.testing.assert_allclose(after * lengths[:, None], before * np.minimum(lengths, radius)[:, None], rtol=1e-12)
    assert (after[lengths < radius] == before[lengths < radius]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_by_hand(dtype):
    rows = np.array([[3, 4], [0, 0], [0.3, 0.4], [0.1, 0]], dtype)
    limit(rows, 0.5)
    np.testing.assert_allclose(rows, [[0.3, 0.4], [0, 0], [0.3, 0.4], [0.1, 0]], rtol=1e-6)
    assert rows.dtype == dtype


def test_rows_may_be_part_of_a_larger_array():
    whole = np.full((6, 4), 9.0)
    limit(whole[:3], 1.0)
    np.testing.assert_allclose(np.linalg.norm(whole[:3], axis=1), 1)
    assert (whole[3:] == 9).all()
