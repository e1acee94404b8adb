"""Chunks of texts looked up by their bytes, thousands at once.

A `dict` takes as long for a word that is met for the ten thousandth time as for any other, most of it for waiting until
memory answers one question after the other. NumPy asks them all together; the `dict` is left to what is rare or long.
"""

from collections.abc import Callable, Sequence

import numpy as np

from spacy_sgns.arrays import Ints

BITS = 20  # of the number of a slot
LONGEST = 16  # bytes of a chunk that may have a slot: two words of 64 bits
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)  # odd, and else of no meaning
KEPT = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)  # of a word, of which so many bytes belong
SPACE = np.array([code < 128 and chr(code).isspace() for code in range(256)])
WIDE_SPACE = [chr(code).encode() for code in range(128, 1 << 16) if chr(code).isspace()]
WIDE_SPACE_OF = {size: [int.from_bytes(char, "big") for char in WIDE_SPACE if len(char) == size] for size in (2, 3)}


class IdCache:
    """The numbers of things that were met lately. Each is known by one or two words of 64 bits, the first not 0."""

    def __init__(self, words: int) -> None:
        self._kept = np.zeros((1 << BITS, words + 1), np.uint64)  # the words of a thing, and its number

    def numbers(self, words: Ints, number: Callable[[Ints], Ints]) -> Ints:
        """Return the numbers of things by their words, `(n, words)`, as int32.

        number: returns those at some places, which are not known here or have 0 as their first word.
        """
        mixed = np.bitwise_xor.reduce(words * MIX[: words.shape[1]], axis=1)
        slots = (mixed >> np.uint64(64 - BITS)).astype(np.int64)
        kept = self._kept.take(slots, 0)
        numbers = kept[:, -1].astype(np.int32)
        others = np.flatnonzero((kept[:, :-1] != words).any(axis=1) | (words[:, 0] == 0))
        if len(others):
            numbers[others] = number(others)
            self._keep(slots[others], words[others], numbers[others])
        return numbers

    def renumber(self, numbers: Ints) -> None:
        """Give things other numbers: `numbers` by those they have; -1: forget them."""
        new = numbers.take(self._kept[:, -1].astype(np.int64))
        self._kept[:, -1] = new
        self._kept[(new < 0) | (self._kept[:, 0] == 0)] = 0

    def _keep(self, slots: Ints, words: Ints, numbers: Ints) -> None:
        """Give things these slots, in place of those that had them."""
        slots, once = np.unique(slots, return_index=True)
        fits = words[once, 0] != 0
        slots, once = slots[fits], once[fits]
        self._kept[slots] = np.column_stack((words[once], numbers[once].astype(np.uint64)))


class LookUp:
    """Gives chunks their numbers. number: returns those of some chunks; some of these it is asked about again."""

    def __init__(self, number: Callable[[list[str]], Ints]) -> None:
        self._number, self._slots = number, IdCache(2)

    def of(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the numbers of all chunks of texts, `(n,)` int32, and how many chunks each text has, `(texts,)`."""
        parts = [text.encode() for text in texts]
        data = b"\n".join((b"", *parts, bytes(LONGEST)))
        starts, stops = _places(data)

        def number(places: Ints) -> Ints:
            pairs = zip(starts[places].tolist(), stops[places].tolist(), strict=True)
            return self._number([data[start:stop].decode() for start, stop in pairs])

        ends = np.cumsum([len(part) + 1 for part in parts])
        sizes = np.diff(np.searchsorted(starts, ends, "right"), prepend=0)
        return self._slots.numbers(_words(data, starts, stops), number), sizes

    def renumber(self, numbers: Ints) -> None:
        """Give chunks other numbers: `numbers` by those they have; -1: forget them."""
        self._slots.renumber(numbers)


def _places(data: bytes) -> tuple[Ints, Ints]:
    """Return where chunks begin and end, `(n,)` each. data: begins with white space, and ends with it and `LONGEST`."""
    bytes_ = np.frombuffer(data, np.uint8)
    is_space = SPACE.take(bytes_[: len(data) - LONGEST])
    if not data.isascii():
        _add_wide_space(is_space, bytes_)
    edges = np.flatnonzero(is_space[1:] != is_space[:-1]) + 1
    return edges[::2], edges[1::2]


def _add_wide_space(is_space: Ints, data: Ints) -> None:
    """Set what is white space in characters of two and three bytes."""
    first = np.flatnonzero(data >= 0xC0)
    code = data[first].astype(np.int32) << 8 | data[first + 1]
    for size in WIDE_SPACE_OF:
        found = first[np.isin(code, WIDE_SPACE_OF[size])]
        for place in range(size):
            is_space[found + place] = True
        code = code << 8 | data[first + 2]


def _words(data: bytes, starts: Ints, stops: Ints) -> Ints:
    """Return the bytes of each chunk, filled up with zeros, as two words, `(n, 2)`; 0 if it has more."""
    every = np.ndarray(len(data) - 7, "<u8", data, strides=(1,)).copy()  # from each byte on
    sizes = stops - starts
    words = np.empty((len(starts), 2), np.uint64)
    words[:, 0] = every.take(starts) & KEPT.take(np.minimum(sizes, 8))
    words[:, 1] = every.take(starts + 8) & KEPT.take(np.clip(sizes - 8, 0, 8))
    words[slice(None) if b"\0" in data[:-LONGEST] else sizes > LONGEST] = 0
    return words
