"""What questions are asked of, and among which words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from spacy_sgns.errors import SettingError

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import WordVectors


MOST_DIGITS = 18
_held: dict[str, "WordVectors"] = {}


def opened(pipeline: str) -> "WordVectors":
    """Return the vectors of a pipeline or file. Raises SgnsError."""
    from spacy_sgns.pipeline.load import open_vectors

    return _held.get(pipeline) or open_vectors(pipeline)


@contextmanager
def held(pipeline: str) -> Iterator["WordVectors"]:
    """Yield the vectors of a pipeline or file, which are not read again in the block. Raises SgnsError."""
    _held[pipeline] = opened(pipeline)
    try:
        yield _held[pipeline]
    finally:
        del _held[pipeline]


def among_of(text: str) -> int | list[str] | None:
    """Return a number of words, the words of a file, one a line, or None for an empty text. Raises SettingError."""
    from spacy_sgns.system.files import read_lines

    if not text:
        return None
    if text.isdecimal():
        return int(text[:MOST_DIGITS])  # more words than that there are not
    if not Path(text).is_file():
        raise SettingError(f"--among takes a number or a file with a word in each line, got {text!r}.")
    words = [line.strip() for line in read_lines(Path(text)) if line.strip()]
    if not words:
        raise SettingError(f"--among {text}: there are no words in it, wanted one in each line.")
    return words
