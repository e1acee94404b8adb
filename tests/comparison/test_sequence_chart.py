"""Charts of trajectories."""

import sys
import warnings

import pytest

from spacy_sgns.comparison.compare import compare
from spacy_sgns.comparison.sequence_chart import sequence_figure
from spacy_sgns.comparison.writers import SEQUENCE_WRITERS, WRITERS, writer_for
from spacy_sgns.drawing.style import figure_style
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.comparison.test_chart import HOSTILE


@pytest.mark.parametrize(("ending", "begins"), [(".png", b"\x89PNG"), (".SVG", b"<?xml"), (".pdf", b"%PDF")])
def test_charts_of_any_words_are_reproducible(slices, tmp_path, ending, begins):
    pytest.importorskip("matplotlib")
    sides = [WordVectors([*HOSTILE, *side.words[len(HOSTILE) : 30]], side.rows[:30]) for side in slices]
    found = compare(*sides, n=30, names=("$a_", "<b>", "日", "\n", "e"))
    first, again = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in (first, again):
            writer_for(path, 5)(found, path)
    assert first.read_bytes().startswith(begins)
    assert first.read_bytes() == again.read_bytes()


def test_a_line_for_each_word(slices):
    pytest.importorskip("matplotlib")
    found = compare(*slices, n=10, names=("2014", "2015", "2016", "2017", "2018"))
    with figure_style(["DejaVu Sans"]):
        [axes] = sequence_figure(found).axes
    assert [line.get_label() for line in axes.lines] == [one.word for one in found.queries]
    assert [list(line.get_ydata()) for line in axes.lines] == [one.from_first for one in found.queries]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == list(found.names)
    assert len({(line.get_color(), line.get_marker()) for line in axes.lines}) == 10


def test_a_sequence_has_the_endings_of_a_pair(tmp_path, monkeypatch):
    assert WRITERS.keys() == SEQUENCE_WRITERS.keys()
    with pytest.raises(SettingError, match=r"must end in one of \.html, \.png, \.svg"):
        writer_for(tmp_path / "a.gif", 3)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(SgnsError, match=r"matplotlib is needed"):
        writer_for(tmp_path / "a.png", 3)
    assert writer_for(tmp_path / "a.html", 3) is SEQUENCE_WRITERS[".html"]
