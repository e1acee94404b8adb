"""Pretokens to tokens: split by spaCy, or where spaCy has split another pretoken of the same pattern class."""

from itertools import accumulate, combinations, pairwise
from typing import TypeAlias

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.tokenization.pretokens.pattern_classes import PatternClass, PatternClasses
from spacy_sgns.tokenization.pretokens.special_cases import CONTEXT_DEPENDENT, SpecialCases, tokens_by_line
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec

MAX_NEW_STRINGS = 1 << 18  # in the tokenizer's string store, which only grows; then the tokenizer is made anew
MAX_CLASSES = 1 << 17  # pattern classes whose splits are remembered
BATCH_SPANS = 500  # that spaCy tokenizes as one Doc; the splits of a batch are known in the next one
MAX_TOKENS = 5  # of a pretoken whose split is remembered for its pattern class
Bounds: TypeAlias = tuple[int, ...]  # where tokens begin, and where the last one ends
CasesAt: TypeAlias = dict[tuple[int, int], str]  # special cases by their begin and end
NO_BOUNDS: tuple[Bounds, CasesAt] = (), {}


class SpanTokens:
    """The tokens of n spans. texts: of all tokens, spans in any order. starts, sizes, flags: `n`, one per span."""

    def __init__(self, n: int) -> None:
        self.texts: list[str] = []
        self.starts, self.sizes = [0] * n, [0] * n
        self.flags: Ints = np.zeros(n, np.uint8)

    def put(self, index: int, texts: list[str]) -> None:
        """Set the tokens of a span."""
        self.starts[index], self.sizes[index] = len(self.texts), len(texts)
        self.texts += texts


class PretokenTokenizer:
    """Tokenizes spans as the spec's tokenizer does."""

    def __init__(self, spec: TokenizerSpec) -> None:
        self._spec, self._rules = spec, frozenset(spec.rules)
        self.special_cases = SpecialCases(spec)
        self._classes = PatternClasses(spec.compiled())
        self._splits: dict[PatternClass | None, tuple[Bounds, CasesAt]] = {}
        self._renew()

    def _renew(self) -> None:
        self._tokenizer = self._spec.tokenizer()
        self._first_step = self._spec.first_step(self._tokenizer.vocab)
        self._max_strings = len(self._tokenizer.vocab.strings) + MAX_NEW_STRINGS

    def tokenize(self, spans: list[str]) -> SpanTokens:
        """Return the tokens of spans."""
        if len(self._tokenizer.vocab.strings) > self._max_strings:
            self._renew()
        if len(self._splits) > MAX_CLASSES:
            self._splits.clear()
        tokens = SpanTokens(len(spans))
        for start in range(0, len(spans), BATCH_SPANS):
            unknown = self._put_known(spans, range(start, min(start + BATCH_SPANS, len(spans))), tokens)
            self._put_unknown([spans[i] for i in unknown], unknown, tokens)
        tokens.flags |= self.special_cases.flags(spans)
        return tokens

    def _put_known(self, spans: list[str], indices: range, tokens: SpanTokens) -> list[int]:
        """Set the tokens that are known without spaCy; return the indices of the other spans."""
        unknown = []
        for i in indices:
            texts = self._known(spans[i])
            tokens.put(i, texts)
            if not texts:
                unknown.append(i)
        return unknown

    def _known(self, span: str) -> list[str]:
        """Return the tokens of a span if they are known without spaCy, else an empty list.

        spaCy applies the patterns, and after each split looks up the rest among the special cases. So pretokens of one
        class are split at the same places if the same special cases, or none, stand between the same bounds.
        """
        if self._classes.ignore_letters and span.isalpha() and span not in self._rules:
            return [span]
        bounds, cases = self._splits.get(self._classes.class_of(span), NO_BOUNDS)
        if cases:
            same = self._cases_at(bounds, span) == cases
        else:
            same = self._rules.isdisjoint([span[a:b] for a, b in combinations(bounds, 2)])
        return [span[a:b] for a, b in pairwise(bounds)] if same else []

    def _put_unknown(self, spans: list[str], indices: list[int], tokens: SpanTokens) -> None:
        """Set the tokens that spaCy makes of spans, and remember their bounds for their pattern classes."""
        if not spans:
            return
        found = list(tokens_by_line(self._tokenizer("\n".join(spans))))
        dependent = self._context_dependent(spans, found)
        for span, index, texts in zip(spans, indices, found, strict=True):
            tokens.put(index, texts)
            if span in dependent:
                tokens.flags[index] = CONTEXT_DEPENDENT
            elif len(texts) <= MAX_TOKENS:
                bounds = _bounds(texts)
                self._splits.setdefault(self._classes.class_of(span), (bounds, self._cases_at(bounds, span)))
        self._splits.pop(None, None)  # of spans without a class

    def _context_dependent(self, spans: list[str], found: list[list[str]]) -> set[str]:
        """Return those of the spans that have their tokens only because of the second step, the search in the Doc."""
        suspects = [
            (span, texts)
            for span, texts in zip(spans, found, strict=True)
            if len(texts) > MAX_TOKENS or self._cases_at(_bounds(texts), span)
        ]
        first_step = tokens_by_line(self._first_step("\n".join(span for span, _ in suspects)))
        return {span for (span, texts), first in zip(suspects, first_step, strict=False) if first != texts}

    def _cases_at(self, bounds: Bounds, span: str) -> CasesAt:
        """Return the special cases between any two bounds."""
        return {(a, b): span[a:b] for a, b in combinations(bounds, 2) if span[a:b] in self._rules}


def _bounds(texts: list[str]) -> Bounds:
    return tuple(accumulate(map(len, texts), initial=0))
