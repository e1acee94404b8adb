"""The picture on the page: a point for each word, by count and displacement, as SVG."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.comparison.result import Cloud
from spacy_sgns.drawing.label_stack import Label, apart

WIDTH, HEIGHT = 900, 460
LEFT, RIGHT, TOP, BOTTOM = 50, 110, 30, 45  # room around the points; on the right for names
MOST_POINTS = 4000
LINE_POINTS = 400
LETTER, LINE = 7.5, 15  # size of a name
POINT = 4  # radius of one that has a name
STEPS = (1, 2, 5)
TICK = 0.25

Shown: TypeAlias = Callable[[str], str]


class Scales(NamedTuple):
    """From values to places: lowest and highest count, on a logarithmic scale, and the highest displacement."""

    lowest: float
    highest: float
    top: float

    def x(self, count: Floats) -> Floats:
        """Return how far to the right counts stand."""
        span = max(1e-9, np.log(self.highest / self.lowest))
        return LEFT + (WIDTH - LEFT - RIGHT) * np.log(count / self.lowest) / span

    def y(self, displacement: Floats) -> Floats:
        """Return how far down displacements stand."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * displacement / self.top


def scatter(cloud: Cloud, named: Sequence[str], shown: Shown) -> str:
    """Return a cloud as an SVG element; each point says its word when pointed at. shown: makes words safe for SVG.

    named: the words whose names are written beside their points. Of a large cloud an even sample is drawn.
    """
    across = cloud.across()
    top = TICK * np.ceil(max(TICK, cloud.values.max()) / TICK)
    scales = Scales(float(across.min()), float(across.max()), float(top))
    x, y = scales.x(across), scales.y(cloud.values)
    place = {word: at for at, word in enumerate(cloud.words)}
    marked = np.array([place[word] for word in named], np.intp)
    others = np.setdiff1d(np.linspace(0, len(cloud.words) - 1, MOST_POINTS).astype(np.intp), marked)
    parts = [
        *_axes(cloud, scales),
        *(_point(cloud, at, x[at], y[at], 2, shown) for at in others),
        _usual(cloud, x, scales),
        *(_point(cloud, at, x[at], y[at], POINT, shown) for at in marked),
        *_names(cloud, marked, x, y, shown),
    ]
    label = "Displacement of words by count"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">\n' + "\n".join(parts) + "\n</svg>"


def _point(cloud: Cloud, at: int, x: float, y: float, radius: int, shown: Shown) -> str:
    said = f"{shown(cloud.words[at])}: displacement {cloud.values[at]:.3f}, percentile {cloud.peers.percentile[at]:.1f}"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="r{radius}"><title>{said}</title></circle>'


def _usual(cloud: Cloud, x: Floats, scales: Scales) -> str:
    """Return the line of what is usual."""
    order = np.argsort(x, kind="stable")
    order = order[np.linspace(0, len(order) - 1, min(len(order), LINE_POINTS)).astype(np.intp)]
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x[order], scales.y(cloud.peers.usual[order]), strict=True))
    return f'<polyline points="{points}" class="usual" />'


def _names(cloud: Cloud, marked: Ints, x: Floats, y: Floats, shown: Shown) -> Iterable[str]:
    """Yield names beside their points; one that had to be moved far has a line to its point."""
    labels = [Label(x[at] + 8, y[at] - LINE / 2, LETTER * len(cloud.words[at]), LINE) for at in marked]
    points = [Label(x[at] - POINT, y[at] - POINT, 2 * POINT, 2 * POINT) for at in marked]
    for at, label, top in zip(marked, labels, apart(labels, points), strict=True):
        middle = top + LINE / 2
        if abs(top - label.top) > LINE / 2:
            yield f'<line x1="{x[at]:.1f}" y1="{y[at]:.1f}" x2="{label.left:.1f}" y2="{middle:.1f}" class="leader" />'
        yield f'<text class="name" x="{label.left:.1f}" y="{middle + 4:.1f}">{shown(cloud.words[at])}</text>'


def _axes(cloud: Cloud, scales: Scales) -> Iterable[str]:
    """Yield lines and figures for counts and displacements."""
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for value in _round_values(scales.lowest, scales.highest):
        x = scales.x(np.array(value))
        yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" class="grid" />'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{value:,}</text>'
    for height in np.arange(0, scales.top + TICK / 2, TICK):
        y = scales.y(np.array(height))
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" class="grid" />'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{height:.2f}</text>'
    yield f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{cloud.measure}</text>'
    yield f'<text x="{LEFT}" y="{TOP - 14}">displacement; the line: what is usual</text>'


def _round_values(lowest: float, highest: float) -> list[int]:
    """Return 1, 2, 5, 10, ... as far as they are in a range."""
    powers = range(int(np.log10(highest)) + 1)
    return [step * 10**power for power in powers for step in STEPS if lowest <= step * 10**power <= highest]
