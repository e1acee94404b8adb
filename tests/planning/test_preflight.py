"""A run that does not fit is refused before any work."""

import gzip
from functools import partial

import numpy as np
import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.factory import from_language
from spacy_sgns.planning import preflight as room
from spacy_sgns.planning.preflight import check_resources
from spacy_sgns.settings import Settings
from spacy_sgns.sources.compression import STANDARD_INPUT
from spacy_sgns.sources.source import Source

MB = 1 << 20


@pytest.fixture
def corpus(tmp_path):
    """Some 3 MB of text, packed, with words by Zipf's law."""
    words = [f"word{i}" for i in np.random.default_rng(0).zipf(1.3, 300_000)]
    lines = (" ".join(words[i : i + 10]) for i in range(0, len(words), 10))
    path = tmp_path / "corpus.txt.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


@pytest.fixture
def check(corpus, tmp_path, monkeypatch):
    """Check the room for the corpus on a machine with so much memory and disk."""

    def run(memory, disk, path=corpus, **settings):
        monkeypatch.setattr(room, "free_memory", lambda: memory)
        monkeypatch.setattr(room, "free_disk", lambda place: disk)
        maker = partial(from_language("en", {}).doc_maker, sentences=False)
        check_resources(Source(path), maker, Settings.of(**settings), tmp_path / "out")

    return run


def test_enough_is_not_told(check):
    check(400 * MB, 400 * MB)


def test_what_is_not_known_is_never_too_little(check):
    check(None, None, dim=4096)


@pytest.mark.parametrize(
    ("memory", "disk", "said"),
    [
        (300 * MB, 10_000 * MB, r"Not enough memory: it needs about .* MB for .* of 2048 dim.* Lower dim or max_words"),
        (10_000 * MB, 100 * MB, r"Not enough disk: .* 105 MB are free\. Choose an output on another disk.* --force"),
    ],
)
def test_too_little_is_told_with_what_to_do(check, memory, disk, said):
    with pytest.raises(SgnsError, match=said):
        check(memory, disk, dim=2048, min_count=1)


def test_fewer_words_or_dimensions_do(check):
    for change in ({"dim": 20}, {"max_words": 500}, {"min_count": 11_000}):
        check(300 * MB, 100 * MB, **{"dim": 2048, "min_count": 1, **change})


def test_where_room_is_sure_no_file_is_looked_into(check, monkeypatch):
    monkeypatch.setattr(room, "draw_sample", pytest.fail)
    check(10_000_000 * MB, 10_000_000 * MB)


def test_a_corpus_that_cannot_be_read_is_no_matter_of_room(check, tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9 " * 100_000)
    check(MB, MB, path=tmp_path / "bad.txt")


def test_standard_input_is_not_looked_into(check):
    check(0, 0, path=STANDARD_INPUT)
