"""Placement of labels at points, so that no two labels overlap.

`place_beside` serves crowded pictures: a label goes beside its point, or is left out. `stack` serves a few labels that
must all be there: a label goes up or down as far as needed, and the picture draws a line to its point.
Boxes are `(n, 4)`: left, bottom, right, top.
"""

from collections.abc import Iterator
from itertools import count

import numpy as np

from spacy_sgns.arrays import Floats

GAP = 0.24  # between a point and its label, relative to the height of the label; letters may be wider than measured
LABEL_MARGIN = (0.4, 0.05)  # around a label, horizontal and vertical, relative to its height
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 0.8), (-1, 0.8), (1, -0.8), (-1, -0.8))  # of the point, the best first
STEP = 0.25  # of a stacked label, relative to its height


def place_beside(points: Floats, sizes: Floats, radii: Floats, frame: tuple[float, float], required: int = 0) -> Floats:
    """Return the lower left corners of labels, `(n, 2)`; NaN for labels that are left out.

    points: `(n, 2)` centres of the dots. radii: `(n,)` of the dots. sizes: `(n, 2)` widths and heights of the labels.
    frame: width and height of the picture, whose lower left corner is 0. Labels choose in their order: the first
    position inside the frame that overlaps no other label and covers no dot. required: how many of the first labels may
    cover dots rather than be left out. This is the greedy algorithm in Christensen, Marks and Shieber (1995), An
    Empirical Study of Algorithms for Point-Feature Label Placement.
    """
    corners = np.full(points.shape, np.nan)
    dots = np.hstack((points - radii[:, None], points + radii[:, None]))
    taken = np.empty((0, 4))
    for i, (point, size, radius) in enumerate(zip(points, sizes, radii, strict=True)):
        inside = [box for box in _positions(point, size, radius) if (box[:2] >= 0).all() and (box[2:] <= frame).all()]
        free = [box for box in inside if not overlaps(box, taken).any()]
        others = np.delete(dots, i, axis=0)
        fallback = free[0] if free and i < required else None
        best = next((box for box in free if not overlaps(box, others).any()), fallback)
        if best is not None:
            corners[i], margin = best[:2], size[1] * np.array(LABEL_MARGIN)
            taken = np.vstack((taken, np.concatenate((best[:2] - margin, best[2:] + margin))))
    return corners


def stack(labels: Floats, obstacles: Floats) -> Floats:
    """Return how far to move each label up, `(n,)`, negative for down, so that it overlaps no label and no obstacle.

    labels: boxes `(n, 4)` at their best positions. obstacles: boxes `(m, 4)`. Labels choose from the top, the nearest
    free position first, and none is moved above the best position of the topmost.
    """
    shifts, taken = np.zeros(len(labels)), obstacles.reshape(-1, 4)
    highest = max(labels[:, 3].tolist(), default=0)
    for i in np.argsort(-labels[:, 3], kind="stable"):
        shifts[i] = next(
            shift
            for shift in _shifts(labels[i, 3] - labels[i, 1])
            if labels[i, 3] + shift <= highest and not overlaps(_moved(labels[i], shift), taken).any()
        )
        taken = np.vstack((taken, _moved(labels[i], shifts[i])))
    return shifts


def overlaps(box: Floats, boxes: Floats) -> Floats:
    """Return whether each of `boxes`, `(n, 4)`, overlaps a box."""
    return np.logical_and((box[:2] < boxes[:, 2:]).all(1), (boxes[:, :2] < box[2:]).all(1))


def _positions(point: Floats, size: Floats, radius: float) -> Iterator[Floats]:
    """Yield the boxes of a label on all sides of its dot, the best first."""
    reach = radius + GAP * size[1]
    for side in SIDES:
        centre = point + np.array(side) * (size / 2 + reach)
        yield np.concatenate((centre - size / 2, centre + size / 2))


def _shifts(height: float) -> Iterator[float]:
    """Yield vertical shifts of growing length, down before up."""
    yield 0.0
    for steps in count(1):
        yield -steps * STEP * height
        yield steps * STEP * height


def _moved(box: Floats, up: float) -> Floats:
    return box + np.array((0, up, 0, up))
