"""Fields of records: rows of JSON lines, and dicts given to `spacy_sgns.train`."""

from collections.abc import Iterator, Mapping
from typing import Any

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.stats import Stats

FIRST_RECORDS = 100  # if none of them has text in the field, it is the wrong field
MAX_NAMES_CHARS = 200  # of the fields in a message
ABSENT = object()  # the value of a field that a record does not have


def field_value(record: Any, field: str) -> Any:
    """Return the value of a field of a record; `ABSENT` if there is no such field, None if it holds null.

    `data.body` is the field `body` of the object in `data`, unless there is a field of that very name.

    >>> field_value({"data": {"body": "x"}}, "data.body")
    'x'
    """
    if record is None:
        return None
    if not isinstance(record, Mapping):
        return ABSENT
    if field in record:
        return record[field]
    first, dot, rest = field.partition(".")
    return field_value(record[first], rest) if dot and first in record else ABSENT


class MissingTexts:
    """Counts records without text, which are skipped.

    field: in which the text was looked for. stats: counts `texts_missing`.
    """

    def __init__(self, field: str, stats: Stats) -> None:
        self.field, self.number, self.first_place = field, 0, ""
        self._stats = stats
        self._seen: list[Any] | None = []  # before the first text

    def found(self) -> None:
        """Note that a record has text, so the field is the right one."""
        self._seen = None

    def skip(self, record: Any, place: str) -> None:
        """Count a record. Raises SgnsError if none of the first records has text, as `check` does."""
        self._stats["texts_missing"] += 1
        self.number += 1
        self.first_place = self.first_place or place
        if self._seen is not None:
            self._seen.append(record)
            if len(self._seen) == FIRST_RECORDS:
                self.check()

    def check(self) -> None:
        """Raise SgnsError if no record has text so far, unless all of them hold null."""
        seen, self._seen = self._seen, None
        if seen and not all(field_value(record, self.field) is None for record in seen):
            names = ", ".join(dict.fromkeys(name for record in seen for name in _names(record)))
            after = f", nor in the {len(seen) - 1} after it" if len(seen) > 1 else ""
            raise SgnsError(
                f"{self.first_place}: no text in the field {self.field!r}{after}. Name the field that holds the text; "
                f"there are: {names[:MAX_NAMES_CHARS] or 'none'}."
            )


def _names(record: Any, outer: str = "") -> Iterator[str]:
    """Yield the names of a record's fields, with the type of what is no text; inside another field as `data.body`."""
    if not isinstance(record, Mapping):
        yield f"({_kind(record)} instead of an object)"
        return
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from _names(value, f"{outer}{name}.")
        else:
            yield f"{outer}{name}" + ("" if isinstance(value, str) else f" ({_kind(value)})")


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__
