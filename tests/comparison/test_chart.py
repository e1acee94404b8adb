"""Charts of a comparison."""

import sys
import warnings

import pytest

from spacy_sgns.comparison.chart import chart_figure
from spacy_sgns.comparison.compare import compare
from spacy_sgns.comparison.writers import writer_for
from spacy_sgns.drawing.style import figure_style
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.vectors.word_vectors import WordVectors

HOSTILE = ["$x_", "$\\frac$", "<script>", "a\x00b", "\ud800", "日本", "&", "\n"]


@pytest.fixture
def hostile(pair):
    sides = (WordVectors([*HOSTILE, *side.words[len(HOSTILE) : 30]], side.rows[:30]) for side in pair)
    return compare(*sides, n=30, names=("$a_", "<b>"))


@pytest.mark.parametrize(("ending", "begins"), [(".png", b"\x89PNG"), (".SVG", b"<?xml")])
def test_charts_of_any_words_are_reproducible(hostile, tmp_path, ending, begins):
    pytest.importorskip("matplotlib")
    first, again = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in (first, again):
            writer_for(path)(hostile, path)
    assert first.read_bytes().startswith(begins)
    assert first.read_bytes() == again.read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_the_words_that_moved_are_labelled(pair):
    pytest.importorskip("matplotlib")
    found = compare(*pair, n=5)
    with figure_style(["DejaVu Sans"]):
        left, right = chart_figure(found).axes
    words = [one.word for one in found.moved]
    assert [text.get_text() for text in left.texts if text.get_text()] == words  # lines to points have no text
    assert [label.get_text() for label in right.get_yticklabels()] == words
    assert len(left.collections[0].get_offsets()) == 400


def test_the_error_without_matplotlib_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(SgnsError, match="python -m pip install matplotlib"):
        writer_for(tmp_path / "a.png")
    writer_for(tmp_path / "a.html")


@pytest.mark.parametrize("name", ["a", "a.gif", "a.html.gz"])
def test_an_unknown_ending_is_an_error_with_the_known_ones(name, tmp_path):
    with pytest.raises(SettingError, match=r"must end in one of \.html, \.png, \.svg, \.pdf; got"):
        writer_for(tmp_path / name)
