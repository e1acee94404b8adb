"""Containers that grow while a corpus is read: ids of distinct keys, and arrays."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from itertools import count, islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from spacy_sgns.arrays import Ints

Key = TypeVar("Key", bound=Hashable)


class Interner(defaultdict[Key, int]):
    """Assigns ids 0, 1, ... to keys in the order of their first lookup by `[]`. known: the keys with the first ids."""

    def __init__(self, known: Iterable[Key] = ()) -> None:
        super().__init__(count().__next__)
        for _ in map(self.__getitem__, known):
            pass
        self._taken = len(self)

    def take_new(self) -> list[Key]:
        """Return the keys that were added since the last call, in order of their ids."""
        new = islice(reversed(self), len(self) - self._taken)
        self._taken = len(self)
        return list(new)[::-1]


class GrowableArray:
    """A one-dimensional array with an amortised `extend`."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._buffer: np.ndarray[Any, Any] = np.zeros(1024, dtype)
        self.size = 0

    @property
    def values(self) -> Ints:
        """The values so far, `(size,)`: a view, which may be stale after the next `extend`."""
        return self._buffer[: self.size]

    def extend(self, values: ArrayLike) -> None:
        """Append values `(n,)`."""
        values = np.asarray(values, self._buffer.dtype)
        end = self.size + len(values)
        if end > len(self._buffer):
            self._buffer = np.concatenate((self.values, np.zeros(2 * end - self.size, self._buffer.dtype)))
        self._buffer[self.size : end] = values
        self.size = end
