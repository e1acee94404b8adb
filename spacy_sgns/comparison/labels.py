"""Names beside points, none upon another."""

from collections.abc import Sequence
from typing import NamedTuple


class Label(NamedTuple):
    """Where a name would stand best, and how large it is; `top` grows downwards."""

    left: float
    top: float
    width: float
    height: float


def apart(labels: Sequence[Label], points: Sequence[Label] = ()) -> list[float]:
    """Return the top of each label, moved down as far as it takes not to lie upon another, or upon points."""
    tops = [label.top for label in labels]
    taken = list(points)
    for number in sorted(range(len(labels)), key=lambda number: labels[number].top):
        label = labels[number]
        while others := [other for other in taken if _meet(label, other)]:
            label = label._replace(top=max(other.top + other.height for other in others))
        taken.append(label)
        tops[number] = label.top
    return tops


def _meet(a: Label, b: Label) -> bool:
    across = a.left < b.left + b.width and b.left < a.left + a.width
    return across and a.top < b.top + b.height and b.top < a.top + a.height
