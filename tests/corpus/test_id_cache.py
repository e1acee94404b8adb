import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_sgns.corpus import id_cache
from spacy_sgns.corpus.id_cache import IdCache


class Missing:
    """Assigns ids to keys by a dict, and records the keys that the cache did not have."""

    def __init__(self):
        self.known, self.missed = {}, []

    def of(self, keys):
        """Return the `missing` argument for these keys."""

        def missing(indices):
            rows = [tuple(keys[i].tolist()) for i in indices]
            self.missed += rows
            return np.array([self.known.setdefault(row, len(self.known)) for row in rows], np.int32)

        return missing


@pytest.mark.parametrize("bits", [1, 3, 20])
@pytest.mark.parametrize("words", [1, 2])
@settings(max_examples=50, deadline=None)
@given(batches=st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=30), max_size=4))
def test_ids_are_those_of_the_keys(bits, words, batches):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(id_cache, "SLOT_BITS", bits)
        cache, missing = IdCache(words), Missing()
        for batch in batches:
            keys = np.array([[key % 5, key][:words] for key in batch], np.uint64)
            ids = cache.ids(keys, missing.of(keys))
            assert ids.dtype == np.int32 and ids.tolist() == [missing.known[tuple(key.tolist())] for key in keys]


def test_keys_are_cached_unless_they_begin_with_zero():
    cache, missing = IdCache(2), Missing()
    keys = np.array([[1, 2], [0, 3], [2, 0]], np.uint64)
    for _ in range(3):
        assert cache.ids(keys, missing.of(keys)).tolist() == [0, 1, 2]
    assert missing.missed == [(1, 2), (0, 3), (2, 0), (0, 3), (0, 3)]


def test_ids_are_replaced_and_removed():
    cache, missing = IdCache(1), Missing()
    keys = np.array([[5], [6], [7]], np.uint64)
    cache.ids(keys, missing.of(keys))
    cache.renumber(np.array([4, -1, 0]))
    missing.missed.clear()
    assert cache.ids(keys, missing.of(keys)).tolist() == [4, 1, 0] and missing.missed == [(6,)]
