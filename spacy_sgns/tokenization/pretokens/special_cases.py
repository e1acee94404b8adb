"""Which chunks of a text have to be tokenized together: the few whose tokens are not theirs alone.

A sequence that is looked for (see `recipe`) may begin in one chunk and end in another, as `( :` does with the special
case `(:`. Between chunks there must be one plain space: any other white space is a token itself. Such a sequence

- is replaced only if the special case has that space too, as `EE. UU.` in Spanish;
- else does nothing, but keeps what overlaps with it, and is no longer, from being replaced: in `( :)x` it undoes `:)`.

It never makes anything be replaced that would not be without it. So the tokens of a chunk are its own, unless a special
case was put into them by step 2, or a special case with a space may begin or end there. Only where such a chunk stands,
boundaries are looked at; across the others, whatever is found there, nothing changes.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from spacy.tokens import Doc

from spacy_sgns.arrays import Ints
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec

CHUNK = re.compile(r"\S+")
TOUCHY, OPENS, CLOSES = 1, 2, 4  # tokens that neighbours may undo; a special case may go on after, or before, a space


class SpecialCases:
    """What special cases mean for chunks that stand side by side."""

    def __init__(self, recipe: TokenizerSpec) -> None:
        self._pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)  # by the two characters that meet
        for tokens in by_patterns(recipe):
            for pair in pairwise(tokens):
                self._pairs[pair[0][-1] + pair[1][0]].append(pair)
        spaced = [text.split(" ") for text in recipe.rules if not text.isspace()]
        self._before = tuple({part for parts in spaced for part in parts[:-1]})
        self._after = tuple({part for parts in spaced for part in parts[1:]})

    def marks(self, chunks: list[str]) -> Ints:
        """Return whether special cases may go on after, or before, chunks: OPENS and CLOSES, `(n,)` uint8."""
        if not self._before:
            return np.zeros(len(chunks), np.uint8)
        marks = (OPENS * chunk.endswith(self._before) | CLOSES * chunk.startswith(self._after) for chunk in chunks)
        return np.fromiter(marks, np.uint8, len(chunks))

    def are_joined(self, chunks: list[str], marks: Ints) -> bool:
        """Return whether some chunks of a text, with these marks, cannot be tokenized by themselves."""
        here, there = marks[:-1], marks[1:]
        matters = (here | there) & TOUCHY | (here & OPENS) // OPENS & (there & CLOSES) // CLOSES
        return any(self._may_join(*chunks[place : place + 2]) for place in np.flatnonzero(matters).tolist())

    def units(self, text: str) -> list[str]:
        """Return the chunks of a text, those that a sequence may join, with their spaces, as one."""
        units: list[str] = []
        chunk, end = "", 0
        for match in CHUNK.finditer(text):
            follows = chunk and text[end : match.start()] == " " and self._may_join(chunk, match[0])
            chunk, end = match[0], match.end()
            if follows:
                units[-1] += " " + chunk
            else:
                units.append(chunk)
        return units

    def _may_join(self, one: str, two: str) -> bool:
        """Return whether a sequence may go from one chunk into the next."""
        pairs = self._pairs.get(one[-1] + two[0], ())
        return any(one.endswith(last) and two.startswith(first) for last, first in pairs)


def by_patterns(recipe: TokenizerSpec) -> Iterator[list[str]]:
    """Return what the patterns alone make of each special case that is not white space."""
    return lines(recipe.tokenizer(special_cases=False)("\n".join(text for text in recipe.rules if not text.isspace())))


def lines(doc: Doc) -> Iterator[list[str]]:
    """Yield the tokens of each line of a Doc: a newline between two chunks is always a token, and alone."""
    line: list[str] = []
    for token in doc:
        if token.text == "\n":
            yield line
            line = []
        else:
            line.append(token.text)
    yield line
