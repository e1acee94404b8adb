"""What the two formats of word2vec share: words without spaces, the header, and what must hold of the numbers."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError

LONGEST_WORD = 1 << 16  # bytes; a damaged file must not be read to its end in search of a space
LONGEST_HEADER = 100  # bytes; what is no such file may have no line at all


def writable(words: Sequence[str], rows: Floats) -> list[str]:
    """Return words with `_` for any white space in them, as word2vec writes phrases.

    Raises SgnsError if two words become the same by that, if a word is no valid text or a number is not finite.
    """
    joined = [re.sub(r"\s+", "_", word) for word in words]
    if not joined:
        raise SgnsError("There are no words to write.")
    seen: set[str] = set()
    for word in joined:
        if word in seen:
            raise SgnsError(f"Two words would be written as {word!r}: this format has no spaces in words. Drop one.")
        seen.add(word)
    try:
        "".join(joined).encode("utf8")
    except UnicodeEncodeError as error:
        raise SgnsError(f"A word cannot be written as UTF-8: {error}.") from error
    row = first_not_finite(rows)
    if row is not None:
        raise SgnsError(f"The vector of {words[row]!r} has numbers that are not finite.")
    return joined


def read_header(path: Path, line: bytes, number_size: int) -> tuple[int, int]:
    """Return the number of words and of dimensions that a first line gives, if a file of its size can have them.

    number_size: the fewest bytes that a number takes. Raises SgnsError.
    """
    fields = line.split()
    if len(fields) != 2 or not all(f.isdigit() and int(f) > 0 for f in fields):
        shown = line[:60].decode("utf8", "replace").rstrip()
        raise SgnsError(f"{path} is no word2vec file: its first line must be two numbers, got {shown!r}.")
    size, dim = int(fields[0]), int(fields[1])
    if size * dim * number_size > path.stat().st_size:  # before room is made for them
        raise SgnsError(f"{path} is cut short or damaged: its first line says {size} words of {dim} numbers.")
    return size, dim


def first_not_finite(rows: Floats) -> int | None:
    """Return the first of `rows`, `(V, d)`, with a number that is not finite."""
    bad = np.flatnonzero(~np.isfinite(rows).all(1))
    return int(bad[0]) if len(bad) else None
