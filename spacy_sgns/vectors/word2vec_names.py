"""What the two formats of word2vec share: words without spaces, and the header."""

import re
from collections.abc import Sequence
from pathlib import Path

from spacy_sgns.errors import SgnsError


def joined_words(words: Sequence[str]) -> list[str]:
    """Return words with `_` for any white space in them, as word2vec writes phrases.

    Raises SgnsError if two words become the same by that.
    """
    joined = [re.sub(r"\s+", "_", word) for word in words]
    if len(set(joined)) < len(joined):
        seen: set[str] = set()
        twin = next(word for word in joined if word in seen or seen.add(word))  # type: ignore[func-returns-value]
        raise SgnsError(f"Two words would both be written as {twin!r}, as this format has no spaces in words.")
    return joined


def read_header(path: Path, line: str) -> tuple[int, int]:
    """Return the number of words and of dimensions that a first line gives. Raises SgnsError."""
    fields = line.split()
    if len(fields) != 2 or not all(f.isascii() and f.isdigit() for f in fields) or int(fields[1]) < 1:
        raise SgnsError(f"{path} is no word2vec file: its first line must be two numbers, got {line[:60]!r}.")
    return int(fields[0]), int(fields[1])
