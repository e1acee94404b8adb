"""What the SVG plots of comparison pages share: their sizes, the axis of displacements, and labels beside points."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.drawing.labels import stack
from spacy_sgns.drawing.text import escaped

CHAR_WIDTH, LABEL_HEIGHT = 7.5, 15  # an estimate, as fonts differ between browsers
LABEL_GAP = 8  # between the centre of a point and its label
Y_TICK = 0.25


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


def y_top(displacements: Floats) -> float:
    """Return the upper end of an axis of displacements."""
    return float(Y_TICK * np.ceil(max(Y_TICK, displacements.max()) / Y_TICK))


def y_pixels(frame: Frame, displacements: Floats, top: float) -> Floats:
    """Return vertical pixel positions, from the top of the frame. top: the upper end of the axis."""
    return frame.height - frame.bottom - (frame.height - frame.top - frame.bottom) * displacements / top


def y_axis(frame: Frame, top: float) -> Iterator[str]:
    """Yield grid lines and tick labels of an axis of displacements."""
    for height in np.arange(0, top + Y_TICK / 2, Y_TICK):
        y = y_pixels(frame, np.array(height), top)
        yield f'<line x1="{frame.left}" y1="{y:.1f}" x2="{frame.width - frame.right}" y2="{y:.1f}" class="grid" />'
        yield f'<text x="{frame.left - 6}" y="{y + 4:.1f}" text-anchor="end">{height:.2f}</text>'


def labels_beside(
    texts: Sequence[str], x: Floats, y: Floats, radius: float, frame: Frame, classes: Sequence[str] = ()
) -> Iterator[str]:
    """Yield labels beside points `(n,)` of a radius, with a line to the point of each label that is moved far.

    They are right of the points, or left of those that are too near the right edge. classes: of the lines, in the
    page's style.
    """
    widths, up, half = CHAR_WIDTH * np.array([len(text) for text in texts]), -y, LABEL_HEIGHT / 2
    leftward = x + LABEL_GAP + widths > frame.width
    starts = x + np.where(leftward, -LABEL_GAP, LABEL_GAP)
    left = np.where(leftward, starts - widths, starts)
    boxes = np.stack([left, up - half, left + widths, up + half], axis=1)  # pixels grow downwards, boxes upwards
    centres = np.stack([x, up], axis=1)
    shifts = stack(boxes, np.hstack([centres - radius, centres + radius]))
    for i, (text, start, shift) in enumerate(zip(texts, starts, shifts, strict=True)):
        middle = y[i] - shift
        if abs(shift) > half:
            own = f" {classes[i]}" if classes else ""
            yield f'<line x1="{x[i]:.1f}" y1="{y[i]:.1f}" x2="{start:.1f}" y2="{middle:.1f}" class="leader{own}" />'
        anchor = ' text-anchor="end"' if leftward[i] else ""
        yield f'<text class="name" x="{start:.1f}" y="{middle + 4:.1f}"{anchor}>{escaped(text)}</text>'
