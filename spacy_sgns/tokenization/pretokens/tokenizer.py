"""How chunks are cut into tokens: by spaCy, or as others of the same shape were cut by it."""

from itertools import accumulate, combinations, pairwise
from typing import TypeAlias

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.tokenization.pretokens.pattern_classes import PatternClasses, Shape
from spacy_sgns.tokenization.pretokens.special_cases import TOUCHY, SpecialCases, lines
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec

MOST_STRINGS = 1 << 18  # new ones in a tokenizer's store before it is made anew: spaCy never forgets a string
MOST_SHAPES = 1 << 17  # known at once
TOGETHER = 500  # chunks that are cut together: enough for one Doc, and the next ones profit from their shapes
LONG = 6  # tokens from which on a chunk does not stand for others of its shape
Bounds: TypeAlias = tuple[int, ...]
Special: TypeAlias = dict[tuple[int, int], str]
ANY: Special = {(0, 0): ""}
UNKNOWN: tuple[Bounds, Special] = (), {}


class Tokens:
    """The tokens of some units: their texts, in any order, and of each unit where they begin, how many, its marks."""

    def __init__(self, units: int) -> None:
        self.texts: list[str] = []
        self.starts, self.sizes = [0] * units, [0] * units
        self.marks: Ints = np.zeros(units, np.uint8)


class Cutter:
    """Cuts units as the recipe's tokenizer does. A unit is a chunk, or several that have to be looked at together."""

    def __init__(self, recipe: TokenizerSpec) -> None:
        self._recipe, self._rules = recipe, frozenset(recipe.rules)
        self.neighbours = SpecialCases(recipe)
        self._shapes = PatternClasses(recipe.compiled())
        self._cuts: dict[Shape | None, tuple[Bounds, Special]] = {}
        self._renew()

    def _renew(self) -> None:
        self._tokenizer = self._recipe.tokenizer()
        self._first_step = self._recipe.first_step(self._tokenizer.vocab)
        self._most = len(self._tokenizer.vocab.strings) + MOST_STRINGS

    def cut(self, units: list[str]) -> Tokens:
        """Return the tokens of units."""
        if len(self._tokenizer.vocab.strings) > self._most:
            self._renew()
        if len(self._cuts) > MOST_SHAPES:
            self._cuts.clear()
        tokens = Tokens(len(units))
        for start in range(0, len(units), TOGETHER):
            unknown = self._put_known(units, range(start, min(start + TOGETHER, len(units))), tokens)
            self._put_unknown([units[place] for place in unknown], unknown, tokens)
        tokens.marks |= self.neighbours.marks(units)
        return tokens

    def _put_known(self, units: list[str], places: range, tokens: Tokens) -> list[int]:
        """Put the tokens of units that can be cut without spaCy; return the places of the others."""
        unknown = []
        for place in places:
            texts = self._known(units[place])
            if not texts:
                unknown.append(place)
            tokens.starts[place], tokens.sizes[place] = len(tokens.texts), len(texts)
            tokens.texts += texts
        return unknown

    def _known(self, unit: str) -> list[str]:
        """Return the tokens of a unit that can be cut without spaCy, else nothing.

        A tokenizer asks its patterns, and looks among the special cases for what is left after each cut. So chunks of
        one shape are cut alike if the same special cases, or none, stand between the same cuts.
        """
        if self._shapes.silent_in_letters and unit.isalpha() and unit not in self._rules:
            return [unit]
        bounds, special = self._cuts.get(self._shapes.of(unit), UNKNOWN)
        if special:
            fits = self._special_between(bounds, unit) == special
        else:
            fits = self._rules.isdisjoint([unit[a:b] for a, b in combinations(bounds, 2)])
        return [unit[a:b] for a, b in pairwise(bounds)] if fits else []

    def _put_unknown(self, units: list[str], places: list[int], tokens: Tokens) -> None:
        """Put the tokens that spaCy gives, and remember what they mean for others of their shape."""
        if not units:
            return
        every = list(lines(self._tokenizer("\n".join(units))))
        specials = [self._special_in(unit, texts) for unit, texts in zip(units, every, strict=True)]
        touchy = self._touchy(
            [(unit, texts) for unit, texts, special in zip(units, every, specials, strict=True) if special]
        )
        for unit, place, texts, special in zip(units, places, every, specials, strict=True):
            tokens.starts[place], tokens.sizes[place] = len(tokens.texts), len(texts)
            tokens.texts += texts
            if unit in touchy:
                tokens.marks[place] = TOUCHY
            elif len(texts) < LONG:
                bounds = tuple(accumulate(map(len, texts), initial=0))
                self._cuts.setdefault(self._shapes.of(unit), (bounds, special))
        self._cuts.pop(None, None)  # what has no shape

    def _touchy(self, suspects: list[tuple[str, list[str]]]) -> set[str]:
        """Return those of some units, which come with their tokens, that have these because of step 2."""
        by_first_step = lines(self._first_step("\n".join(unit for unit, _ in suspects)))
        return {unit for (unit, texts), first in zip(suspects, by_first_step, strict=False) if first != texts}

    def _special_in(self, unit: str, tokens: list[str]) -> Special:
        """Return the special cases that stand between any two cuts of a unit; of a long one, that there may be some."""
        if len(tokens) >= LONG:
            return ANY
        return self._special_between(tuple(accumulate(map(len, tokens), initial=0)), unit)

    def _special_between(self, bounds: Bounds, unit: str) -> Special:
        return {(a, b): unit[a:b] for a, b in combinations(bounds, 2) if unit[a:b] in self._rules}
