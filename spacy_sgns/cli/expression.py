"""Expressions such as `king - man + woman` or `man king woman`: words to be near to, and words to be far from."""

import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from spacy_sgns.errors import SettingError

SIGNS = {"+": 1, "-": -1, "\u2212": -1}  # U+2212 is the typographic minus
SIGN = re.compile(f"([{re.escape(''.join(SIGNS))}])")


class Expression(NamedTuple):
    """The words with a plus (or without a sign), those with a minus, and how the expression was read."""

    positive: list[str]
    negative: list[str]
    text: str


def read_expression(parts: Sequence[str], known: Container[str]) -> Expression:
    """Return an expression as the shell has split it.

    `king -man +woman`, `king - man + woman`, `"king - man + woman"` and `king-man+woman` are the same. Three words
    without a sign, `man king woman`, are the analogy man : king = woman : ?, as word2vec's own program reads them.
    known: words that are not split, though they contain a sign. Raises SettingError for a sign without a word, and for
    an expression without any word.
    """
    words: dict[int, list[str]] = {1: [], -1: []}
    tokens = list(_tokens(parts, known))
    sign = 0
    for token in tokens:
        if token in SIGNS and sign:
            raise SettingError(f"A word is missing between two signs in {' '.join(parts)!r}. Write: king - man + woman")
        if token in SIGNS:
            sign = SIGNS[token]
        else:
            words[sign or 1].append(token)
            sign = 0
    if sign or not any(words.values()):
        raise SettingError(f"A word is missing at the end of {' '.join(parts)!r}. Write: king - man + woman")
    if len(tokens) == len(words[1]) == 3:
        a, b, c = tokens
        return Expression([b, c], [a], f"{a} : {b} = {c} : ?")
    return Expression(words[1], words[-1], format_expression(words[1], words[-1]))


def format_expression(positive: Sequence[str], negative: Sequence[str]) -> str:
    """Return an expression in its usual form."""
    return " ".join((" + ".join(positive), *(f"- {word}" for word in negative))).strip()


def _tokens(parts: Sequence[str], known: Container[str]) -> Iterator[str]:
    """Yield words and signs."""
    for part in parts:
        for token in [part] if part in known else part.split():
            yield from [token] if token in known else _split(token, known)


def _split(token: str, known: Container[str]) -> Iterator[str]:
    """Yield the signs and words of `-man` or `king-man`; the latter is split only if all its words are known."""
    pieces = [piece for piece in SIGN.split(token) if piece]
    if all(piece in SIGNS or piece in known for piece in pieces):
        yield from pieces
    elif token[0] in SIGNS:
        yield token[0]
        yield token[1:]
    else:
        yield token
