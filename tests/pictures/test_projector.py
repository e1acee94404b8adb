"""Files for the TensorBoard projector."""

from dataclasses import replace

import numpy as np
import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.pictures.groups import Grouping
from spacy_sgns.pictures.projector import write_projector
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.pictures.bundles import map_of


def lines(path):
    return path.read_bytes().decode("utf8").removesuffix("\n").split("\n")


def test_vectors_and_words_in_the_same_order(drawn, tmp_path):
    [note] = write_projector(drawn, tmp_path / "x.tsv")
    assert str(tmp_path / "x.metadata.tsv") in note
    np.testing.assert_array_equal(np.loadtxt(tmp_path / "x.tsv", delimiter="\t", dtype=np.float32), drawn.vectors.rows)
    header, *rest = lines(tmp_path / "x.metadata.tsv")
    assert header == "word\tcount\tcluster"
    clusters = [drawn.grouping.names[number] for number in drawn.grouping.of]
    assert rest == ["\t".join(map(str, line)) for line in zip(drawn.words, drawn.counts, clusters, strict=True)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.metadata.tsv", "x.tsv"]


def test_groups_from_a_file_are_a_column(drawn, tmp_path):
    of = np.where(np.arange(len(drawn.rows)) == len(drawn.rows) - 1, -1, drawn.grouping.of)
    given = replace(drawn, grouping=Grouping(["A\tA", "B", "C", "D"], of, "file", from_file=True))
    write_projector(given, tmp_path / "x.tsv")
    header, first, *_, last = lines(tmp_path / "x.metadata.tsv")
    assert (header, first, last.split("\t")[2]) == ("word\tcount\tgroup", "a0\t1000\tA A", "")


def test_without_counts_there_is_no_such_column_and_no_word_breaks_a_line(hostile, tmp_path):
    write_projector(hostile, tmp_path / "x.tsv")
    header, *found = lines(tmp_path / "x.metadata.tsv")
    assert (header, len(found)) == ("word\tcluster", len(hostile.words))
    assert found[0].split("\t")[0] == hostile.words[0] and all(line.count("\t") == 1 for line in found)


def test_nothing_is_left_after_an_error(tmp_path):
    wrong = map_of(WordVectors(["a", "b", "c"], np.array([[1, 2], [np.inf, 0], [3, 4]])))
    with pytest.raises(SgnsError, match="'b' has numbers that are not finite"):
        write_projector(wrong, tmp_path / "x.tsv")
    assert not list(tmp_path.iterdir())
    (tmp_path / "y.metadata.tsv").mkdir()
    with pytest.raises(SgnsError, match="exists and is not a file"):
        write_projector(map_of(WordVectors(["a", "b", "c"], np.eye(3))), tmp_path / "y.tsv")
    assert [path.name for path in tmp_path.iterdir()] == ["y.metadata.tsv"]
