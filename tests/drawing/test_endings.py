"""Choosing a writer by the ending of a file."""

from pathlib import Path

import pytest

from spacy_sgns.drawing.endings import by_ending
from spacy_sgns.errors import SettingError

MAPS = {".png": "image", ".svg": "vector image", ".html": "page", ".tsv": "table", ".projector.tsv": "projector"}
CURVES = {".png": "image", ".svg": "vector image"}


def test_the_ending_selects_the_writer():
    assert by_ending(MAPS, Path("x.y.PNG")) == "image"


def test_of_two_endings_that_fit_the_longer_one_counts():
    assert by_ending(MAPS, Path("x.projector.TSV")) == "projector"
    assert by_ending(MAPS, Path("projector.tsv")) == by_ending(MAPS, Path("a.projector.x.tsv")) == "table"


@pytest.mark.parametrize(
    ("writers", "name", "endings"),
    [
        (MAPS, "x.gif", ".png, .svg, .html, .tsv"),
        (MAPS, "html", ".png"),
        (MAPS, "a/.html", ".png"),
        (CURVES, "x.html", ".png, .svg;"),
    ],
)
def test_an_unknown_ending_is_an_error_with_the_known_ones(writers, name, endings):
    with pytest.raises(SettingError) as error:
        by_ending(writers, Path(name))
    assert f"must end in one of {endings}" in str(error.value) and f"got {name!r}" in str(error.value)
