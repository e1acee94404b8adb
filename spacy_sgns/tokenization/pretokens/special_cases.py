"""Which pretokens of a text must be tokenized together, because special cases cross the white space between them.

spaCy looks for the token sequences of special cases in the whole Doc (see `tokenizer_spec`). Such a sequence may begin
in one pretoken and end in the next, as `( :` does with the special case `(:`. Between them there must be one plain
space, because any other white space is a token itself. A sequence across a space

- is replaced only if the special case has that space too, as the Spanish `EE. UU.` does;
- otherwise is not replaced, but keeps every overlapping sequence that is not longer from being replaced: in `( :)x` it
  undoes `:)`.

It never causes a replacement that would not happen without it. So the tokens of a pretoken depend on its neighbours in
two cases only: if a special case was put into them by the search in the Doc, or if a special case with a space may
begin or end there. Only the borders of such pretokens are examined.

A *span* is a pretoken, or several of them joined by spaces because their tokens depend on each other.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from spacy.tokens import Doc

from spacy_sgns.arrays import Ints
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec

PRETOKEN = re.compile(r"\S+")
CONTEXT_DEPENDENT = 1  # flag: neighbours may undo a special case in the tokens
MAY_OPEN = 2  # flag: a special case with a space may begin here and go on after it
MAY_CLOSE = 4  # flag: a special case with a space may end here


class SpecialCases:
    """Finds the pretokens of a text that special cases may join."""

    def __init__(self, spec: TokenizerSpec) -> None:
        self._pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)  # by the characters at their common border
        for tokens in pattern_tokens(spec):
            for left, right in pairwise(tokens):
                self._pairs[left[-1] + right[0]].append((left, right))
        spaced = [text.split(" ") for text in spec.rules if not text.isspace()]
        self._openings = tuple({part for parts in spaced for part in parts[:-1]})
        self._closings = tuple({part for parts in spaced for part in parts[1:]})

    def flags(self, pretokens: list[str]) -> Ints:
        """Return which pretokens a special case with a space may open or close, `(n,)` uint8."""
        if not self._openings:
            return np.zeros(len(pretokens), np.uint8)
        flags = (MAY_OPEN * p.endswith(self._openings) | MAY_CLOSE * p.startswith(self._closings) for p in pretokens)
        return np.fromiter(flags, np.uint8, len(pretokens))

    def any_joined(self, pretokens: list[str], flags: Ints) -> bool:
        """Return whether any of a text's pretokens, with these flags `(n,)`, cannot be tokenized alone."""
        left, right = flags[:-1], flags[1:]
        across = (left & MAY_OPEN) // MAY_OPEN & (right & MAY_CLOSE) // MAY_CLOSE
        borders = np.flatnonzero((left | right) & CONTEXT_DEPENDENT | across)
        return any(self._may_join(*pretokens[i : i + 2]) for i in borders.tolist())

    def spans(self, text: str) -> list[str]:
        """Return the spans of a text."""
        spans: list[str] = []
        last, end = "", 0
        for match in PRETOKEN.finditer(text):
            joined = last and text[end : match.start()] == " " and self._may_join(last, match[0])
            last, end = match[0], match.end()
            if joined:
                spans[-1] += " " + last
            else:
                spans.append(last)
        return spans

    def _may_join(self, left: str, right: str) -> bool:
        """Return whether a sequence may go from one pretoken into the next."""
        pairs = self._pairs.get(left[-1] + right[0], ())
        return any(left.endswith(before) and right.startswith(after) for before, after in pairs)


def pattern_tokens(spec: TokenizerSpec) -> Iterator[list[str]]:
    """Yield the tokens that the patterns alone make of each special case that is not white space."""
    text = "\n".join(text for text in spec.rules if not text.isspace())
    return tokens_by_line(spec.tokenizer(special_cases=False)(text))


def tokens_by_line(doc: Doc) -> Iterator[list[str]]:
    """Yield the tokens of each line of a Doc. A newline between two pretokens is always a token of its own."""
    line: list[str] = []
    for token in doc:
        if token.text == "\n":
            yield line
            line = []
        else:
            line.append(token.text)
    yield line
