"""The public function `compare`: what it takes, and what it returns."""

import pytest

import spacy_sgns
from spacy_sgns.comparison.result import Comparison
from spacy_sgns.comparison.sequence_result import SequenceComparison
from spacy_sgns.errors import SettingError, SgnsError


def test_two_sides_or_more_as_vectors_or_paths(pair, tmp_path):
    a, b = pair
    b.save(tmp_path / "b.vec")
    two = spacy_sgns.compare(a, tmp_path / "b.vec", n=3)
    assert isinstance(two, Comparison) and two.names == ("A", "b.vec")
    most = ", ".join(one.word for one in two.moved)
    assert (
        repr(two) == f"<Comparison: A, b.vec; 400 words compared; moved most: {most}; see .notes (1)>"
    )  # counts are unknown for one
    assert [len(own) for own in two.aligned] == [400, 400]
    three = spacy_sgns.compare(a, str(tmp_path / "b.vec"), a)
    assert isinstance(three, SequenceComparison) and three.names == ("A", "b.vec", "C")
    assert three.between[0, 2].max() < 1e-4 < three.between[0, 1].min()


def test_a_word_may_stand_alone(pair):
    assert [one.word for one in spacy_sgns.compare(*pair, words="w003").neighbours] == ["w003"]


def test_what_is_wrong_is_said(pair, tmp_path):
    with pytest.raises(SettingError, match="a name for each side, got 1 names and 2 sides"):
        spacy_sgns.compare(*pair, names=["one"])
    with pytest.raises(SgnsError, match=r"WordVectors or a path are needed, got list\. .*compare\(\*vectors\)"):
        spacy_sgns.compare(list(pair), pair[0])
    with pytest.raises(SgnsError, match="There is no file or folder"):
        spacy_sgns.compare(tmp_path / "nothing.vec", pair[0])
