"""What the text and binary formats of word2vec share: words without spaces, the header, and checks of the numbers."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError

MAX_WORD_BYTES = 1 << 16  # stops the search for a space in a damaged file
MAX_HEADER_BYTES = 100  # a file of another kind may have no line end at all


def writable_words(words: Sequence[str], rows: Floats) -> list[str]:
    """Return words with `_` in place of white space, as word2vec writes phrases.

    Raises SgnsError if that makes two words equal, if a word is not valid Unicode or a number is not finite.
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


def read_header(path: Path, line: bytes, min_number_bytes: int) -> tuple[int, int]:
    """Return the numbers of words and dimensions in a first line, if the file is large enough to have them.

    min_number_bytes: the fewest bytes that a number takes. Raises SgnsError.
    """
    fields = line.split()
    if len(fields) != 2 or not all(f.isdigit() and int(f) > 0 for f in fields):
        excerpt = line[:60].decode("utf8", "replace").rstrip()
        raise SgnsError(f"{path} is not a word2vec file: its first line must be two numbers, got {excerpt!r}.")
    size, dim = int(fields[0]), int(fields[1])
    if size * dim * min_number_bytes > path.stat().st_size:  # before memory is allocated for them
        raise SgnsError(f"{path} is cut short or damaged: its first line announces {size} words of {dim} numbers.")
    return size, dim


def first_not_finite(rows: Floats) -> int | None:
    """Return the index of the first row of `rows`, `(V, d)`, with a number that is not finite, or None."""
    bad = np.flatnonzero(~np.isfinite(rows).all(1))
    return int(bad[0]) if len(bad) else None
