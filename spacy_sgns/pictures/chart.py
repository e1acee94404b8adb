"""Pictures for print: a map of words, and the curve of a training, as .png or .svg."""

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.drawing.colours import LIGHT, SHAPES, look
from spacy_sgns.drawing.extras import extra
from spacy_sgns.drawing.fonts import families
from spacy_sgns.drawing.labels import place, shown
from spacy_sgns.errors import SgnsError
from spacy_sgns.pictures.word_map import WordMap
from spacy_sgns.system.files import written_beside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

INK, FAINT, REST = "#1f2328", "#59636e", "#b4bac1"
WIDTH, CURVE_SIZE = 8.0, (6.4, 3.6)  # inches
PER_INCH = 220
SURE = 20  # words that have a label though it covers the dots of others
LABEL, ASKED_LABEL, SMALL, TITLE = 7.0, 9.0, 8.0, 11.0  # points
SMALLEST, LARGEST = 6.0, 70.0  # dots, in square points
MARGIN = 0.05  # of an inch, at the left and right
HEAD, LEGEND_LINE = 0.62, 0.19  # inches
EDGE = 0.12  # around the points, of the half of their width
FLATTEST = 0.4  # height of a map, of its width
LEGEND_DOT = 24.0  # square points
LARGEST_FIGURE = 1e30  # of a loss or a score
LONGEST_TITLE = 80  # letters
STYLE = {
    "svg.hashsalt": "sgns",
    "svg.fonttype": "path",  # letters as shapes: as wide as they were measured, on any machine
    "text.color": INK,
    "text.parse_math": False,  # a $ is a word like any other
    "axes.edgecolor": FAINT,
    "axes.labelcolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "font.size": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
}


def draw_map(drawn: WordMap, output: Path) -> list[str]:
    """Write a map as a picture; return what is to be said of it. Raises SgnsError."""
    words = [shown(word) for word in drawn.words]
    fonts, missing = families("".join([*words, *map(shown, drawn.grouping.names), drawn.title]))
    with _style(fonts):
        figure, labels = map_figure(drawn)
        _save(figure, output)
    bare = len(words) - len(labels)
    notes = [f"{bare:,} of {len(words):,} words found no place for a label and have a dot alone."] if bare else []
    if missing:
        some = "".join(sorted(missing)[:10])
        notes.append(f"No font here has these letters: {some}. Install one that has them, or write a .html.")
    return notes


def draw_curve(epochs: Sequence[Mapping[str, Any]], name: str, output: Path) -> list[str]:
    """Write how training went: the losses of each epoch, and its scores where it has some. Raises SgnsError.

    epochs: as in a report, of each `loss` and maybe `held_out_loss` and `scores`.
    """
    fonts, _ = families("".join(shown(text) for text in (name, *_read(epochs)[1])))
    with _style(fonts):
        _save(curve_figure(epochs, name), output)
    return []


def map_figure(drawn: WordMap) -> tuple["Figure", list["Text"]]:
    """Return the figure of a map, and its labels."""
    with extra("matplotlib"):
        from matplotlib.figure import Figure
    columns = _columns(drawn.grouping.names)
    foot = 2 * MARGIN + LEGEND_LINE * -(-len(drawn.grouping.names) // columns)
    inside = WIDTH - 2 * MARGIN
    across, up = np.ptp(drawn.points, axis=0) + EDGE
    height = inside * float(np.clip(up / across, FLATTEST, 1))
    total = HEAD + height + foot
    figure = Figure((WIDTH, total), dpi=PER_INCH)
    axes = figure.add_axes((MARGIN / WIDTH, foot / total, inside / WIDTH, height / total))
    axes.set_axis_off()
    _fit(axes, drawn.points)
    sizes = _dot_sizes(drawn)
    _dots(axes, drawn, sizes)
    labels = _labels(figure, axes, drawn, np.sqrt(sizes) / 2)
    figure.text(2 * MARGIN / WIDTH, 1 - 0.1 / total, shown(drawn.title, LONGEST_TITLE), fontsize=TITLE, va="top")
    figure.text(2 * MARGIN / WIDTH, 1 - 0.36 / total, drawn.note, fontsize=SMALL, color=FAINT, va="top")
    _legend(figure, columns)
    return figure, labels


def curve_figure(epochs: Sequence[Mapping[str, Any]], name: str) -> "Figure":
    """Return the figure of a training: loss, and beside it scores where there are any. Raises SgnsError."""
    with extra("matplotlib"):
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator
    losses, scores = _read(epochs)
    figure = Figure(CURVE_SIZE, dpi=PER_INCH, layout="constrained")
    panels = figure.subplots(1, 2 if scores else 1, squeeze=False)[0]
    for axes, title, lines in zip(panels, ("loss", "scores"), (losses, scores), strict=False):
        axes.set_title(title, loc="left", fontsize=SMALL, color=FAINT)
        for number, (label, values) in enumerate(lines.items()):
            colour, shape = look(number)
            places, mark = range(1, len(values) + 1), SHAPES[shape] + "-"
            axes.plot(places, values, mark, color=LIGHT[colour], markersize=3, linewidth=1.5, label=shown(label))
        if len(lines) > 1 or lines is scores:
            axes.legend()
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(axis="y", color=REST, alpha=0.35, linewidth=0.6)
    figure.suptitle(f"Training of {shown(name)}", x=0.01, ha="left", fontsize=TITLE)
    return figure


@contextmanager
def _style(fonts: Sequence[str]) -> Iterator[None]:
    """Let figures look alike in this block, whatever a user's own settings are."""
    with extra("matplotlib"):
        import matplotlib as mpl
    style: Any = {**STYLE, "font.family": list(fonts)}
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a note says it for all of them
        mpl.rcdefaults()
        mpl.rcParams.update(style)
        yield


def _save(figure: "Figure", output: Path) -> None:
    kind = output.suffix.lower().removeprefix(".")
    metadata = {"svg": {"Date": None, "Creator": "spacy_sgns"}, "png": {"Software": "spacy_sgns"}}[kind]
    with written_beside(output) as beside:
        figure.savefig(beside, format=kind, dpi=PER_INCH, facecolor="white", metadata=metadata)


def _fit(axes: "Axes", points: Floats) -> None:
    """Show all points, a unit as long across as up, with some room at the edge for labels."""
    box = axes.get_window_extent()
    middle = (points.max(0) + points.min(0)) / 2
    unit = ((np.ptp(points, axis=0) + EDGE) / (box.width, box.height)).max()
    (left, bottom), (right, top) = middle - unit * box.size / 2, middle + unit * box.size / 2
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)


