"""Texts in Python, whatever holds them, to batches of tokens: strings, dicts, lists of tokens, Docs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from math import isnan
from numbers import Real
from os import PathLike
from typing import Any, NamedTuple

import numpy as np
from spacy.tokens import Doc, Span
from spacy.training import Example

from spacy_sgns.corpus.growable import Interner
from spacy_sgns.corpus.tokens import Forms, TokenBatch, TokenBatches
from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.fields import ABSENT, MissingTexts, field_value
from spacy_sgns.sources.splitting import Piece, piece_batches, split, split_long_words
from spacy_sgns.sources.stats import Stats, Warn
from spacy_sgns.tokenization.docs import MIN_BATCH_TOKENS, DocMaker, KindFilter, as_docs, batches_of_docs
from spacy_sgns.tokenization.source_tokens import count_splits, last_batch, text_tokens

WANTED = "Wanted: strings, dicts with text in a field, lists of tokens, Docs or Examples"
MISSING_TYPES = ("NAType", "NaTType")  # of pandas, which need not be installed


class Reading(NamedTuple):
    """How items are read. maker: returns the `DocMaker` of the pipeline, where its tokenizer or language is needed."""

    maker: Callable[[], DocMaker]
    drop: Sequence[str]
    sentences: bool
    workers: int
    stats: Stats


class Kind(NamedTuple):
    """A kind of item. tokens: returns the tokens of all items."""

    types: tuple[type, ...]
    tokens: Callable[[Iterator[Any], Reading], TokenBatches]


def item_tokens(
    items: Iterable[Any],
    maker: Callable[[], DocMaker],
    drop: Sequence[str],
    *,
    field: str,
    sentences: bool,
    warn: Warn,
    workers: int = 1,
) -> TokenBatches:
    """Yield the tokens of items of one kind, which are iterated over once. A string has the same tokens as in a file.

    maker: as in `Reading`. field: of dicts, holds the text. Items without text (None, NaN, and dicts whose field is
    missing or null) are skipped and counted in `texts_missing`. Raises SgnsError for an item of another kind.
    """
    stats = Stats()
    missing = MissingTexts(field, stats)
    of_one_kind = _of_one_kind(items, missing)
    reading = Reading(maker, drop, sentences, workers, stats)
    for kind, value in islice(of_one_kind, 1):
        yield from KINDS[kind].tokens(chain([value], (later for _, later in of_one_kind)), reading)
    if missing.number:
        warn(f"Items without text that were skipped: {missing.number:,}. The first is {missing.first_place}.")
    yield last_batch(stats)


def check_items(items: Any) -> None:
    """Raise SgnsError for what holds no texts, or only seems to: a string, a table, a single Doc."""
    if isinstance(items, str | bytes | PathLike):
        what, todo = "one text or path", "Put it into a list; of a file, pass the lines: open(path, encoding='utf8')"
    elif hasattr(items, "columns") or isinstance(items, Mapping):
        names = ", ".join(map(str, getattr(items, "columns", items)))[:200]
        what, todo = f"a table with {names}", "Pass the column that holds the texts: table['text']"
    elif isinstance(items, Doc | Example | Span):
        what, todo = "a single text", "Put it into a list"
    elif not isinstance(items, Iterable):
        what, todo = repr(items)[:100], WANTED
    else:
        return
    raise SgnsError(f"An iterable of texts is needed, got {type(items).__name__}: {what}. {todo}.")


def _of_one_kind(items: Iterable[Any], missing: MissingTexts) -> Iterator[tuple[str, Any]]:
    """Yield the kind and the value of each item that is not missing. Raises SgnsError if kinds are mixed."""
    first = ""
    for number, item in enumerate(items):
        place, is_record = f"texts[{number}]", isinstance(item, Mapping)
        value = field_value(item, missing.field) if is_record else item
        if value is ABSENT or _is_missing(value):
            missing.skip(item if is_record else None, place)
            continue
        missing.found()
        place += f"[{missing.field!r}]" * is_record
        kind = _checked_kind(value, place)
        title = f"dicts of {kind}" if is_record else kind
        first = first or title
        if title != first:
            raise SgnsError(f"{place} is among {first}, and belongs to the {title}. All texts must be of one kind.")
        yield kind, value
    missing.check()


def _is_missing(value: Any) -> bool:
    """Return whether a value is None, NaN, or what pandas has in their place."""
    if isinstance(value, Real) and not isinstance(value, int):
        return isnan(value)
    return value is None or type(value).__name__ in MISSING_TYPES


def _checked_kind(value: Any, place: str) -> str:
    """Return the kind of an item. Raises SgnsError if there is none, or if its text is not valid Unicode."""
    kind = next((name for name, kind in KINDS.items() if isinstance(value, kind.types)), None)
    if kind is None:
        raise SgnsError(f"{place} is {type(value).__name__} ({repr(value)[:60]}). {WANTED}.")
    if isinstance(value, list | tuple):
        for at, token in enumerate(value):
            if not isinstance(token, str):
                raise SgnsError(
                    f"{place}[{at}] is {type(token).__name__} ({repr(token)[:60]}). Wanted: a token, which is a string."
                )
    try:
        "".join(value if isinstance(value, str | list | tuple) else ()).encode()
    except UnicodeEncodeError as error:
        raise SgnsError(
            f"{place} has half of a surrogate pair, {error.object[error.start]!a}: it was cut within a character, or "
            "decoded wrongly. Repair it."
        ) from error
    return kind


def _tokens_of_strings(texts: Iterator[str], reading: Reading) -> TokenBatches:
    maker, stats = reading.maker(), reading.stats
    batches = count_splits(piece_batches(_pieces(texts, stats)), maker, stats)
    drop_kind = KindFilter(maker.nlp.vocab, reading.drop).drop_kind
    yield from text_tokens(batches, maker, drop_kind, 0, sentences=reading.sentences, workers=reading.workers)


def _pieces(texts: Iterator[str], stats: Stats) -> Iterator[Piece]:
    for text in texts:
        for piece in split(text):
            yield from split_long_words(piece, stats)


def _tokens_of_lists(lists: Iterator[Sequence[str]], reading: Reading) -> TokenBatches:
    """Yield the tokens of lists; each list is a text."""
    if reading.sentences:
        raise SgnsError(
            "within_sentences needs texts or Docs: a list of tokens has no sentences. Give each sentence as a list, "
            "and leave within_sentences out."
        )
    forms, ids = Forms(KindFilter(reading.maker().nlp.vocab, reading.drop).drop_kind), Interner[str]()
    form_ids, ends = list[int](), list[int]()
    for tokens in lists:
        form_ids += map(ids.__getitem__, tokens)
        ends.append(len(form_ids))
        if len(form_ids) > MIN_BATCH_TOKENS:
            yield _batch(form_ids, ends, forms, ids)
            form_ids, ends = [], []
    yield _batch(form_ids, ends, forms, ids)


def _batch(form_ids: list[int], ends: list[int], forms: Forms, ids: Interner[str]) -> TokenBatch:
    forms.texts.extend(ids.take_new())
    places = np.array(ends, np.int64)
    return TokenBatch(np.array(form_ids, np.int32), places, places, forms)


def _tokens_of_docs(docs: Iterator[Doc | Example], reading: Reading) -> TokenBatches:
    own = as_docs(docs)
    first = next(own)
    yield from batches_of_docs(chain([first], own), first.vocab, reading.drop, sentences=reading.sentences)


KINDS = {
    "strings": Kind((str,), _tokens_of_strings),
    "lists of tokens": Kind((list, tuple), _tokens_of_lists),
    "Docs": Kind((Doc, Example), _tokens_of_docs),
}
