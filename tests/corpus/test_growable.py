import numpy as np
import pytest

from spacy_sgns.corpus.growable import GrowableArray, Interner


def test_ids_count_up_in_the_order_of_first_lookups():
    ids = Interner()
    assert [ids[word] for word in "abacb"] == [0, 1, 0, 2, 1]
    assert ids.take_new() == ["a", "b", "c"] and ids.take_new() == []
    assert [ids[word] for word in "cda"] == [2, 3, 0]
    assert ids.take_new() == ["d"]


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.uint8])
def test_an_array_grows_at_its_end(dtype):
    growing = GrowableArray(dtype)
    wanted = []
    for size in (0, 1, 1000, 23, 1, 5000, 0):
        added = [i % 200 for i in range(size)]
        growing.extend(added)
        wanted += added
        assert growing.size == len(wanted) and growing.values.tolist() == wanted
    assert growing.values.dtype == dtype
