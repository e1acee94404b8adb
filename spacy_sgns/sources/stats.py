"""What reading reports besides texts: counters and warnings."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias, TypeVar

T = TypeVar("T")
NUMBER = re.compile(r"\d[\d,.]*")
Stats: TypeAlias = Counter[str]  # counters by name; `Source` lists the names
Warn: TypeAlias = Callable[[str], object]  # takes a message for the user


def count_if_empty(items: Iterator[T], stats: Stats) -> Iterator[T]:
    """Yield the contents of a file; count the file in `files_without_text` if there are none."""
    first = list(islice(items, 1))
    stats["files_without_text"] += not first
    yield from first
    yield from items


def warn_once(warn: Warn) -> Callable[[str], Warn]:
    """Return a function that makes the `warn` of a file by its name; together they pass on one warning of each kind.

    One file out of a thousand stands for the others. Warnings that differ in the file's name and in numbers are of one
    kind.
    """
    told: set[str] = set()

    def warn_of(label: str) -> Warn:
        def warn_first(text: str) -> None:
            kind = NUMBER.sub("", text.replace(label, ""))
            if kind not in told:
                told.add(kind)
                warn(text)

        return warn_first

    return warn_of
