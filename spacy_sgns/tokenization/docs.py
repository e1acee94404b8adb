"""Texts to Docs where it takes Docs to know the tokens, and Docs to batches of tokens."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from spacy.attrs import IS_CURRENCY, IS_PUNCT, IS_STOP, LIKE_EMAIL, LIKE_NUM, LIKE_URL, ORTH
from spacy.lang.lex_attrs import LEX_ATTRS
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.growable import Interner
from spacy_sgns.corpus.id_cache import IdCache
from spacy_sgns.corpus.tokens import SPACE, DropKind, Forms, TokenBatch, TokenBatches
from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.source import Piece, portions

MIN_BATCH_TOKENS = 1 << 17  # tokens in a batch
MAX_NEW_STRINGS = 500_000  # a string store that has grown by so many is renewed; it never forgets by itself
MAX_CACHED_STRINGS = (
    1 << 16
)  # strings between spaces whose tokens spaCy remembers; it comes with room for the first 10,000
KIND_ATTRS = {
    "punct": IS_PUNCT,
    "number": LIKE_NUM,
    "stop": IS_STOP,
    "url": LIKE_URL,
    "email": LIKE_EMAIL,
    "currency": IS_CURRENCY,
}


class KindFilter:
    """Decides which forms are left out, by the lexical attributes of a vocab's language."""

    def __init__(self, vocab: Any, drop: Sequence[str]) -> None:
        getters = {**LEX_ATTRS, **vocab.lex_attr_getters}  # a bare Vocab has none
        self._getters = [(kind, getters[KIND_ATTRS[kind]]) for kind in drop]

    def drop_kind(self, text: str) -> str:
        """Return the first kind to be dropped that a form is of; white space is `SPACE`; "" if it is kept."""
        if not text or text.isspace():
            return SPACE
        return next((kind for kind, getter in self._getters if getter(text)), "")


class DocMaker:
    """Makes Docs of texts as a pipeline makes them: its tokenizer, and its components as far as they change tokens.

    make: returns the pipeline; called again when its string store has grown large. sentences: go as far as the
    component that sets them; SgnsError if there is none. tokenizer_only: no component is needed.
    """

    def __init__(self, make: Callable[[], Language], *, sentences: bool = False) -> None:
        self._make = make
        self._renew()
        self._disable = _not_needed(self.nlp, sentences)
        self.tokenizer_only = len(self._disable) == len(self.nlp.pipe_names)

    def docs(self, pieces: Iterable[Piece]) -> Iterator[tuple[Doc, bool]]:
        """Yield a Doc of each piece, and whether it closes a text."""
        for portion in portions(pieces):
            texts = [piece.text for piece in portion]
            for doc, piece in zip(self._pipe(texts), portion, strict=True):
                yield doc, piece.last
            if len(self.nlp.vocab.strings) > self._most:
                self._renew()

    def _renew(self) -> None:
        self.nlp = self._make()
        self._most = len(self.nlp.vocab.strings) + MAX_NEW_STRINGS
        if hasattr(self.nlp.tokenizer, "max_cache_size"):
            self.nlp.tokenizer.max_cache_size = MAX_CACHED_STRINGS

    def _pipe(self, texts: list[str]) -> Iterable[Doc]:
        if not self.tokenizer_only:
            return self.nlp.pipe(texts, disable=self._disable)
        return map(self.nlp.tokenizer, texts)  # not every tokenizer has a `pipe`


class DocTokens(NamedTuple):
    """Tokens of one text after the other. keys: their hashes, `(n,)` uint64. ends: of contexts. text_ends: of texts.

    strings: tells the texts of the hashes by `[]`.
    """

    keys: Ints
    ends: list[int]
    text_ends: list[int]
    strings: Any


def batches_of_docs(docs: Iterable[Doc], vocab: Vocab, drop: Sequence[str], *, sentences: bool) -> TokenBatches:
    """Yield the tokens of Docs, gone through once. vocab: its language decides which kinds are dropped."""
    return batch_doc_tokens((doc_tokens(doc, True, sentences) for doc in docs), KindFilter(vocab, drop).drop_kind)


