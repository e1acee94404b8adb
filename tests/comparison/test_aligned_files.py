"""Files of vectors in a common space."""

from pathlib import Path

import numpy as np
import pytest

from spacy_sgns.comparison.aligned_files import AlignedFiles
from spacy_sgns.comparison.compare import compare
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.vectors.word_vectors import WordVectors


@pytest.mark.parametrize("ending", [".vec", "bin"])
def test_a_file_for_each_side(slices, tmp_path, ending):
    found = compare(*slices)
    folder = tmp_path / "new" / "aligned"
    files = AlignedFiles(folder, ["2014.vec", "2015", "en core/3.0", "..", "a.b"], ending)
    ending = f".{ending.removeprefix('.')}"
    assert [path.name for path in files.paths] == [
        f"{stem}{ending}" for stem in ("2014", "2015", "en_core_3.0", "vectors", "a.b")
    ]
    files.write(found.space)
    for path, own in zip(files.paths, found.aligned, strict=True):
        loaded = WordVectors.load(path)
        assert loaded.words == own.words
        np.testing.assert_array_equal(loaded.rows, own.rows)
    assert [path.name for path in folder.parent.iterdir()] == ["aligned"]


def test_sides_of_one_name_get_numbers(tmp_path):
    assert [path.name for path in AlignedFiles(tmp_path, ["a/x", "a x"], ".vec").paths] == ["1-a_x.vec", "2-a_x.vec"]


def test_other_files_of_the_folder_stay(slices, tmp_path):
    (tmp_path / "mine").write_text("mine")
    AlignedFiles(tmp_path, "abcde", ".vec").write(compare(*slices).space)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.vec", "b.vec", "c.vec", "d.vec", "e.vec", "mine"]


def test_the_current_folder_is_a_folder_too(slices, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    AlignedFiles(Path(), "abcde", ".vec").write(compare(*slices).space)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.vec", "b.vec", "c.vec", "d.vec", "e.vec"]


def test_all_files_are_written_or_none(slices, tmp_path):
    last = WordVectors([*slices[4].words, "a b", "a_b"], np.vstack([slices[4].rows, slices[4].rows[:2]]))
    space = compare(*slices[:4], last).space
    with pytest.raises(SgnsError, match="Two words would be written as 'a_b'"):
        AlignedFiles(tmp_path / "out", "abcde", ".vec").write(space)
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SgnsError, match=r"file is a file. Give the path of a folder"):
        AlignedFiles(tmp_path / "file", "ab", ".vec")
    with pytest.raises(SgnsError, match="No format has the ending"):
        AlignedFiles(tmp_path, "ab", ".xyz")
    for ending in ("/../x.vec", "vec.vec", "\0.vec"):
        with pytest.raises(SettingError, match=r"The ending must be one of \.vec, \.txt, got"):
            AlignedFiles(tmp_path, "ab", ending)
    with pytest.raises(SgnsError, match="Cannot write"):
        AlignedFiles(tmp_path / "file" / "inside", "ab", ".vec").write([])
