"""What users ask about, turned into queries for the search: words, vectors, and what has a vector, such as a Doc."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from numbers import Real
from typing import Any, Protocol, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SettingError, UnknownWord, closest
from spacy_sgns.vectors.search import Query

MAX_NAMED = 10  # unknown words in a message


class HasVector(Protocol):
    """A Doc, Span, Token or Lexeme of spaCy."""

    @property
    def text(self) -> str:
        """The text; if it is a word, that word is not a hit."""

    @property
    def vector(self) -> Floats:
        """The vector `(d,)`; zeros if it has none."""


Asked: TypeAlias = str | Floats | HasVector
AskedOrMany: TypeAlias = Asked | Sequence[Asked]


class QueryParser:
    """Turns what users ask into queries.

    row_of, words: of the vectors. dim: of a vector. strict: raise UnknownWord for words without a vector; otherwise
    leave them out and collect them in `unknown`.
    """

    def __init__(self, row_of: Mapping[str, int], words: Sequence[str], dim: int, *, strict: bool = True) -> None:
        self._row_of, self._words, self._dim, self._strict = row_of, words, dim, strict
        self._given: list[Floats] = []
        self.unknown: list[str] = []

    def query(self, positive: AskedOrMany, negative: AskedOrMany = ()) -> Query | None:
        """Return a query, or None if none of its words has a vector. Raises UnknownWord, SettingError."""
        sides: tuple[list[int], list[int]] = ([], [])
        left_out: list[int] = []
        unknown: list[str] = []
        for side, asked in zip(sides, (positive, negative), strict=True):
            for item in _items(asked):
                if (number := self._number(item, left_out)) is None:
                    unknown.append(item if isinstance(item, str) else item.text)
                else:
                    side.append(number)
        if unknown and self._strict:
            raise UnknownWord(no_vector_for(unknown, self._words))
        self.unknown += unknown
        if not (unknown or any(sides)):
            raise SettingError("A query needs at least one word or vector.")
        return Query(tuple(sides[0]), tuple(sides[1]), tuple(left_out)) if any(sides) else None

    @property
    def given(self) -> Floats:
        """The unit vectors that the queries so far hold, `(g, d)`."""
        return np.array(self._given, np.float64).reshape(-1, self._dim)

    def _number(self, item: Any, left_out: list[int]) -> int | None:
        """Return the number of an item, as in `Query`; None if it has no vector. Its own word goes to `left_out`."""
        if isinstance(item, str):
            return self._row_of.get(item)
        vector = _checked(item, self._dim)
        if not vector.any():
            if hasattr(item, "text"):
                return None
            raise SettingError("A vector of zeros has no direction, so no word is near to it.")
        if (row := self._row_of.get(getattr(item, "text", ""))) is not None:
            left_out.append(row)
        vector = vector / np.abs(vector).max()  # so that the squares neither overflow nor vanish
        self._given.append(vector / np.linalg.norm(vector))
        return len(self._words) + len(self._given) - 1


def text_of(word: Any) -> Any:
    """Return the text of a Token, Span, Doc or Lexeme, and anything else as it is."""
    return word if isinstance(word, str) else getattr(word, "text", word)


def no_vector_for(unknown: Sequence[Any], words: Sequence[str]) -> str:
    """Return the message that words have no vector, with words of similar spelling."""
    named = [f"No vector for {word!r}. {closest(str(word), words)}".rstrip() for word in unknown[:MAX_NAMED]]
    more = [f"Nor for {len(unknown) - MAX_NAMED:,} others."] if len(unknown) > MAX_NAMED else []
    return " ".join([*named, *more])


def is_asked(value: Any) -> bool:
    """Return whether a value is one thing to ask about: a word, a vector, or what has a vector."""
    if isinstance(value, str) or hasattr(value, "vector"):
        return True
    return getattr(value, "ndim", 0) == 1 and np.dtype(value.dtype).kind in "fiu"


def _items(asked: AskedOrMany | Iterable[Asked]) -> Iterator[Any]:
    """Yield the words, vectors and Docs that are asked about; a list of numbers is one vector."""
    if is_asked(asked):
        yield asked
        return
    if not isinstance(asked, Iterable) or getattr(asked, "ndim", 1) == 0:
        raise _not_asked(asked)
    items = list(asked)
    if items and _are_numbers(items):
        yield np.array(items, np.float64)
        return
    for item in items:
        if not (is_asked(item) or (isinstance(item, Sequence) and _are_numbers(item))):
            raise _not_asked(item)
        yield item


def _are_numbers(items: Sequence[Any]) -> bool:
    return all(isinstance(item, Real) for item in items)


def _not_asked(value: Any) -> SettingError:
    return SettingError(f"A query takes words, vectors, Docs, Spans and Tokens, got {type(value).__name__}.")


def _checked(item: Any, dim: int) -> Floats:
    """Return the numbers of a vector `(d,)`. Raises SettingError if it does not fit the vectors or is not finite."""
    value = getattr(item, "vector", item)
    vector: Floats = np.asarray(value.get() if hasattr(value, "get") else value, np.float64)
    if vector.shape != (dim,):
        raise SettingError(f"A vector must have {dim} numbers like those of the words, got the shape {vector.shape}.")
    if not np.isfinite(vector).all():
        raise SettingError("A vector has a number that is not finite.")
    return vector
