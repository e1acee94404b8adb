"""The style of matplotlib figures, and how they are saved."""

import logging

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from spacy_sgns.drawing.style import SMALL, figure_style, save_figure


def test_the_style_ignores_the_users_settings_and_restores_them():
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red"}):
        with figure_style(["DejaVu Sans"]):
            assert (mpl.rcParams["font.size"], mpl.rcParams["axes.facecolor"]) == (SMALL, "white")
        assert (mpl.rcParams["font.size"], mpl.rcParams["axes.facecolor"]) == (30, "red")


def test_a_font_without_bold_letters_is_not_logged(tmp_path, caplog):
    with figure_style(["STIXNonUnicode"]):
        figure = Figure()
        figure.text(0, 0, "x", fontweight="heavy")
        save_figure(figure, tmp_path / "x.png")
    assert caplog.records == []
    assert logging.getLogger("matplotlib.font_manager").level == logging.NOTSET


@pytest.mark.parametrize("ending", ["png", "SVG", "pdf"])
def test_saved_figures_have_no_date_and_no_version(tmp_path, ending):
    with figure_style(["DejaVu Sans"]):
        figure = Figure()
        figure.text(0, 0, "$x_")
        save_figure(figure, tmp_path / f"x.{ending}")
    content = (tmp_path / f"x.{ending}").read_bytes()
    assert b"spacy_sgns" in content and b"ate>" not in content and mpl.__version__.encode() not in content
