"""Word maps and learning curves as images."""

import itertools
import sys
from dataclasses import replace
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG

from spacy_sgns.drawing.style import DPI, figure_style
from spacy_sgns.errors import SgnsError
from spacy_sgns.pictures import chart
from spacy_sgns.pictures.chart import curve_figure, draw_curve, draw_map, map_figure
from spacy_sgns.pictures.groups import Grouping
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.pictures.bundles import map_of

EPOCHS = [{"loss": 3.0 / (i + 1), "scores": {"pairs": 0.1 * i, "none": None}} for i in range(4)]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def crowd():
    """A map of many words close together."""
    rows = np.random.default_rng(3).standard_normal((250, 4))
    return map_of(WordVectors([f"word{i}" * (1 + i % 3) for i in range(250)], rows))


@pytest.mark.parametrize("canvas", [FigureCanvasAgg, FigureCanvasSVG])
def test_no_two_labels_overlap_when_drawn(crowd, canvas, tmp_path):
    with figure_style(["DejaVu Sans"]):
        figure, labels = map_figure(crowd)
        canvas(figure)
        figure.savefig(tmp_path / f"x.{'png' if canvas is FigureCanvasAgg else 'svg'}", dpi=DPI)
        boxes = [label.get_window_extent() for label in labels]
    assert 50 < len(boxes) < 250
    assert [pair for pair in itertools.combinations(boxes, 2) if pair[0].overlaps(pair[1])] == []
    frame = figure.bbox
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 <= box.y1 <= frame.y1 for box in boxes)


def test_the_first_words_have_labels_and_the_rest_are_counted(crowd, tmp_path):
    with figure_style(["DejaVu Sans"]):
        _, labels = map_figure(crowd)
    texts = [label.get_text() for label in labels]
    assert texts[0] == "word0"
    assert draw_map(crowd, tmp_path / "x.svg") == [
        f"Words without a label, for lack of space: {250 - len(texts)} of 250."
    ]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_map_gives_the_same_bytes(drawn, tmp_path, ending):
    for name in "ab":
        draw_map(replace(drawn), tmp_path / f"{name}.{ending}")
    first, second = (tmp_path / f"{name}.{ending}" for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_the_content_of_the_files(drawn, tmp_path):
    draw_map(drawn, tmp_path / "x.png")
    data = (tmp_path / "x.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    assert width == chart.WIDTH * DPI and width / 3 < height < width * 1.2
    draw_map(drawn, tmp_path / "x.svg")
    root = ElementTree.parse(tmp_path / "x.svg").getroot()
    assert root.tag == f"{SVG}svg"
    assert "Date" not in (tmp_path / "x.svg").read_text() and "date" not in (tmp_path / "x.svg").read_text()


def test_the_users_settings_change_nothing(drawn, tmp_path):
    draw_map(drawn, tmp_path / "a.svg")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "none"}):
        draw_map(drawn, tmp_path / "b.svg")
        assert mpl.rcParams["font.size"] == 30
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_hostile_words_are_drawn_as_text(hostile, tmp_path, ending, recwarn):
    notes = draw_map(hostile, tmp_path / f"x.{ending}")
    if ending == "svg":
        tags = {element.tag for element in ElementTree.parse(tmp_path / "x.svg").iter()}
        assert f"{SVG}script" not in tags and f"{SVG}image" not in tags
    assert not recwarn.list
    for note in notes:
        assert note.isprintable()


def test_dots_grow_with_counts(drawn):
    sizes = chart._dot_areas(drawn)
    assert (np.diff(sizes) <= 0).all() and sizes[0] == chart.MAX_DOT_AREA and sizes[-1] > chart.MIN_DOT_AREA


def test_many_groups_differ_in_markers_too_and_words_without_a_group_are_drawn(crowd):
    names = [f"group {i}" for i in range(20)]
    grouping = Grouping(names, np.arange(250) % 21 - 1, "file", from_file=True)
    with figure_style(["DejaVu Sans"]):
        figure, _ = map_figure(replace(crowd, grouping=grouping))
    [axes], [legend] = figure.axes, figure.legends
    assert [text.get_text() for text in legend.get_texts()] == names
    assert sum(len(dots.get_offsets()) for dots in axes.collections) == 250
    styles = {(tuple(dots.get_facecolor()[0]), dots.get_paths()[0].vertices.tobytes()) for dots in axes.collections}
    assert len(styles) == 21
    box = legend.get_window_extent(FigureCanvasAgg(figure).get_renderer())
    assert box.y1 <= axes.get_window_extent().y0 and box.x1 <= figure.bbox.x1


def test_words_without_any_group_have_one_colour_and_no_legend(drawn, tmp_path):
    bare = replace(drawn, grouping=Grouping([], np.full(60, -1), ""))
    with figure_style(["DejaVu Sans"]):
        figure, _ = map_figure(bare)
    assert figure.legends == [] and sum(len(dots.get_offsets()) for dots in figure.axes[0].collections) == 60
    assert bare.note == "PCA of 10 dimensions of 60 of 60 words; size by frequency"
    draw_map(bare, tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def test_the_curve_shows_loss_and_scores():
    figure = curve_figure(EPOCHS, "made-up")
    losses, scores = figure.axes
    assert losses.lines[0].get_ydata() == pytest.approx([3.0, 1.5, 1.0, 0.75])
    assert losses.lines[0].get_xdata()[0] == 1
    assert [line.get_label() for line in scores.lines] == ["pairs", "none"]
    assert np.isnan(scores.lines[1].get_ydata()).all()
    assert len(curve_figure([{"loss": 1.0}], "made-up").axes) == 1


def test_the_curve_shows_the_held_out_loss_with_the_training_loss():
    figure = curve_figure([{"loss": 2.0, "held_out_loss": 2.5}, {"loss": 1.0, "held_out_loss": 2.25}], "made-up")
    [axes] = figure.axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[2.0, 1.0], [2.5, 2.25]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["in training", "on held-out texts"]
    assert curve_figure(EPOCHS, "made-up").axes[0].get_legend() is None


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_curve_gives_the_same_bytes(tmp_path, ending):
    for name in "ab":
        assert draw_curve(EPOCHS, "made-up", tmp_path / f"{name}.{ending}") is None
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


@pytest.mark.parametrize("epochs", [[], [{}], ["x"], [{"loss": "much"}], [{"loss": 1.0, "scores": 3}]])
def test_a_damaged_report_is_an_error(epochs, tmp_path):
    with pytest.raises(SgnsError, match="The report of training"):
        draw_curve(epochs, "made-up", tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_of_an_unfinished_picture(drawn, tmp_path, monkeypatch):
    (tmp_path / "x.svg").write_text("before")

    def fail(figure, path, **_):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", fail)
    with pytest.raises(SgnsError, match="No space left"):
        draw_map(drawn, tmp_path / "x.svg")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x.svg", "before")]


def test_the_error_without_matplotlib_says_what_to_install(drawn, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SgnsError, match="Install it: python -m pip install matplotlib"):
        draw_map(drawn, tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("epoch", [{"loss": 1e308}, {"loss": 10**400}, {"loss": 1, "scores": {"a": -1e300}}])
def test_numbers_too_large_for_an_axis_are_one_error(tmp_path, epoch):
    with pytest.raises(SgnsError, match=r"The report of training is damaged: .*too large"):
        draw_curve([{"loss": 2.5}, epoch], "name", tmp_path / "a.svg")
    assert not list(tmp_path.iterdir())
