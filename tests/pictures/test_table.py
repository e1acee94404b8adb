"""A word map as a table."""

import csv
from dataclasses import replace

import numpy as np

from spacy_sgns.pictures.groups import Grouping
from spacy_sgns.pictures.table import write_table
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.pictures.bundles import map_of


def table(path):
    with path.open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_a_line_has_a_word_its_count_its_cluster_and_its_position(drawn, tmp_path):
    assert write_table(drawn, tmp_path / "x.tsv") == []
    lines = table(tmp_path / "x.tsv")
    assert list(lines[0]) == ["word", "count", "cluster", "x", "y"]
    assert [line["word"] for line in lines] == drawn.words
    assert [int(line["count"]) for line in lines] == drawn.counts.tolist()
    assert [line["cluster"] for line in lines] == [drawn.grouping.names[number] for number in drawn.grouping.of]
    positions = [(float(line["x"]), float(line["y"])) for line in lines]
    np.testing.assert_allclose(positions, drawn.points, atol=1e-4)


def test_groups_from_a_file_have_their_names_and_a_word_without_one_an_empty_field(drawn, tmp_path):
    of = np.where(np.arange(len(drawn.rows)) == 1, -1, 0)
    write_table(replace(drawn, grouping=Grouping(["A\tA"], of, "file", from_file=True)), tmp_path / "x.tsv")
    first, second, *_ = table(tmp_path / "x.tsv")
    assert (first["group"], second["group"], "cluster" in first) == ("A A", "", False)


def test_without_counts_there_is_no_such_column(vectors, tmp_path):
    write_table(map_of(WordVectors(vectors.words, vectors.rows)), tmp_path / "x.tsv")
    assert list(table(tmp_path / "x.tsv")[0]) == ["word", "cluster", "x", "y"]


def test_no_word_breaks_a_line(hostile, tmp_path):
    write_table(hostile, tmp_path / "x.tsv")
    lines = table(tmp_path / "x.tsv")
    assert len(lines) == len(hostile.words) and all(line["y"] and None not in line for line in lines)