def _dot_sizes(drawn: WordMap) -> Floats:
    """Return the area of each dot, `(n,)` in square points: it grows with the root of the count."""
    counts = drawn.counts
    if counts is None or not counts.max():
        return np.full(len(drawn.rows), 2 * SMALLEST)
    return SMALLEST + (LARGEST - SMALLEST) * np.sqrt(counts / counts.max())  # type: ignore[no-any-return]


def _dots(axes: "Axes", drawn: WordMap, sizes: Floats) -> None:
    of, points = drawn.grouping.of, drawn.points
    outline: dict[str, Any] = {"edgecolors": "white", "linewidths": 0.5}
    rest = of < 0
    axes.scatter(points[rest, 0], points[rest, 1], sizes[rest], c=REST, **outline)
    for number, name in enumerate(drawn.grouping.names):
        colour, shape = look(number)
        own, label = of == number, shown(name)
        style = {**outline, "c": LIGHT[colour], "marker": SHAPES[shape], "label": label}
        axes.scatter(points[own, 0], points[own, 1], sizes[own], **style)


def _labels(figure: "Figure", axes: "Axes", drawn: WordMap, radii: Floats) -> list["Text"]:
    """Write labels where there is room, and return them. radii: of the dots, in points."""
    texts = [_text(axes, word, bold=number < drawn.asked) for number, word in enumerate(drawn.words)]
    box = axes.get_window_extent()
    pixels = axes.transData.transform(drawn.points) - box.min
    corners = place(
        pixels, _extents(figure, texts), radii * PER_INCH / 72, (box.width, box.height), max(SURE, drawn.asked)
    )
    places = axes.transData.inverted().transform(corners + box.min)
    written = []
    for text, (x, y) in zip(texts, places.tolist(), strict=True):
        if math.isnan(x):
            text.remove()
        else:
            text.set_position((x, y))
            written.append(text)
    return written


def _text(axes: "Axes", word: str, *, bold: bool) -> "Text":
    from matplotlib.patheffects import withStroke

    size, weight = (ASKED_LABEL, "bold") if bold else (LABEL, "normal")
    halo = [withStroke(linewidth=1.5, foreground="white")]
    return axes.text(0, 0, shown(word), fontsize=size, fontweight=weight, va="bottom", path_effects=halo)


def _extents(figure: "Figure", texts: Sequence["Text"]) -> Floats:
    """Return widths and heights, `(n, 2)` in pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer: Any = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    return np.array([text.get_window_extent(renderer).size for text in texts])


def _legend(figure: "Figure", columns: int) -> None:
    width, height = figure.get_size_inches()
    legend = figure.legend(
        loc="lower left",
        bbox_to_anchor=(MARGIN / width, MARGIN / height),
        ncols=columns,
        fontsize=SMALL,
        borderpad=0,
        borderaxespad=0.2,
        handletextpad=0.2,
        columnspacing=1.2,
    )
    dots: Any = legend.legend_handles
    for dot in dots:
        dot.set_sizes([LEGEND_DOT])


def _columns(names: Sequence[str]) -> int:
    """Return how many columns the legend has: as many as have room for the longest name."""
    longest = max(len(shown(name)) for name in names)
    return max(1, int(WIDTH / (0.35 + 0.072 * longest)))


def _read(epochs: Sequence[Mapping[str, Any]]) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return the losses and the scores by their names. Raises SgnsError."""
    try:
        losses = {"in training": [_figure(epoch["loss"]) for epoch in epochs]}
        if any("held_out_loss" in epoch for epoch in epochs):
            losses["on held-out texts"] = [_number(epoch.get("held_out_loss")) for epoch in epochs]
        names = list(dict.fromkeys(name for epoch in epochs for name in epoch.get("scores", ())))
        scores = {name: [_number(epoch.get("scores", {}).get(name)) for epoch in epochs] for name in names}
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise SgnsError(
            f"The report of training is damaged: {type(error).__name__}: {error}. Train it again."
        ) from error
    if not epochs:
        raise SgnsError("The report of training has no epochs, so there is no curve to draw.")
    return losses, scores


def _number(value: float | None) -> float:
    return math.nan if value is None else _figure(value)


def _figure(value: Any) -> float:
    """Return a number that an axis can have. Raises TypeError, ValueError, OverflowError."""
    number = float(value)
    if math.isfinite(number) and abs(number) > LARGEST_FIGURE:
        raise ValueError(f"{number:g} is too large")
    return number
