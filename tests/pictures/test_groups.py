"""Groups of words that share a colour."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.pictures.groups import Grouping, by_clusters, by_file, grouped_first, k_means
from spacy_sgns.pictures.layout import directions
from tests.pictures.bundles import BUNDLES, EACH


def test_bundles_are_found_and_named_after_words_of_theirs(vectors):
    found = by_clusters(vectors.words, directions(vectors.rows), BUNDLES, 0)
    np.testing.assert_array_equal(found.of, np.repeat(np.arange(BUNDLES), EACH))
    for name, letter in zip(found.names, "abcd", strict=True):
        words = name.split(", ")
        assert len(words) == 3 and all(word.startswith(letter) for word in words)


@given(st.integers(1, 30), st.integers(1, 8), st.integers(0, 999))
def test_no_row_is_nearer_to_the_centre_of_another_cluster(n, count, seed):
    rows = np.random.default_rng(seed).standard_normal((n, 3))
    of = k_means(rows, min(count, n), seed)
    numbers = np.unique(of)
    assert numbers.tolist() == list(range(len(numbers)))
    assert of[0] == 0 and (np.diff(np.maximum.accumulate(of)) <= 1).all()  # numbered in the order of the rows
    centres = np.stack([rows[of == number].mean(0) for number in numbers])
    distances = np.linalg.norm(rows[:, None] - centres, axis=2)
    assert (distances[np.arange(n), of] <= distances.min(1) + 1e-9).all()


def test_equal_rows_are_one_cluster(recwarn):
    assert k_means(np.ones((5, 2)), 3, 0).tolist() == [0] * 5
    assert not recwarn.list


def test_clusters_are_the_same_for_the_same_seed():
    rows = np.random.default_rng(0).standard_normal((300, 20))
    np.testing.assert_array_equal(k_means(rows, 8, 3), k_means(rows, 8, 3))
    assert not np.array_equal(k_means(rows, 8, 3), k_means(rows, 8, 4))


@pytest.mark.parametrize("seed", range(5))
def test_clusters_are_as_tight_as_those_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    rows = directions(rng.standard_normal((8, 20))[rng.integers(8, size=300)] + rng.standard_normal((300, 20)))
    expected = KMeans(8, n_init=10, tol=0, random_state=seed).fit(rows).inertia_
    of = k_means(rows, 8, seed)
    spread = sum(((rows[of == number] - rows[of == number].mean(0)) ** 2).sum() for number in range(8))
    assert spread == pytest.approx(expected, rel=0.01)


def test_clusters_take_no_other_package(vectors, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    assert len(by_clusters(vectors.words, directions(vectors.rows), BUNDLES, 0).names) == BUNDLES


@pytest.mark.parametrize("count", [0, 33])
def test_the_number_of_clusters_has_a_range(vectors, count):
    with pytest.raises(SettingError, match=f"clusters must be from 1 to 32, got {count}"):
        by_clusters(vectors.words, vectors.rows, count, 0)


def groups(tmp_path, text):
    (tmp_path / "groups.tsv").write_bytes(text.encode() if isinstance(text, str) else text)
    return tmp_path / "groups.tsv"


def test_groups_of_a_file(vectors, tmp_path):
    path = groups(tmp_path, "\ufeffb0\tletters b\n\na1\tletters a\r\na2\tletters a\nunknown\tother\n")
    found = by_file(path, vectors.row_of, [0, 1, 2, EACH])
    assert found.names == ["letters b", "letters a"]  # in the order of the file; no group without words
    assert found.of.tolist() == [-1, 1, 1, 0]
    assert found.from_file


def test_words_with_a_group_come_after_the_query_words():
    grouping = Grouping(["x", "y"], np.array([-1, -1, 1, -1, 0, -1]), "file", True)
    rows, found = grouped_first([10, 11, 12, 13, 14, 15], grouping, 1)
    assert rows == [10, 12, 14, 11, 13, 15]
    assert found.of.tolist() == [-1, 1, 0, -1, -1, -1]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("a0 letters\n", SgnsError, "line 1: wanted a word, a tab and a group"),
        ("a0\tx\na1\t\n", SgnsError, "line 2: wanted a word, a tab and a group"),
        ("other\tx\n", SgnsError, "None of the words on the map has a group in"),
        (b"\xff\tx\n", SgnsError, "is not UTF-8"),
        ("".join(f"a{i}\t{i}\nb{i}\tb{i}\nc{i}\tc{i}\n" for i in range(EACH)), SettingError, "at most 32 groups"),
    ],
)
def test_errors_in_a_file_of_groups(vectors, tmp_path, text, error, message):
    with pytest.raises(error, match=message):
        by_file(groups(tmp_path, text), vectors.row_of, range(len(vectors)))


def test_a_missing_file_of_groups(vectors, tmp_path):
    with pytest.raises(SgnsError, match="Cannot read"):
        by_file(tmp_path / "nothing.tsv", vectors.row_of, [0])
