"""What grows while a corpus comes in: numbers of things that are met, and arrays."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from itertools import count, islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from spacy_sgns.arrays import Ints

Key = TypeVar("Key", bound=Hashable)


class Interner(defaultdict[Key, int]):
    """Interner things in the order in which they are first looked up by `[]`. known: those with the first numbers."""

    def __init__(self, known: Iterable[Key] = ()) -> None:
        super().__init__(count().__next__)
        for _ in map(self.__getitem__, known):
            pass
        self._taken = len(self)

    def take_new(self) -> list[Key]:
        """Return the things that have come since the last call."""
        new = islice(reversed(self), len(self) - self._taken)
        self._taken = len(self)
        return list(new)[::-1]


class GrowableArray:
    """An array of one dimension that grows at its end."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._room: np.ndarray[Any, Any] = np.zeros(1024, dtype)
        self.size = 0

    @property
    def values(self) -> Ints:
        """The values so far, `(size,)`; a view that is to be taken anew after `extend`."""
        return self._room[: self.size]

    def extend(self, values: ArrayLike) -> None:
        """Append values `(n,)`."""
        values = np.asarray(values, self._room.dtype)
        end = self.size + len(values)
        if end > len(self._room):
            self._room = np.concatenate((self.values, np.zeros(2 * end - self.size, self._room.dtype)))
        self._room[self.size : end] = values
        self.size = end
