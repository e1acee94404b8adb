"""Texts in, batches of tokens out, without Docs: each distinct chunk between white space is cut into tokens once."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import compress

import numpy as np
from numpy.typing import ArrayLike

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.growable import GrowableArray, Interner
from spacy_sgns.corpus.tokens import DropKind, Forms, TokenBatch
from spacy_sgns.sources.source import Piece
from spacy_sgns.tokenization.pretokens.pretoken_ids import PretokenIds
from spacy_sgns.tokenization.pretokens.tokenizer import Cutter
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec

MOST_UNITS = 1 << 19  # known before those are forgotten that were not met again
MOST_FORMS = 1 << 19  # met before everything is forgotten
USUAL = 16  # characters of a unit; where they are longer, fewer are known


class PretokenEncoder:
    """Makes batches of texts with the tokens that the recipe's tokenizer gives, without white space.

    drop_kind: as in `Forms`. Memory is bounded. A unit is a chunk or, where their tokens
    depend on each other, several.
    """

    def __init__(self, recipe: TokenizerSpec, drop_kind: DropKind) -> None:
        self._left_out, self._cutter = drop_kind, Cutter(recipe)
        self._begin()

    def _begin(self) -> None:
        """Forget everything. The forms get new numbers from here on."""
        self._forms = Forms(self._left_out)
        self._form: Interner[str] = Interner()
        self._unit: Interner[str] = Interner()
        self._look_up = PretokenIds(self._number_of)
        self._table = _Table()
        self._characters = 0

    def encode(self, portion: Sequence[Piece]) -> TokenBatch:
        """Return the tokens of some pieces."""
        with _without_gc():
            self._make_room()
            units, sizes = self._units([text for text, _ in portion])
            self._table.meet(units)
            numbers, stops = self._table.numbers(units)
            closed = np.fromiter((last for _, last in portion), bool, len(portion))
            ends = np.append(stops, 0).take(np.cumsum(sizes)[closed] - 1)  # if there is no unit before: the last, 0
            return TokenBatch(numbers, ends, ends, self._forms)

    def _make_room(self) -> None:
        if len(self._form) > MOST_FORMS:
            self._begin()
        if len(self._unit) > MOST_UNITS or self._characters > USUAL * MOST_UNITS:
            self._forget()

    def _forget(self) -> None:
        """Forget the units that were not met again since they were learnt, or since the last time."""
        kept = self._table.met()
        if 2 * kept.sum() > MOST_UNITS:
            return self._begin()
        self._unit = Interner(compress(self._unit, kept.tolist()))
        self._table = self._table.only(kept)
        self._look_up.renumber(np.where(kept, np.cumsum(kept) - 1, -1))
        self._characters = sum(map(len, self._unit))

    def _units(self, texts: list[str]) -> tuple[Ints, Ints]:
        """Return the units of texts, one text after the other, and how many each text has."""
        units, sizes = self._look_up.ids(texts)
        marks = self._table.marks(units)
        bounds = np.concatenate(([0], np.cumsum(sizes)))
        parts = np.split(units, bounds[1:-1])
        for i in np.unique(np.searchsorted(bounds, np.flatnonzero(marks), "right") - 1).tolist():
            if self._cutter.neighbours.are_joined(texts[i].split(), marks[bounds[i] : bounds[i + 1]]):
                parts[i] = self._number_of(self._cutter.neighbours.units(texts[i]))
        return np.concatenate(parts), np.fromiter(map(len, parts), np.int64, len(parts))

    def _number_of(self, units: list[str]) -> Ints:
        """Return the numbers of units, `(n,)` int32; those that are new are learnt."""
        numbers = np.fromiter(map(self._unit.__getitem__, units), np.int32, len(units))
        if new := self._unit.take_new():
            tokens = self._cutter.cut(new)
            forms = np.fromiter(map(self._form.__getitem__, tokens.texts), np.int32, len(tokens.texts))
            self._table.add(forms, tokens.starts, tokens.sizes, tokens.marks)
            self._forms.texts.extend(self._form.take_new())
            self._characters += sum(map(len, new))
        return numbers


class _Table:
    """The tokens of units, by the units' numbers."""

    def __init__(self) -> None:
        self._tokens, self._starts, self._sizes = (
            GrowableArray(np.int32),
            GrowableArray(np.int64),
            GrowableArray(np.int64),
        )
        self._marks, self._met = GrowableArray(np.uint8), GrowableArray(bool)

    def add(self, tokens: Ints, starts: ArrayLike, sizes: ArrayLike, marks: Ints) -> None:
        """Append units. starts: where those of each one begin among these tokens."""
        self._starts.extend(np.asarray(starts) + self._tokens.size)
        self._tokens.extend(tokens)
        self._sizes.extend(sizes)
        self._marks.extend(marks)

    def marks(self, units: Ints) -> Ints:
        """Return the marks of units."""
        return self._marks.values.take(units)

    def numbers(self, units: Ints) -> tuple[Ints, Ints]:
        """Return the tokens of units, and where those of each unit end."""
        sizes = self._sizes.values.take(units)
        stops = np.cumsum(sizes)
        before = self._starts.values.take(units) - (stops - sizes)
        return self._tokens.values.take(np.arange(sizes.sum()) + np.repeat(before, sizes)), stops

    def meet(self, units: Ints) -> None:
        """Take down which units were met again: those that were there at the last call."""
        self._met.values[units[units < self._met.size]] = True
        self._met.extend(np.zeros(self._sizes.size - self._met.size, bool))

    def met(self) -> Ints:
        """Return of each unit whether it was met again, `(n,)` bool."""
        return self._met.values

    def only(self, kept: Ints) -> "_Table":
        """Return a table of those units for which `kept`, `(n,)` bool, is true."""
        table, sizes = _Table(), self._sizes.values[kept]
        tokens, stops = self.numbers(np.flatnonzero(kept))
        table.add(tokens, stops - sizes, sizes, self._marks.values[kept])
        return table


@contextmanager
def _without_gc() -> Iterator[None]:
    """Leave out garbage collection: it looks through all that is known again and again, and here nothing is garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
