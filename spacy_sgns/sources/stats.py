"""What reading reports besides texts: counters and warnings."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Stats: TypeAlias = Counter[str]  # counters by name; `Source` lists the names
Warn: TypeAlias = Callable[[str], object]  # takes a message for the user


def count_if_empty(items: Iterator[T], stats: Stats) -> Iterator[T]:
    """Yield the contents of a file; count the file in `files_without_text` if there are none."""
    first = list(islice(items, 1))
    stats["files_without_text"] += not first
    yield from first
    yield from items


def warn_once(warn: Warn) -> Warn:
    """Return a function that passes on only the first warning: one file out of a thousand stands for the others."""
    warned: list[str] = []

    def warn_first(text: str) -> None:
        if not warned:
            warned.append(text)
            warn(text)

    return warn_first
