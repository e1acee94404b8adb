"""Labels beside their dots, none upon another."""

from collections.abc import Iterator
from unicodedata import category

import numpy as np

from spacy_sgns.arrays import Floats

LONGEST = 30  # letters of a label
GAP = 0.12  # between a dot and its label, of the height of a label
ROOM = (0.4, 0.05)  # around a label, of its height, across and up
JOINERS = "\u200c\u200d"  # without which letters of some languages, and some emoji, look different
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 0.8), (-1, 0.8), (1, -0.8), (-1, -0.8))  # of the dot, the best first


def shown(text: str, longest: int = LONGEST) -> str:
    """Return a text as a label: in one line, of no more letters, with a sign for what cannot be shown."""
    line = " ".join(text.split())
    line = "".join(map(_visible, line))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def place(points: Floats, sizes: Floats, radii: Floats, frame: tuple[float, float], sure: int = 0) -> Floats:
    """Return the lower left corners of labels, `(n, 2)`; not a number for those that find no place.

    points: `(n, 2)` middles of the dots, radii: `(n,)` theirs, sizes: `(n, 2)` widths and heights of the labels, all
    within a frame of some width and height whose lower left corner is 0. The first labels choose first: of the places
    in the frame where they do not touch another, that which covers no dot. sure: how many of the first may cover dots
    rather than be missing. Christensen, Marks and Shieber (1995), An Empirical Study of Algorithms for Point-Feature
    Label Placement, call it greedy.
    """
    corners = np.full(points.shape, np.nan)
    dots = np.hstack((points - radii[:, None], points + radii[:, None]))
    taken = np.empty((0, 4))
    for i, (point, size, radius) in enumerate(zip(points, sizes, radii, strict=True)):
        inside = [box for box in _boxes(point, size, radius) if (box[:2] >= 0).all() and (box[2:] <= frame).all()]
        free = [box for box in inside if not overlaps(box, taken).any()]
        others = np.delete(dots, i, axis=0)
        best = next((box for box in free if not overlaps(box, others).any()), free[0] if free and i < sure else None)
        if best is not None:
            corners[i], room = best[:2], size[1] * np.array(ROOM)
            taken = np.vstack((taken, np.concatenate((best[:2] - room, best[2:] + room))))
    return corners


def overlaps(box: Floats, boxes: Floats) -> Floats:
    """Return which of boxes `(n, 4)` have a part in common with a box: left, bottom, right, top."""
    return np.logical_and((box[:2] < boxes[:, 2:]).all(1), (boxes[:, :2] < box[2:]).all(1))


def _boxes(point: Floats, size: Floats, radius: float) -> Iterator[Floats]:
    """Yield the places for a label around its dot."""
    reach = radius + GAP * size[1]
    for side in SIDES:
        middle = point + np.array(side) * (size / 2 + reach)
        yield np.concatenate((middle - size / 2, middle + size / 2))


def _visible(letter: str) -> str:
    """Return a letter; a sign for one that has no look, and nothing for what turns the direction of writing."""
    kind = category(letter)
    if kind == "Cf" and letter not in JOINERS:
        return ""
    return "\ufffd" if kind in ("Cc", "Cs", "Cn", "Co") else letter
