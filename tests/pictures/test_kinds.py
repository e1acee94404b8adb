"""Kinds of picture, by their ending."""

from pathlib import Path

import pytest

from spacy_sgns.errors import SettingError
from spacy_sgns.pictures.kinds import CURVES, MAPS, kind_for


def test_the_ending_says_the_kind():
    assert kind_for(MAPS, Path("x.y.PNG")) is MAPS[".png"]


@pytest.mark.parametrize(
    ("kinds", "name", "there"),
    [(MAPS, "x.gif", ".png, .svg, .html, .tsv"), (MAPS, "html", ".png"), (CURVES, "x.html", ".png, .svg.")],
)
def test_another_ending_names_those_there_are(kinds, name, there):
    with pytest.raises(SettingError) as error:
        kind_for(kinds, Path(name))
    assert f"ending of {name}: there are {there}" in str(error.value)
