"""Charts of a comparison, `.png` or `.svg`, drawn with matplotlib."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.comparison.result import Comparison
from spacy_sgns.drawing.extras import extra
from spacy_sgns.drawing.fonts import font_families
from spacy_sgns.drawing.labels import stack
from spacy_sgns.drawing.style import ACCENT, DPI, FAINT, INK, POINTS_PER_INCH, TITLE, figure_style, save_figure
from spacy_sgns.drawing.text import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

WIDTH, MIN_HEIGHT, HEAD_HEIGHT, ROW_HEIGHT = 11.0, 4.5, 1.4, 0.24  # inches
PANEL_WIDTHS = (1.5, 1)
DOT_RADIUS, GAP = 2.5, 2.5  # of a labelled word, and between it and its label, in points
MAX_SHIFT_WITHOUT_LINE = 6.0  # of a label, in points
MAX_VECTOR_POINTS = 5000  # more are drawn as an image within an SVG
LEGEND: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "ncols": 2}


def check_matplotlib() -> None:
    """Raise SgnsError if matplotlib is not installed."""
    with extra("matplotlib", instead="write a .html"):
        import matplotlib.figure  # noqa: F401


def write_chart(comparison: Comparison, path: Path) -> None:
    """Write the displacements of all words by count, and those of the words that moved most with their intervals."""
    check_matplotlib()
    families, _ = font_families("".join([*map(label, comparison.names), *_labels(comparison)]))
    with figure_style(families):
        save_figure(chart_figure(comparison), path)


def chart_figure(comparison: Comparison) -> "Figure":
    """Return the figure of a comparison."""
    from matplotlib.figure import Figure

    height = max(MIN_HEIGHT, HEAD_HEIGHT + ROW_HEIGHT * len(comparison.moved))
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=PANEL_WIDTHS)
    a, b = map(label, comparison.names)
    figure.suptitle(f"Displacement of words between {a} and {b}", x=0.01, ha="left", fontsize=TITLE)
    _all_words(left, comparison)
    _moved_words(right, comparison)
    figure.draw_without_rendering()  # applies the layout, which the label positions depend on
    _place_labels(left, comparison)
    return figure


def _all_words(axes: "Axes", comparison: Comparison) -> None:
    """Draw a point for each word, and a line for the median of its peers."""
    displacements = comparison.displacements
    x, y, moved = displacements.x_values(), displacements.values, _moved_indices(comparison)
    order = np.argsort(x, kind="stable")
    axes.scatter(x, y, s=5, color=FAINT, alpha=0.35, linewidths=0, rasterized=len(x) > MAX_VECTOR_POINTS)
    axes.plot(x[order], displacements.peers.median[order], color=INK, linewidth=1, label="peer median")
    axes.scatter(x[moved], y[moved], s=16, color=ACCENT, zorder=3, label="moved most")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel(displacements.x_label)
    axes.set_ylabel("displacement")
    axes.legend(**LEGEND)


def _moved_words(axes: "Axes", comparison: Comparison) -> None:
    """Draw the displacements of the words that moved most, with their intervals and the medians of their peers."""
    rows = np.arange(len(comparison.moved))
    values, low, high = np.array([(word.displacement, word.low, word.high) for word in comparison.moved]).T
    errors = np.maximum(0, np.stack([values - low, high - values]))
    axes.errorbar(values, rows, xerr=errors, fmt="o", markersize=4, color=ACCENT, capsize=2, label="with 95 % interval")
    medians = [word.peer_median for word in comparison.moved]
    axes.scatter(medians, rows, marker="|", s=60, color=INK, label="peer median")
    axes.set_yticks(rows, _labels(comparison))
    axes.invert_yaxis()
    axes.set_xlabel("displacement")
    axes.legend(**LEGEND)


def _place_labels(axes: "Axes", comparison: Comparison) -> None:
    """Write the words that moved most right of their points, with a line to the point of each that is moved away."""
    displacements, moved = comparison.displacements, _moved_indices(comparison)
    data = np.stack([displacements.x_values()[moved], displacements.values[moved]], axis=1)
    points = [(x, y) for x, y in data.tolist()]
    texts = [
        axes.annotate(text, point, (DOT_RADIUS + GAP, 0), textcoords="offset points", va="center", color=ACCENT)
        for text, point in zip(_labels(comparison), points, strict=True)
    ]
    per_point = axes.figure.dpi / POINTS_PER_INCH
    centres = axes.transData.transform(data)
    dots = np.hstack([centres - DOT_RADIUS * per_point, centres + DOT_RADIUS * per_point])
    for text, point, shift in zip(texts, points, stack(_boxes(texts), dots) / per_point, strict=True):
        text.set_position((DOT_RADIUS + GAP, shift))
        if abs(shift) > MAX_SHIFT_WITHOUT_LINE:
            _draw_leader(axes, point, (DOT_RADIUS + GAP, shift))


def _draw_leader(axes: "Axes", point: tuple[float, float], offset: tuple[float, float]) -> None:
    """Draw a line from a point to the label that was moved away from it. offset: of the label, in points."""
    line = {"arrowstyle": "-", "color": ACCENT, "linewidth": 0.5, "shrinkA": 0, "shrinkB": DOT_RADIUS}
    axes.annotate("", point, offset, textcoords="offset points", arrowprops=line)


def _boxes(texts: Sequence["Text"]) -> Floats:
    """Return the boxes of texts, `(n, 4)` in pixels."""
    return np.array([text.get_window_extent().extents for text in texts]).reshape(-1, 4)


def _labels(comparison: Comparison) -> list[str]:
    return [label(moved.word) for moved in comparison.moved]


def _moved_indices(comparison: Comparison) -> list[int]:
    index = {word: i for i, word in enumerate(comparison.displacements.words)}
    return [index[moved.word] for moved in comparison.moved]
