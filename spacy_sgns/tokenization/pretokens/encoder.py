"""Texts to batches of tokens without Docs; each distinct span is tokenized once."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import compress

import numpy as np
from numpy.typing import ArrayLike

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.growable import GrowableArray, Interner
from spacy_sgns.corpus.tokens import DropKind, Forms, TokenBatch
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.tokenization.pretokens.pretoken_ids import PretokenIds
from spacy_sgns.tokenization.pretokens.tokenizer import PretokenTokenizer
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec

MAX_SPANS = 1 << 19  # remembered; then those that did not come again are forgotten
MAX_MEAN_SPAN_CHARS = 16  # of `MAX_SPANS` spans; fewer are remembered if they are longer
MAX_FORMS = 1 << 19  # remembered; then everything is forgotten


class PretokenEncoder:
    """Makes batches of the tokens that the spec's tokenizer gives, without white space. Memory is bounded.

    drop_kind: as in `Forms`.
    """

    def __init__(self, spec: TokenizerSpec, drop_kind: DropKind) -> None:
        self._drop_kind, self._tokenizer = drop_kind, PretokenTokenizer(spec)
        self._reset()

    def _reset(self) -> None:
        """Forget everything. Later batches have new `Forms`."""
        self._forms = Forms(self._drop_kind)
        self._form_ids: Interner[str] = Interner()
        self._span_ids: Interner[str] = Interner()
        self._pretoken_ids = PretokenIds(self._ids_of)
        self._table = _SpanTable()
        self._chars = 0  # of all spans

    def encode(self, pieces: Sequence[Piece]) -> TokenBatch:
        """Return the tokens of pieces of texts."""
        with _without_gc():
            self._limit_memory()
            spans, sizes = self._spans([text for text, _ in pieces])
            self._table.record_use(spans)
            form_ids, stops = self._table.form_ids(spans)
            closed = np.fromiter((last for _, last in pieces), bool, len(pieces))
            ends = np.append(stops, 0).take(np.cumsum(sizes)[closed] - 1)  # index -1 if no span comes before: 0
            return TokenBatch(form_ids, ends, ends, self._forms)

    def _limit_memory(self) -> None:
        if len(self._form_ids) > MAX_FORMS:
            self._reset()
        if len(self._span_ids) > MAX_SPANS or self._chars > MAX_MEAN_SPAN_CHARS * MAX_SPANS:
            self._forget_unused()

    def _forget_unused(self) -> None:
        """Forget the spans that have not come again since they were added, or since the last call."""
        used = self._table.used()
        if 2 * used.sum() > MAX_SPANS:
            return self._reset()
        self._span_ids = Interner(compress(self._span_ids, used.tolist()))
        self._table = self._table.only(used)
        self._pretoken_ids.renumber(np.where(used, np.cumsum(used) - 1, -1))
        self._chars = sum(map(len, self._span_ids))

    def _spans(self, texts: list[str]) -> tuple[Ints, Ints]:
        """Return the ids of the spans of texts, `(n,)`, and the number of spans per text, `(texts,)`."""
        ids, sizes = self._pretoken_ids.ids(texts)
        flags = self._table.flags(ids)
        bounds = np.concatenate(([0], np.cumsum(sizes)))
        by_text = np.split(ids, bounds[1:-1])
        special_cases = self._tokenizer.special_cases
        for i in np.unique(np.searchsorted(bounds, np.flatnonzero(flags), "right") - 1).tolist():
            if special_cases.any_joined(texts[i].split(), flags[bounds[i] : bounds[i + 1]]):
                by_text[i] = self._ids_of(special_cases.spans(texts[i]))
        return np.concatenate(by_text), np.fromiter(map(len, by_text), np.int64, len(by_text))

    def _ids_of(self, spans: list[str]) -> Ints:
        """Return the ids of spans, `(n,)` int32. New ones are tokenized and added to the table."""
        ids = np.fromiter(map(self._span_ids.__getitem__, spans), np.int32, len(spans))
        if new := self._span_ids.take_new():
            tokens = self._tokenizer.tokenize(new)
            form_ids = np.fromiter(map(self._form_ids.__getitem__, tokens.texts), np.int32, len(tokens.texts))
            self._table.add(form_ids, tokens.starts, tokens.sizes, tokens.flags)
            self._forms.texts.extend(self._form_ids.take_new())
            self._chars += sum(map(len, new))
        return ids


class _SpanTable:
    """The tokens of spans as ids of forms, with the flags of `SpecialCases`; rows by the ids of the spans."""

    def __init__(self) -> None:
        self._form_ids = GrowableArray(np.int32)  # of all spans
        self._starts, self._sizes = GrowableArray(np.int64), GrowableArray(np.int64)  # of the tokens of each span
        self._flags, self._used = GrowableArray(np.uint8), GrowableArray(bool)

    def add(self, form_ids: Ints, starts: ArrayLike, sizes: ArrayLike, flags: Ints) -> None:
        """Append n spans. starts: `(n,)`, where the tokens of each span begin in `form_ids`."""
        self._starts.extend(np.asarray(starts) + self._form_ids.size)
        self._form_ids.extend(form_ids)
        self._sizes.extend(sizes)
        self._flags.extend(flags)

    def flags(self, spans: Ints) -> Ints:
        """Return the flags of spans."""
        return self._flags.values.take(spans)

    def form_ids(self, spans: Ints) -> tuple[Ints, Ints]:
        """Return the tokens of spans, one span after the other, and where those of each span end."""
        sizes = self._sizes.values.take(spans)
        stops = np.cumsum(sizes)
        shifts = self._starts.values.take(spans) - (stops - sizes)
        return self._form_ids.values.take(np.arange(sizes.sum()) + np.repeat(shifts, sizes)), stops

    def record_use(self, spans: Ints) -> None:
        """Record that spans came again. Spans that were added since the last call came for the first time."""
        self._used.values[spans[spans < self._used.size]] = True
        self._used.extend(np.zeros(self._sizes.size - self._used.size, bool))

    def used(self) -> Ints:
        """Return whether each span came again, `(spans,)` bool."""
        return self._used.values

    def only(self, kept: Ints) -> "_SpanTable":
        """Return a table of the spans for which `kept`, `(spans,)` bool, is true."""
        table, sizes = _SpanTable(), self._sizes.values[kept]
        form_ids, stops = self.form_ids(np.flatnonzero(kept))
        table.add(form_ids, stops - sizes, sizes, self._flags.values[kept])
        return table


@contextmanager
def _without_gc() -> Iterator[None]:
    """Disable garbage collection: it would traverse all remembered strings again and again, and find nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
