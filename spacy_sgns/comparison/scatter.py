"""The scatter plot of a comparison page: a point for each word, by count and displacement, as SVG."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.comparison.result import Displacements
from spacy_sgns.drawing.labels import stack
from spacy_sgns.drawing.text import escaped, label

CHAR_WIDTH, LABEL_HEIGHT = 7.5, 15  # an estimate, as fonts differ between browsers
SMALL_RADIUS, LARGE_RADIUS = 2, 4  # of points without and with a label
LABEL_GAP = 8  # between the centre of a point and its label
TICKS_PER_DECADE = (1, 2, 5)
MIN_TICK_GAP = 36  # between tick labels
Y_TICK = 0.25
MAX_LINE_POINTS = 400


class Frame(NamedTuple):
    """The size of a plot in pixels, its margins around the points, and how many points it shows at most.

    kind: its class in the page's style. The right margin has room for labels.
    """

    kind: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    max_points: int


WIDE = Frame("wide", 900, 460, 50, 110, 30, 45, 4000)
NARROW = Frame("narrow", 360, 430, 40, 60, 30, 45, 1500)  # for a phone, where a wide one has letters of 5 pixels


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
        frame = self.frame
        return frame.height - frame.bottom - (frame.height - frame.top - frame.bottom) * displacements / self.y_max


def scatter_svg(displacements: Displacements, labelled: Sequence[str], frame: Frame = WIDE) -> str:
    """Return displacements as an SVG element, in which each point has its word as a tooltip.

    labelled: the words that also get a label. Of very many words an even sample is drawn.
    """
    x_values = displacements.x_values()
    y_max = Y_TICK * np.ceil(max(Y_TICK, displacements.values.max()) / Y_TICK)
    scales = Scales(frame, float(x_values.min()), float(x_values.max()), float(y_max))
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
    """Yield labels beside their points, with a line to the point of each label that is moved far.

    They are right of the points, or left of those that are too near the right edge.
    """
    texts = [label(displacements.words[i]) for i in indices]
    widths, up, half = CHAR_WIDTH * np.array([len(text) for text in texts]), -y[indices], LABEL_HEIGHT / 2
    leftward = x[indices] + LABEL_GAP + widths > frame.width
    starts = x[indices] + np.where(leftward, -LABEL_GAP, LABEL_GAP)
    left = np.where(leftward, starts - widths, starts)
    boxes = np.stack([left, up - half, left + widths, up + half], axis=1)  # pixels grow downwards, boxes upwards
    centres = np.stack([x[indices], up], axis=1)
    shifts = stack(boxes, np.hstack([centres - LARGE_RADIUS, centres + LARGE_RADIUS]))
    for i, text, start, back, shift in zip(indices, texts, starts, leftward, shifts, strict=True):
        middle = y[i] - shift
        if abs(shift) > half:
            yield f'<line x1="{x[i]:.1f}" y1="{y[i]:.1f}" x2="{start:.1f}" y2="{middle:.1f}" class="leader" />'
        anchor = ' text-anchor="end"' if back else ""
        yield f'<text class="name" x="{start:.1f}" y="{middle + 4:.1f}"{anchor}>{escaped(text)}</text>'


def _axes(displacements: Displacements, scales: Scales) -> Iterable[str]:
    """Yield grid lines, tick labels and axis labels."""
    frame = scales.frame
    bottom, right = frame.height - frame.bottom, frame.width - frame.right
    for value, x in _x_ticks(scales):
        yield f'<line x1="{x:.1f}" y1="{frame.top}" x2="{x:.1f}" y2="{bottom}" class="grid" />'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{value:,}</text>'
    for height in np.arange(0, scales.y_max + Y_TICK / 2, Y_TICK):
        y = scales.y(np.array(height))
        yield f'<line x1="{frame.left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" class="grid" />'
        yield f'<text x="{frame.left - 6}" y="{y + 4:.1f}" text-anchor="end">{height:.2f}</text>'
    x_label = displacements.x_label
    yield f'<text x="{(frame.left + right) / 2}" y="{frame.height - 8}" text-anchor="middle">{x_label}</text>'
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
