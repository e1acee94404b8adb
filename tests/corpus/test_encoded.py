import numpy as np
import pytest

from spacy_sgns.corpus.encoded import IdWriter, read_shards


def written(folder, *parts):
    with IdWriter(folder, "ids") as writer:
        for ids, ends in parts:
            writer.write(np.array(ids, np.int64), np.array(ends, np.int64))
    return writer


def shards(folder, size):
    return [(ids.tolist(), ends.tolist()) for ids, ends in read_shards(folder, "ids", size)]


def test_what_is_written_is_read(tmp_path):
    writer = written(tmp_path, ([1, 2, 3], [2]), ([4], []), ([], [0]), ([5, 6], [1, 2]))
    assert writer.size == 6
    assert shards(tmp_path, 100) == [([1, 2, 3, 4, 5, 6], [2, 4, 5, 6])]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, [([1], []), ([2], [1]), ([3], [1])]),
        (2, [([1, 2], [2]), ([3], [1])]),
        (3, [([1, 2, 3], [2, 3])]),
    ],
)
def test_an_end_belongs_to_the_shard_of_the_last_token_before_it(tmp_path, size, expected):
    written(tmp_path, ([1, 2, 3], [2, 3]))
    assert shards(tmp_path, size) == expected


def test_contexts_without_tokens_leave_no_end(tmp_path):
    written(tmp_path, ([], [0, 0]), ([1, 2], [0, 0, 1, 1, 2, 2]), ([], [0, 0]), ([3], [0]))
    assert shards(tmp_path, 9) == [([1, 2, 3], [1, 2])]


@pytest.mark.parametrize("parts", [[], [([], [])], [([], [0])]])
def test_nothing_is_read_of_nothing(tmp_path, parts):
    written(tmp_path, *parts)
    assert shards(tmp_path, 5) == []


def test_tokens_without_any_end(tmp_path):
    written(tmp_path, ([1, 2], []))
    assert shards(tmp_path, 5) == [([1, 2], [])]


def test_shards_share_one_buffer(tmp_path):
    written(tmp_path, (range(10), []))
    places = {ids.__array_interface__["data"][0] for ids, _ in read_shards(tmp_path, "ids", 4)}
    assert len(places) == 1


def test_a_corpus_is_read_again_each_epoch(tmp_path):
    written(tmp_path, ([1, 2, 3], [3]))
    assert shards(tmp_path, 2) == shards(tmp_path, 2)


def test_files_are_removed(tmp_path):
    written(tmp_path, ([1], [1])).remove()
    assert not list(tmp_path.iterdir())
