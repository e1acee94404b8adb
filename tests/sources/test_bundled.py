from pathlib import Path

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.bundled import FOLDER, bundled_names, resolved
from spacy_sgns.sources.source import Source


def test_each_bundled_text_has_a_name_and_is_read():
    assert bundled_names() == ["sample:alice", "sample:hamlet"]
    for name in bundled_names():
        source = Source(Path(name), unit="paragraph")
        [file] = source.files()
        assert file.path.parent == FOLDER
        assert sum(len(piece.text) for piece in source.pieces(file, pytest.fail)) > 100_000


def test_an_unknown_name_is_an_error_that_lists_the_known_ones():
    with pytest.raises(
        SgnsError, match=r"no bundled text 'sample:alise'\. Choose one of these: sample:alice, sample:hamlet\."
    ):
        Source(Path("sample:alise"))


def test_a_file_of_the_user_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("sample:alice").write_text("mine", encoding="utf8")
    assert resolved(Path("sample:alice")) == Path("sample:alice")
    assert resolved(Path("alice.txt")) == Path("alice.txt")
