"""Images of a comparison."""

import sys
import warnings

import pytest

from spacy_sgns.comparison.compare import compare
from spacy_sgns.comparison.picture import picture_writer
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.vectors.word_vectors import WordVectors

HOSTILE = ["$x_", "$\\frac$", "<script>", "a\x00b", "\ud800", "日本", "&", "\n"]


@pytest.fixture
def hostile(pair):
    sides = (WordVectors([*HOSTILE, *side.words[len(HOSTILE) : 30]], side.rows[:30]) for side in pair)
    return compare(*sides, n=30, names=("$a_", "<b>"))


@pytest.mark.parametrize(("ending", "begins"), [(".png", b"\x89PNG"), (".SVG", b"<?xml")])
def test_an_image_the_same_again_whatever_the_words(hostile, tmp_path, ending, begins):
    pytest.importorskip("matplotlib")
    first, again = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in (first, again):
            picture_writer(path)(hostile, path)
    assert first.read_bytes().startswith(begins)
    assert first.read_bytes() == again.read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_the_names_of_words_are_in_the_image(pair):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from spacy_sgns.comparison.chart import _draw

    found, figure = compare(*pair, n=5), Figure()
    _draw(figure, found)
    left, right = figure.axes
    words = [one.word for one in found.moved]
    assert [text.get_text() for text in left.texts] == words
    assert [label.get_text() for label in right.get_yticklabels()] == words
    assert len(left.collections[0].get_offsets()) == 400


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(SgnsError, match=r"pip install 'spacy-sgns\[plot\]'"):
        picture_writer(tmp_path / "a.png")
    picture_writer(tmp_path / "a.html")


@pytest.mark.parametrize("name", ["a", "a.gif", "a.html.gz"])
def test_other_endings_are_an_error_that_says_which_there_are(name, tmp_path):
    with pytest.raises(SettingError, match=r"ends in \.html, \.png, \.svg, got"):
        picture_writer(tmp_path / name)
