"""Texts to ids of pretokens: white space and short pretokens are found in their bytes, by NumPy."""

from collections.abc import Callable, Sequence

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.id_cache import IdCache

MAX_CACHED_BYTES = 16  # of a pretoken with an entry in the cache: two words of 64 bits
WORD_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)  # the lowest 0, 1, ... 8 bytes of a word
IS_ASCII_SPACE = np.array([code < 128 and chr(code).isspace() for code in range(256)])
WIDE_SPACES = [chr(code).encode() for code in range(128, 1 << 16) if chr(code).isspace()]
WIDE_SPACES_BY_SIZE = {
    size: [int.from_bytes(char, "big") for char in WIDE_SPACES if len(char) == size] for size in (2, 3)
}


class PretokenIds:
    """Returns the ids of all pretokens of texts.

    ids_of: returns the ids of a list of pretokens, `(n,)`. It is called for pretokens that are not in the cache, which
    it may have been called for before.
    """

    def __init__(self, ids_of: Callable[[list[str]], Ints]) -> None:
        self._ids_of, self._cache = ids_of, IdCache(2)

    def ids(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the ids of the pretokens of texts, `(n,)` int32, and the number of pretokens per text, `(texts,)`."""
        encoded = [text.encode() for text in texts]
        data = b"\n".join((b"", *encoded, bytes(MAX_CACHED_BYTES)))
        starts, stops = _pretoken_bounds(data)

        def missing(indices: Ints) -> Ints:
            bounds = zip(starts[indices].tolist(), stops[indices].tolist(), strict=True)
            return self._ids_of([data[start:stop].decode() for start, stop in bounds])

        ends = np.cumsum([len(text) + 1 for text in encoded])
        sizes = np.diff(np.searchsorted(starts, ends, "right"), prepend=0)
        return self._cache.ids(_cache_keys(data, starts, stops), missing), sizes

    def renumber(self, new_ids: Ints) -> None:
        """Replace each id `i` by `new_ids[i]`; -1 removes it from the cache."""
        self._cache.renumber(new_ids)


def _pretoken_bounds(data: bytes) -> tuple[Ints, Ints]:
    """Return where pretokens begin and end, `(n,)` each.

    data: UTF-8 that begins and ends with white space, then `MAX_CACHED_BYTES` of padding.
    """
    bytes_ = np.frombuffer(data, np.uint8)
    is_space = IS_ASCII_SPACE.take(bytes_[: len(data) - MAX_CACHED_BYTES])
    if not data.isascii():
        _add_wide_spaces(is_space, bytes_)
    edges = np.flatnonzero(is_space[1:] != is_space[:-1]) + 1
    return edges[::2], edges[1::2]


def _add_wide_spaces(is_space: Ints, data: Ints) -> None:
    """Set `is_space` at the bytes of white space that has two or three bytes in UTF-8."""
    first = np.flatnonzero(data >= 0xC0)
    code = data[first].astype(np.int32) << 8 | data[first + 1]
    for size in WIDE_SPACES_BY_SIZE:
        found = first[np.isin(code, WIDE_SPACES_BY_SIZE[size])]
        for offset in range(size):
            is_space[found + offset] = True
        code = code << 8 | data[first + 2]


def _cache_keys(data: bytes, starts: Ints, stops: Ints) -> Ints:
    """Return the bytes of each pretoken, padded with zeros, as two words, `(n, 2)`; zeros alone if it is longer."""
    words_at = np.ndarray(len(data) - 7, "<u8", data, strides=(1,)).copy()  # the word that begins at each byte
    sizes = stops - starts
    keys = np.empty((len(starts), 2), np.uint64)
    keys[:, 0] = words_at.take(starts) & WORD_MASKS.take(np.minimum(sizes, 8))
    keys[:, 1] = words_at.take(starts + 8) & WORD_MASKS.take(np.clip(sizes - 8, 0, 8))
    keys[slice(None) if b"\0" in data[:-MAX_CACHED_BYTES] else sizes > MAX_CACHED_BYTES] = 0
    return keys