def doc_tokens(doc: Doc, last: bool, sentences: bool) -> DocTokens:
    """Return the tokens of a Doc; `last` closes a text. A context is a text or, where these are asked for, a sentence.

    A sentence ends with its piece too: whether it goes on in the next piece is not known. Raises SgnsError if there
    are no sentences.
    """
    text_ends = [len(doc)] * last
    if not sentences:
        ends = text_ends
    elif doc.has_annotation("SENT_START"):
        ends = [*(sentence.end for sentence in doc.sents), *text_ends]
    else:
        raise SgnsError("within_sentences needs Docs with sentences: add a sentencizer to the pipeline.")
    return DocTokens(doc.to_array(ORTH), ends, text_ends, doc.vocab.strings)


def batch_doc_tokens(every: Iterable[DocTokens], drop_kind: DropKind) -> TokenBatches:
    """Yield tokens in batches."""
    gathering = _Gathering(drop_kind)
    for words in every:
        if gathering.is_due(words):
            yield gathering.batch()
        gathering.add(words)
    yield gathering.batch()


def as_docs(docs: Iterable[Doc | Example]) -> Iterator[Doc]:
    """Yield Docs, of Examples the reference. Raises SgnsError for anything else."""
    for doc in docs:
        if not isinstance(doc, Doc | Example):
            raise SgnsError(f"Docs are needed, got {type(doc).__name__}. Make Docs of texts: nlp.pipe(texts).")
        yield doc.reference if isinstance(doc, Example) else doc


class _Gathering:
    """Tokens on their way into a batch, those with one string store in each."""

    def __init__(self, drop_kind: DropKind) -> None:
        self._forms = Forms(drop_kind)
        self._numbers: Interner[int] = Interner()  # of forms by their hash, which is the same in every store
        self._slots = IdCache(1)
        self._begin()

    def _begin(self) -> None:
        self._keys: list[Ints] = []
        self._ends: list[int] = []
        self._text_ends: list[int] = []
        self._size = 0
        self._strings: Any = None

    def is_due(self, words: DocTokens) -> bool:
        """Return whether the batch ends before these tokens."""
        return self._size > MIN_BATCH_TOKENS or (self._size > 0 and words.strings is not self._strings)

    def add(self, words: DocTokens) -> None:
        """Add tokens to the batch."""
        self._keys.append(words.keys)
        self._ends += [self._size + end for end in words.ends]
        self._text_ends += [self._size + end for end in words.text_ends]
        self._size += len(words.keys)
        self._strings = words.strings

    def batch(self) -> TokenBatch:
        """Return the batch, and begin the next one."""
        keys = np.concatenate(self._keys) if self._keys else np.zeros(0, np.uint64)
        numbers = self._slots.ids(keys[:, None], lambda places: self._looked_up(keys[places]))
        self._forms.texts.extend([self._strings[key] for key in self._numbers.take_new()])
        ends, text_ends = np.array(self._ends, np.int64), np.array(self._text_ends, np.int64)
        batch = TokenBatch(numbers, ends, text_ends, self._forms)
        self._begin()
        return batch

    def _looked_up(self, keys: Ints) -> Ints:
        return np.fromiter(map(self._numbers.__getitem__, keys.tolist()), np.int32, len(keys))


def _not_needed(nlp: Language, sentences: bool) -> list[str]:
    """Return the components after the last that changes tokens or, where they are asked for, sets sentences."""
    metas = [nlp.get_pipe_meta(name) for name in nlp.pipe_names]
    setters = [i for i, meta in enumerate(metas) if {"doc.sents", "token.is_sent_start"} & set(meta.assigns)]
    if sentences and not setters:
        raise SgnsError("within_sentences needs a pipeline that sets sentences: add a sentencizer to it.")
    needed = [i for i, meta in enumerate(metas) if meta.retokenizes] + (setters[-1:] if sentences else [])
    return nlp.pipe_names[max(needed, default=-1) + 1 :]
