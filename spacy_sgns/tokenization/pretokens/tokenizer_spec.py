"""A description of one of spaCy's tokenizers in plain values, from which an equal one can be made in another process.

spaCy's `Tokenizer` works in two steps, on which this module and `special_cases` rely (read from its source):

1. A text is split at white space. Each pretoken is looked up among the special cases, or split by the patterns.
2. Then, in the whole Doc, each sequence of tokens that the patterns alone make of a special case is replaced by the
   tokens of that special case.

So each distinct pretoken can be tokenized once, except where a sequence of step 2 crosses white space.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from spacy.attrs import ORTH, intify_attrs
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

PATTERN_METHODS = ("search", "match", "fullmatch", "finditer")
PATTERN_NAMES = ("prefix_search", "suffix_search", "infix_finditer", "token_match", "url_match")


class PatternMethod(NamedTuple):
    """A compiled pattern, and the name of the method that the tokenizer calls."""

    compiled: "re.Pattern[str]"
    method: str

    @classmethod
    def from_function(cls, function: Any) -> "PatternMethod | None":
        """Return the pattern that a function is bound to, or None if it is not a method of a pattern."""
        owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
        if not isinstance(owner, re.Pattern) or not isinstance(owner.pattern, str) or name not in PATTERN_METHODS:
            return None
        return cls(owner, name)

    def function(self) -> Callable[[str], Any]:
        """Return the bound method."""
        return getattr(self.compiled, self.method)


@dataclass(frozen=True)
class TokenizerSpec:
    """A tokenizer in plain values. rules: special case to tokens. patterns: by the tokenizer's names for them."""

    rules: dict[str, list[str]]
    patterns: dict[str, PatternMethod | None]
    faster_heuristics: bool

    @classmethod
    def from_tokenizer(cls, tokenizer: Any) -> "TokenizerSpec | None":
        """Return the spec of a tokenizer, or None where pretokens tokenized one by one might not have the same tokens.

        It is None for other classes of tokenizers, for functions that are not methods of patterns, and for special
        cases that `SpecialCases` does not cover.
        """
        if type(tokenizer) is not Tokenizer:
            return None
        functions = {name: getattr(tokenizer, name) for name in PATTERN_NAMES}
        patterns = {name: function and PatternMethod.from_function(function) for name, function in functions.items()}
        if any(functions[name] and not patterns[name] for name in PATTERN_NAMES):
            return None
        rules = {text: _tokens_of(specs) for text, specs in tokenizer.rules.items()}
        spec = cls(rules, patterns, tokenizer.faster_heuristics)
        return spec if spec._pretokens_suffice() else None

    @classmethod
    def from_json(cls, text: str) -> "TokenizerSpec":
        """Return the spec that `to_json` was called on."""
        rules, plain, faster_heuristics = json.loads(text)
        patterns = {name: PatternMethod(re.compile(*how), method) for name, (how, method) in plain.items()}
        return cls(rules, {name: patterns.get(name) for name in PATTERN_NAMES}, faster_heuristics)

    def to_json(self) -> str:
        """Return the spec as JSON."""
        used = {name: pattern for name, pattern in self.patterns.items() if pattern}
        plain = {n: ((p.compiled.pattern, p.compiled.flags & ~re.DEBUG), p.method) for n, p in used.items()}
        return json.dumps((self.rules, plain, self.faster_heuristics))

    def compiled(self) -> list["re.Pattern[str]"]:
        """Return the compiled patterns."""
        return [pattern.compiled for pattern in self.patterns.values() if pattern]

    def tokenizer(self, *, special_cases: bool = True) -> Tokenizer:
        """Return a new tokenizer. Its vocab has no lexical attributes, which would cost more time than the tokens."""
        rules = self._specs(self.rules) if special_cases else None
        return Tokenizer(Vocab(), rules, **self._functions(), faster_heuristics=self.faster_heuristics)

    def first_step(self, vocab: Vocab) -> Tokenizer:
        """Return a new tokenizer that leaves out step 2, for pretokens. vocab: that of a tokenizer by this spec.

        Step 2 searches only for special cases in which the patterns match something at the time they are added. So the
        patterns match nothing until all special cases are added.
        """
        complete = False

        def once_complete(name: str, function: Callable[[str], Any] | None) -> Callable[[str], Any] | None:
            nothing = () if name == "infix_finditer" else None
            return function and (lambda text: function(text) if complete else nothing)

        functions = {name: once_complete(name, function) for name, function in self._functions().items()}
        rules = self._specs(text for text in self.rules if text.split() == [text])
        tokenizer = Tokenizer(vocab, rules, **functions)
        complete = True
        return tokenizer

    def _pretokens_suffice(self) -> bool:
        """Return whether `SpecialCases` covers all that this tokenizer does across white space.

        It does not cover special cases with white space other than single spaces between their parts, because there
        white space becomes a token. Nor does it cover special cases if one of their parts has other tokens by the
        patterns alone than it has with special cases, because spaCy may have cached the former.
        """
        spaced = [text for text in self.rules if not text.isspace() and text.split() != [text]]
        if any(text.removesuffix(" ") != " ".join(text.split()) or not text for text in spaced):
            return False
        parts = {part for text in spaced for part in text.split()} - self.rules.keys()
        if not parts:
            return True
        docs = [self.tokenizer(special_cases=special)("\n".join(parts)) for special in (True, False)]
        first, second = ([token.text for token in doc] for doc in docs)
        return first == second

    def _functions(self) -> dict[str, Callable[[str], Any] | None]:
        return {name: pattern.function() if pattern else None for name, pattern in self.patterns.items()}

    def _specs(self, texts: Iterable[str]) -> dict[str, list[dict[int, str]]]:
        return {text: [{ORTH: token} for token in self.rules[text]] for text in texts}


def _tokens_of(specs: list[dict[Any, Any]]) -> list[str]:
    return [intify_attrs(spec, _do_deprecated=True)[ORTH] for spec in specs]
