"""A comparison as an image, drawn by matplotlib."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spacy_sgns.comparison.page import printable
from spacy_sgns.comparison.result import Comparison
from spacy_sgns.drawing.label_stack import Label, apart
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import written_beside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOVED, OTHERS, USUAL = "#c2410c", "#9aa3ad", "#1f2937"
LOOK = {"svg.hashsalt": "sgns", "svg.fonttype": "path", "font.size": 9, "axes.spines.top": False}
SIDE_BY_SIDE = (1.5, 1)  # widths
ROW = 0.24  # inches for a word
LETTER, LINE, DOT, NEAR = 6, 11, 5, 6  # points
MOST_DRAWN = 5000  # single points in an SVG
ABOVE: dict[str, Any] = {"frameon": False, "loc": "lower center", "bbox_to_anchor": (0.5, 1), "ncols": 2}
NO_DATE: dict[str, dict[str, Any]] = {"svg": {"Date": None}, "png": {"Software": None}}


def chart_writer() -> Callable[[Comparison, Path], None]:
    """Return `write_chart`. Raises SgnsError if matplotlib is not installed."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise SgnsError(
            "PNG and SVG take matplotlib, which is not installed: pip install 'spacy-sgns[plot]'. HTML does not."
        ) from error
    return write_chart


def write_chart(found: Comparison, path: Path) -> None:
    """Write a `.png` or `.svg`: all words by count and displacement, and those that moved most with their intervals."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    form = path.suffix.lower().removeprefix(".")
    with rc_context(LOOK), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a letter that the font lacks is drawn as a box
        figure = Figure(figsize=(11, max(4.5, 1.4 + ROW * len(found.moved))), dpi=130, layout="constrained")
        _draw(figure, found)
        with written_beside(path) as beside:
            figure.savefig(beside, format=form, metadata=NO_DATE[form])


def _draw(figure: "Figure", found: Comparison) -> None:
    left, right = figure.subplots(1, 2, width_ratios=SIDE_BY_SIDE)
    a, b = map(printable, found.names)
    figure.suptitle(f"How far words moved between {a} and {b}", parse_math=False)
    _all_words(left, found)
    _moved_most(right, found)
    figure.draw_without_rendering()  # from here on it is known where points are
    _names(left, found)


def _all_words(axes: "Axes", found: Comparison) -> None:
    """Draw a point for each word, and a line for what is usual."""
    cloud = found.cloud
    across, places = cloud.across(), _places(found)
    order = np.argsort(across, kind="stable")
    axes.scatter(across, cloud.values, s=5, color=OTHERS, alpha=0.5, linewidths=0, rasterized=len(across) > MOST_DRAWN)
    axes.plot(across[order], cloud.peers.usual[order], color=USUAL, linewidth=1, label="usual")
    axes.scatter(across[places], cloud.values[places], s=16, color=MOVED, zorder=3, label="moved most")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel(cloud.measure)
    axes.set_ylabel("displacement")
    axes.legend(**ABOVE)


def _names(axes: "Axes", found: Comparison) -> None:
    """Write the names of the words that moved most beside their points; one that had to be moved has a line to it."""
    across, places = found.cloud.across(), _places(found)
    points = [(across[place], found.cloud.values[place]) for place in places]
    inches = axes.transData.transform(points) / axes.figure.dpi
    texts = [printable(one.word) for one in found.moved]
    sizes = [LETTER * len(text) for text in texts]
    labels = [Label(72 * x + DOT, -72 * y - LINE / 2, w, LINE) for (x, y), w in zip(inches, sizes, strict=True)]
    dots = [Label(label.left - DOT, label.top + (LINE - DOT) / 2, DOT, DOT) for label in labels]
    for text, point, label, top in zip(texts, points, labels, apart(labels, dots), strict=True):
        down = top - label.top
        leader = {"arrowstyle": "-", "color": MOVED, "linewidth": 0.5} if abs(down) > NEAR else None
        axes.annotate(
            text,
            point,
            (DOT, -down),
            textcoords="offset points",
            va="center",
            color=MOVED,
            arrowprops=leader,
            parse_math=False,
        )


def _places(found: Comparison) -> list[int]:
    place = {word: at for at, word in enumerate(found.cloud.words)}
    return [place[one.word] for one in found.moved]


def _moved_most(axes: "Axes", found: Comparison) -> None:
    """Draw the displacements of the words that moved most, with intervals, beside what is usual for each."""
    rows = np.arange(len(found.moved))
    values = np.array([one.displacement for one in found.moved])
    ends = np.array([(one.low, one.high) for one in found.moved]).T
    beside = np.maximum(0, np.stack([values - ends[0], ends[1] - values]))
    axes.errorbar(values, rows, xerr=beside, fmt="o", markersize=4, color=MOVED, capsize=2, label="with 95 % interval")
    axes.scatter([one.usual for one in found.moved], rows, marker="|", s=60, color=USUAL, label="usual")
    axes.set_yticks(rows, [printable(one.word) for one in found.moved], parse_math=False)
    axes.invert_yaxis()
    axes.set_xlabel("displacement")
    axes.legend(**ABOVE)
