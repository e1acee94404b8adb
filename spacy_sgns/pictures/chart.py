"""Word maps and learning curves as `.png` or `.svg`, drawn with matplotlib."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.drawing.colours import LIGHT, MARKERS, group_style
from spacy_sgns.drawing.extras import extra
from spacy_sgns.drawing.fonts import font_families
from spacy_sgns.drawing.labels import place_beside
from spacy_sgns.drawing.style import DPI, FAINT, POINTS_PER_INCH, REST, SMALL, TITLE, figure_style, save_figure
from spacy_sgns.drawing.text import label
from spacy_sgns.errors import SgnsError
from spacy_sgns.pictures.word_map import WordMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

WIDTH, CURVE_SIZE = 8.0, (6.4, 3.6)  # inches
MIN_LABELS = 20  # words that get a label even if it covers other dots
LABEL_SIZE, QUERY_LABEL_SIZE = 7.0, 9.0  # points
MIN_DOT_AREA, MAX_DOT_AREA, LEGEND_DOT_AREA = 6.0, 70.0, 24.0  # square points
MARGIN = 0.05  # left and right, in inches
HEAD_HEIGHT, LEGEND_LINE_HEIGHT = 0.62, 0.19  # inches
TITLE_TOP, NOTE_TOP = 0.1, 0.36  # inches from the top
PADDING = 0.12  # around the points, in their units
MIN_ASPECT = 0.4  # height of a map relative to its width
LEGEND_CHAR_WIDTH, LEGEND_DOT_WIDTH = 0.072, 0.35  # inches
MAX_VALUE = 1e30  # of a loss or a score, which an axis can show
MAX_TITLE_CHARS = 80
MAX_MISSING_CHARS = 10  # listed in a note

Series: TypeAlias = dict[str, list[float]]


def draw_map(word_map: WordMap, output: Path) -> list[str]:
    """Write a word map; return notes for the user. Raises SgnsError."""
    words = [label(word) for word in word_map.words]
    families, missing = font_families("".join([*words, *map(label, word_map.grouping.names), word_map.title]))
    with figure_style(families):
        figure, labels = map_figure(word_map)
        save_figure(figure, output)
    notes = []
    if len(labels) < len(words):
        notes.append(f"Words without a label, for lack of space: {len(words) - len(labels):,} of {len(words):,}.")
    if missing:
        chars = "".join(sorted(missing)[:MAX_MISSING_CHARS])
        notes.append(
            f"No installed font has these characters: {chars}. Install a font that has them, or write a .html."
        )
    return notes


def draw_curve(epochs: Sequence[Mapping[str, Any]], name: str, output: Path) -> None:
    """Write the loss of each epoch, and the scores if there are any. Raises SgnsError.

    epochs: as in a report, each with `loss` and optionally `held_out_loss` and `scores`.
    """
    families, _ = font_families("".join(label(text) for text in (name, *_read_series(epochs)[1])))
    with figure_style(families):
        save_figure(curve_figure(epochs, name), output)


def map_figure(word_map: WordMap) -> tuple["Figure", list["Text"]]:
    """Return the figure of a word map, and its labels."""
    with extra("matplotlib"):
        from matplotlib.figure import Figure
    names = word_map.grouping.names
    columns = _legend_columns(names)
    foot = 2 * MARGIN + LEGEND_LINE_HEIGHT * -(-len(names) // columns)
    map_width = WIDTH - 2 * MARGIN
    data_width, data_height = np.ptp(word_map.points, axis=0) + PADDING
    map_height = map_width * float(np.clip(data_height / data_width, MIN_ASPECT, 1))
    height = HEAD_HEIGHT + map_height + foot
    figure = Figure((WIDTH, height), dpi=DPI)
    axes = figure.add_axes((MARGIN / WIDTH, foot / height, map_width / WIDTH, map_height / height))
    axes.set_axis_off()
    _set_limits(axes, word_map.points)
    areas = _dot_areas(word_map)
    _draw_dots(axes, word_map, areas)
    labels = _draw_labels(figure, axes, word_map, np.sqrt(areas) / 2)
    title, left = label(word_map.title, MAX_TITLE_CHARS), 2 * MARGIN / WIDTH
    figure.text(left, 1 - TITLE_TOP / height, title, fontsize=TITLE, va="top")
    figure.text(left, 1 - NOTE_TOP / height, word_map.note, fontsize=SMALL, color=FAINT, va="top")
    if names:
        _draw_legend(figure, columns)
    return figure, labels


def curve_figure(epochs: Sequence[Mapping[str, Any]], name: str) -> "Figure":
    """Return the figure of a learning curve: loss, and next to it scores if there are any. Raises SgnsError."""
    with extra("matplotlib"):
        from matplotlib.figure import Figure
    losses, scores = _read_series(epochs)
    figure = Figure(CURVE_SIZE, dpi=DPI, layout="constrained")
    panels = figure.subplots(1, 2 if scores else 1, squeeze=False)[0]
    for axes, title, series in zip(panels, ("loss", "scores"), (losses, scores), strict=False):
        axes.set_title(title, loc="left", fontsize=SMALL, color=FAINT)
        _draw_series(axes, series)
        if len(series) > 1 or series is scores:
            axes.legend()
    figure.suptitle(f"Training of {label(name)}", x=0.01, ha="left", fontsize=TITLE)
    return figure


def _draw_series(axes: "Axes", series: Series) -> None:
    from matplotlib.ticker import MaxNLocator

    for number, (name, values) in enumerate(series.items()):
        colour, marker = group_style(number)
        style: dict[str, Any] = {"color": LIGHT[colour], "marker": MARKERS[marker], "markersize": 3, "linewidth": 1.5}
        axes.plot(range(1, len(values) + 1), values, label=label(name), **style)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y", color=REST, alpha=0.35, linewidth=0.6)


def _set_limits(axes: "Axes", points: Floats) -> None:
    """Show all points with equal scales on both axes, and padding for labels."""
    box = axes.get_window_extent()
    centre = (points.max(0) + points.min(0)) / 2
    unit = ((np.ptp(points, axis=0) + PADDING) / (box.width, box.height)).max()
    (left, bottom), (right, top) = centre - unit * box.size / 2, centre + unit * box.size / 2
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)


def _dot_areas(word_map: WordMap) -> Floats:
    """Return the area of each dot, `(n,)` in square points, which grows with the square root of the count."""
    counts = word_map.counts
    if counts is None or not counts.max():
        return np.full(len(word_map.rows), 2 * MIN_DOT_AREA)
    return MIN_DOT_AREA + (MAX_DOT_AREA - MIN_DOT_AREA) * np.sqrt(counts / counts.max())  # type: ignore[no-any-return]


def _draw_dots(axes: "Axes", word_map: WordMap, areas: Floats) -> None:
    group_of, (x, y) = word_map.grouping.of, word_map.points.T
    outline: dict[str, Any] = {"edgecolors": "white", "linewidths": 0.5}
    rest = group_of < 0
    axes.scatter(x[rest], y[rest], areas[rest], c=REST, **outline)
    for number, name in enumerate(word_map.grouping.names):
        colour, marker = group_style(number)
        own = group_of == number
        style = {**outline, "c": LIGHT[colour], "marker": MARKERS[marker], "label": label(name)}
        axes.scatter(x[own], y[own], areas[own], **style)


def _draw_labels(figure: "Figure", axes: "Axes", word_map: WordMap, radii: Floats) -> list["Text"]:
    """Draw the labels that have space, and return them. radii: of the dots, in points."""
    texts = [_text(axes, word, bold=number < word_map.queries) for number, word in enumerate(word_map.words)]
    box = axes.get_window_extent()
    pixels = axes.transData.transform(word_map.points) - box.min
    frame, required = (box.width, box.height), max(MIN_LABELS, word_map.queries)
    corners = place_beside(pixels, _sizes(figure, texts), radii * DPI / POINTS_PER_INCH, frame, required)
    positions = axes.transData.inverted().transform(corners + box.min)
    drawn = []
    for text, (x, y) in zip(texts, positions.tolist(), strict=True):
        if math.isnan(x):
            text.remove()
        else:
            text.set_position((x, y))
            drawn.append(text)
    return drawn


def _text(axes: "Axes", word: str, *, bold: bool) -> "Text":
    from matplotlib.patheffects import withStroke

    size, weight = (QUERY_LABEL_SIZE, "bold") if bold else (LABEL_SIZE, "normal")
    halo = [withStroke(linewidth=1.5, foreground="white")]
    return axes.text(0, 0, label(word), fontsize=size, fontweight=weight, va="bottom", path_effects=halo)


def _sizes(figure: "Figure", texts: Sequence["Text"]) -> Floats:
    """Return the widths and heights of texts, `(n, 2)` in pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer: Any = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    return np.array([text.get_window_extent(renderer).size for text in texts])


