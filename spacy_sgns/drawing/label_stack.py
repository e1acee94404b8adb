"""Names beside points, none upon another."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

STEP = 0.25  # of a label's height


class Label(NamedTuple):
    """Where a name would stand best, and how large it is; `top` grows downwards."""

    left: float
    top: float
    width: float
    height: float


def apart(labels: Sequence[Label], points: Sequence[Label] = ()) -> list[float]:
    """Return the top of each label, moved up or down no further than not to lie upon another, or upon points.

    None gets higher than the highest would stand best.
    """
    highest = min((label.top for label in labels), default=0)
    tops, taken = [label.top for label in labels], list(points)
    for number in sorted(range(len(labels)), key=lambda number: labels[number].top):
        free = (at for at in _from_near(labels[number]) if at.top >= highest and not any(_meet(at, o) for o in taken))
        taken.append(next(free))
        tops[number] = taken[-1].top
    return tops


def _from_near(label: Label) -> Iterator[Label]:
    """Yield a label at its best place, then further and further below and above it."""
    yield label
    for steps in count(1):
        for way in (steps, -steps):
            yield label._replace(top=label.top + way * STEP * label.height)


def _meet(a: Label, b: Label) -> bool:
    across = a.left < b.left + b.width and b.left < a.left + a.width
    return across and a.top < b.top + b.height and b.top < a.top + a.height
