"""The scatter plot of a comparison page: a point for each word, by count and displacement, as SVG."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.comparison.plot_frame import WIDE, Frame, labels_beside, y_axis, y_pixels, y_top
from spacy_sgns.comparison.result import Displacements
from spacy_sgns.drawing.text import escaped, label

SMALL_RADIUS, LARGE_RADIUS = 2, 4  # of points without and with a label
TICKS_PER_DECADE = (1, 2, 5)
MIN_TICK_GAP = 36  # between tick labels
MAX_LINE_POINTS = 400


class Scales(NamedTuple):
    """From data to pixels: x is logarithmic from `x_min` to `x_max`, y is linear from 0 to `y_max`."""

    frame: Frame
    x_min: float
    x_max: float
    y_max: float

    def x(self, values: Floats) -> Floats:
        """Return horizontal pixel positions."""
        span = max(1e-9, np.log(self.x_max / self.x_min))
        return (
            self.frame.left
            + (self.frame.width - self.frame.left - self.frame.right) * np.log(values / self.x_min) / span
        )

    def y(self, displacements: Floats) -> Floats:
        """Return vertical pixel positions, from the top."""
        return y_pixels(self.frame, displacements, self.y_max)


def scatter_svg(displacements: Displacements, labelled: Sequence[str], frame: Frame = WIDE) -> str:
    """Return displacements as an SVG element, in which each point has its word as a tooltip.

    labelled: the words that also get a label. Of very many words an even sample is drawn.
    """
    x_values = displacements.x_values()
    y_max = y_top(displacements.values)
    scales = Scales(frame, float(x_values.min()), float(x_values.max()), y_max)
    x, y = scales.x(x_values), scales.y(displacements.values)
    index = {word: i for i, word in enumerate(displacements.words)}
    large = np.array([index[word] for word in labelled], np.intp)
    small = np.setdiff1d(np.linspace(0, len(x) - 1, frame.max_points).astype(np.intp), large)
    parts = [
        *_axes(displacements, scales),
        *(_point(displacements, i, x[i], y[i], SMALL_RADIUS) for i in small),
        _median_line(displacements, x, scales),
        *(_point(displacements, i, x[i], y[i], LARGE_RADIUS) for i in large),
        *_labels(displacements, large, x, y, frame),
    ]
    title = "Displacement of words by count"
    box = f'class="{frame.kind}" viewBox="0 0 {frame.width} {frame.height}"'
    return f'<svg {box} role="img" aria-label="{title}">\n' + "\n".join(parts) + "\n</svg>"


def _point(displacements: Displacements, i: int, x: float, y: float, radius: int) -> str:
    value, percentile = displacements.values[i], displacements.peers.percentile[i]
    title = f"{escaped(displacements.words[i])}: displacement {value:.3f}, percentile {percentile:.1f}"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="r{radius}"><title>{title}</title></circle>'


def _median_line(displacements: Displacements, x: Floats, scales: Scales) -> str:
    """Return the line of the medians of the peers."""
    order = np.argsort(x, kind="stable")
    order = order[np.linspace(0, len(order) - 1, min(len(order), MAX_LINE_POINTS)).astype(np.intp)]
    y = scales.y(displacements.peers.median[order])
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x[order], y, strict=True))
    return f'<polyline points="{points}" class="median" />'


def _labels(displacements: Displacements, indices: Ints, x: Floats, y: Floats, frame: Frame) -> Iterator[str]:
    """Yield the labels of the points at some indices."""
    texts = [label(displacements.words[i]) for i in indices]
    yield from labels_beside(texts, x[indices], y[indices], LARGE_RADIUS, frame)


def _axes(displacements: Displacements, scales: Scales) -> Iterable[str]:
    """Yield grid lines, tick labels and axis labels."""
    frame = scales.frame
    bottom = frame.height - frame.bottom
    for value, x in _x_ticks(scales):
        yield f'<line x1="{x:.1f}" y1="{frame.top}" x2="{x:.1f}" y2="{bottom}" class="grid" />'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{value:,}</text>'
    yield from y_axis(frame, scales.y_max)
    middle, x_label = (frame.left + frame.width - frame.right) / 2, displacements.x_label
    yield f'<text x="{middle}" y="{frame.height - 8}" text-anchor="middle">{x_label}</text>'
    yield f'<text x="{frame.left}" y="{frame.top - 14}">displacement; line: median of the peers</text>'


def _x_ticks(scales: Scales) -> Iterator[tuple[int, float]]:
    """Yield round values with their positions, leaving out those too near the one before."""
    last = -float(MIN_TICK_GAP)
    for value in _log_ticks(scales.x_min, scales.x_max):
        x = float(scales.x(np.array(value)))
        if x - last >= MIN_TICK_GAP:
            yield value, x
            last = x


def _log_ticks(x_min: float, x_max: float) -> list[int]:
    """Return the values 1, 2, 5, 10, 20 and so on between two ends."""
    powers = range(int(np.log10(x_max)) + 1)
    return [step * 10**power for power in powers for step in TICKS_PER_DECADE if x_min <= step * 10**power <= x_max]