def _draw_legend(figure: "Figure", columns: int) -> None:
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
        dot.set_sizes([LEGEND_DOT_AREA])


def _legend_columns(names: Sequence[str]) -> int:
    """Return the number of legend columns: as many as fit with the longest name."""
    longest = max((len(label(name)) for name in names), default=0)
    return max(1, int(WIDTH / (LEGEND_DOT_WIDTH + LEGEND_CHAR_WIDTH * longest)))


def _read_series(epochs: Sequence[Mapping[str, Any]]) -> tuple[Series, Series]:
    """Return the losses and the scores by their names. Raises SgnsError."""
    try:
        losses = {"in training": [_drawable(epoch["loss"]) for epoch in epochs]}
        if any("held_out_loss" in epoch for epoch in epochs):
            losses["on held-out texts"] = [_optional(epoch.get("held_out_loss")) for epoch in epochs]
        names = list(dict.fromkeys(name for epoch in epochs for name in epoch.get("scores", ())))
        scores = {name: [_optional(epoch.get("scores", {}).get(name)) for epoch in epochs] for name in names}
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise SgnsError(
            f"The report of training is damaged: {type(error).__name__}: {error}. Train it again."
        ) from error
    if not epochs:
        raise SgnsError("The report of training has no epochs, so there is no curve to draw. Train it again.")
    return losses, scores


def _optional(value: float | None) -> float:
    return math.nan if value is None else _drawable(value)


def _drawable(value: Any) -> float:
    """Return a number that an axis can show. Raises TypeError, ValueError, OverflowError."""
    number = float(value)
    if math.isfinite(number) and abs(number) > MAX_VALUE:
        raise ValueError(f"{number:g} is too large")
    return number
