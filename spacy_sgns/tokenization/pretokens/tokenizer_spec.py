"""What one of spaCy's tokenizers is made of, in plain values, from which the same one can be made elsewhere.

Of `Tokenizer` it is known from its source how it works; what is said here and in `neighbours` rests on that:

1. A text is split at white space. Each chunk, by itself, is looked up among the special cases or split by the patterns.
2. Then, in the whole Doc, each sequence of tokens that is what the patterns alone make of a special case is replaced by
   the tokens of that special case.

So chunks can be tokenized once and for all, but for step 2 where a sequence goes from one chunk into the next.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from spacy.attrs import ORTH, intify_attrs
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

METHODS = ("search", "match", "fullmatch", "finditer")
PATTERNS = ("prefix_search", "suffix_search", "infix_finditer", "token_match", "url_match")


class Pattern(NamedTuple):
    """A compiled pattern, and the method of it that is called."""

    compiled: "re.Pattern[str]"
    method: str

    @classmethod
    def of(cls, function: Any) -> "Pattern | None":
        """Return the pattern that a function is a method of, or None where it is something else."""
        owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
        if not isinstance(owner, re.Pattern) or not isinstance(owner.pattern, str) or name not in METHODS:
            return None
        return cls(owner, name)

    def function(self) -> Callable[[str], Any]:
        """Return the method."""
        return getattr(self.compiled, self.method)


@dataclass(frozen=True)
class TokenizerSpec:
    """What a tokenizer is made of. rules: the special cases, each with its tokens. patterns: by their names."""

    rules: dict[str, list[str]]
    patterns: dict[str, Pattern | None]
    faster_heuristics: bool

    @classmethod
    def from_tokenizer(cls, tokenizer: Any) -> "TokenizerSpec | None":
        """Return the recipe of a tokenizer, or None where one made by it might not give the same tokens.

        It might not if it is of another class, or if its patterns are functions of somebody's own.
        """
        if type(tokenizer) is not Tokenizer:
            return None
        functions = {name: getattr(tokenizer, name) for name in PATTERNS}
        patterns = {name: function and Pattern.of(function) for name, function in functions.items()}
        if any(functions[name] and not patterns[name] for name in PATTERNS):
            return None
        rules = {text: _tokens_of(specs) for text, specs in tokenizer.rules.items()}
        spec = cls(rules, patterns, tokenizer.faster_heuristics)
        return spec if spec._pretokens_suffice() else None

    @classmethod
    def from_json(cls, text: str) -> "TokenizerSpec":
        """Return what `to_json` was called on."""
        rules, plain, faster_heuristics = json.loads(text)
        patterns = {name: Pattern(re.compile(*how), method) for name, (how, method) in plain.items()}
        return cls(rules, {name: patterns.get(name) for name in PATTERNS}, faster_heuristics)

    def to_json(self) -> str:
        """Return the recipe as text."""
        used = {name: pattern for name, pattern in self.patterns.items() if pattern}
        plain = {n: ((p.compiled.pattern, p.compiled.flags & ~re.DEBUG), p.method) for n, p in used.items()}
        return json.dumps((self.rules, plain, self.faster_heuristics))

    def compiled(self) -> list["re.Pattern[str]"]:
        """Return the patterns themselves."""
        return [pattern.compiled for pattern in self.patterns.values() if pattern]

    def tokenizer(self, *, special_cases: bool = True) -> Tokenizer:
        """Return a new tokenizer with a vocab that knows no lexical attributes: they cost more than the tokens."""
        rules = self._specs(self.rules) if special_cases else None
        return Tokenizer(Vocab(), rules, **self._functions(), faster_heuristics=self.faster_heuristics)

    def first_step(self, vocab: Vocab) -> Tokenizer:
        """Return a new tokenizer that leaves out step 2, for chunks. vocab: of one by this recipe.

        Step 2 looks for those special cases in which the patterns find something when they are added, so the patterns
        find nothing until all are there.
        """
        added = False

        def later(name: str, function: Callable[[str], Any] | None) -> Callable[[str], Any] | None:
            nothing = () if name == "infix_finditer" else None
            return function and (lambda text: function(text) if added else nothing)

        functions = {name: later(name, function) for name, function in self._functions().items()}
        rules = self._specs(text for text in self.rules if text.split() == [text])
        tokenizer = Tokenizer(vocab, rules, **functions)
        added = True
        return tokenizer

    def _pretokens_suffice(self) -> bool:
        """Return whether `SpecialCases` covers all that this tokenizer does across white space.

        It does not cover special cases with white space other than single spaces between their parts: there, white
        space becomes a token. Nor those with parts that the patterns alone split otherwise than the special cases do:
        spaCy may have cached what the patterns alone make of these parts.
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
