"""Long texts to pieces of bounded length."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacy_sgns.sources.stats import Stats

MAX_PIECE_CHARS = 1 << 14
MAX_WORD_CHARS = 1000  # without white space; the time of a tokenizer may grow with the square of a word's length
BATCH_CHARS = 1 << 19  # characters in a batch of pieces


class Piece(NamedTuple):
    """A text, or a part of a long one. last: the piece ends its text.

    The pieces of a text meet at white space wherever the text has any.
    """

    text: str
    last: bool


def split(text: str, max_chars: int | None = None) -> Iterator[Piece]:
    """Yield the pieces of a text, split after white space or, where there is none for long, after punctuation.

    max_chars: length of a piece, by default `MAX_PIECE_CHARS`.
    """
    start, length = 0, max_chars or MAX_PIECE_CHARS
    while len(text) - start > length:
        end = _split_point(text, start, length)
        yield Piece(text[start:end], False)
        start = end
    yield Piece(text[start:], True)


def split_long_words(piece: Piece, stats: Stats) -> Iterator[Piece]:
    """Yield a piece, or several pieces if it contains words longer than `MAX_WORD_CHARS`.

    stats: counts `characters_split`, the places where a word is split.
    """
    text, start, position = piece.text, 0, 0
    while len(text) - position > MAX_WORD_CHARS:
        open_chars = _open_word_chars(text[position : position + MAX_WORD_CHARS])
        if open_chars < MAX_WORD_CHARS or text[position + MAX_WORD_CHARS].isspace():
            position += MAX_WORD_CHARS - open_chars or MAX_WORD_CHARS
        else:
            position = _split_point(text, position, MAX_WORD_CHARS)
            stats["characters_split"] += 1
            yield Piece(text[start:position], False)
            start = position
    yield Piece(text[start:], piece.last)


def piece_batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield pieces in lists of about `BATCH_CHARS` characters."""
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece.text)
        if size > BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _split_point(text: str, start: int, max_chars: int) -> int:
    """Return where the piece that begins at `start` ends."""
    end = start + max_chars
    open_chars = _open_word_chars(text[start:end])
    if open_chars < max_chars:
        return end - open_chars
    first = max(start, end - MAX_WORD_CHARS)
    if text[first:end].isalnum():
        return end
    return next((at for at in range(end, first, -1) if unicodedata.category(text[at - 1]).startswith("P")), end)


def _open_word_chars(text: str) -> int:
    """Return the length of the word at the end of a text, which may continue; 0 if the text ends in white space."""
    return 0 if text[-1].isspace() else len(text.rsplit(None, 1)[-1])
