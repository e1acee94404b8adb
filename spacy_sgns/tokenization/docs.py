"""Texts to Docs, where only Docs give the tokens, and Docs to batches of tokens."""

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
from spacy_sgns.sources.splitting import Piece, piece_batches
from spacy_sgns.tokenization.languages import tokenizer_error

MIN_BATCH_TOKENS = 1 << 17
MAX_NEW_STRINGS = 500_000  # in a pipeline's string store, which only grows; then the pipeline is made anew
MAX_CACHED_STRINGS = 1 << 16  # pretokens in the tokenizer's cache; spaCy's default is 10,000
KIND_ATTRS = {
    "punct": IS_PUNCT,
    "number": LIKE_NUM,
    "stop": IS_STOP,
    "url": LIKE_URL,
    "email": LIKE_EMAIL,
    "currency": IS_CURRENCY,
}


class KindFilter:
    """Decides which forms are dropped, by the lexical attributes of a vocab's language. drop: the kinds to drop."""

    def __init__(self, vocab: Any, drop: Sequence[str]) -> None:
        getters = {**LEX_ATTRS, **vocab.lex_attr_getters}  # a bare Vocab has no getters
        self._getters = [(kind, getters[KIND_ATTRS[kind]]) for kind in drop]

    def drop_kind(self, text: str) -> str:
        """Return the first kind to drop that a form is of, `SPACE` for white space, "" to keep the form."""
        if not text or text.isspace():
            return SPACE
        return next((kind for kind, getter in self._getters if getter(text)), "")


class DocMaker:
    """Makes Docs of texts by a pipeline's tokenizer and those of its components that change tokens.

    make: returns the pipeline; called again when its string store has grown large. sentences: also run the component
    that sets sentences; SgnsError if there is none. tokenizer_only: no component has to run.
    """

    def __init__(self, make: Callable[[], Language], *, sentences: bool = False) -> None:
        self._make = make
        self._renew()
        self._disable = _unneeded_components(self.nlp, sentences)
        self.tokenizer_only = len(self._disable) == len(self.nlp.pipe_names)

    def docs(self, pieces: Iterable[Piece]) -> Iterator[tuple[Doc, bool]]:
        """Yield a Doc of each piece, and whether it closes a text. Raises SgnsError if the pipeline fails."""
        for portion in piece_batches(pieces):
            texts = [piece.text for piece in portion]
            for doc, piece in zip(self._pipe(texts), portion, strict=True):
                yield doc, piece.last
            if len(self.nlp.vocab.strings) > self._max_strings:
                self._renew()

    def _renew(self) -> None:
        self.nlp = self._make()
        self._max_strings = len(self.nlp.vocab.strings) + MAX_NEW_STRINGS
        if hasattr(self.nlp.tokenizer, "max_cache_size"):
            self.nlp.tokenizer.max_cache_size = MAX_CACHED_STRINGS

    def _pipe(self, texts: list[str]) -> Iterator[Doc]:
        try:
            if self.tokenizer_only:
                yield from map(self.nlp.tokenizer, texts)  # not every tokenizer has a `pipe`
            else:
                yield from self.nlp.pipe(texts, disable=self._disable)
        except (SgnsError, MemoryError):
            raise
        except Exception as error:  # of any kind: some tokenizers load another package's library at their first text
            raise tokenizer_error(self.nlp, error) from error


class DocTokens(NamedTuple):
    """The tokens of one or more texts.

    keys: `(n,)` uint64, their hashes. ends: where contexts end. text_ends: where texts end. strings: maps hashes to
    strings.
    """

    keys: Ints
    ends: list[int]
    text_ends: list[int]
    strings: Any


def batches_of_docs(docs: Iterable[Doc], vocab: Vocab, drop: Sequence[str], *, sentences: bool) -> TokenBatches:
    """Yield the tokens of Docs, which are iterated over once. vocab: its language decides which kinds are dropped."""
    return batch_doc_tokens((doc_tokens(doc, True, sentences) for doc in docs), KindFilter(vocab, drop).drop_kind)


def doc_tokens(doc: Doc, last: bool, sentences: bool) -> DocTokens:
    """Return the tokens of a Doc. last: it closes a text. sentences: its contexts are sentences, not the text.

    A sentence also ends with the Doc, since it is unknown whether it goes on in the next one. Raises SgnsError if the
    Doc has no sentences.
    """
    text_ends = [len(doc)] * last
    if not sentences:
        ends = text_ends
    elif doc.has_annotation("SENT_START"):
        ends = [*(sentence.end for sentence in doc.sents), *text_ends]
    else:
        raise SgnsError("within_sentences needs Docs with sentences: add a sentencizer to the pipeline.")
    return DocTokens(doc.to_array(ORTH), ends, text_ends, doc.vocab.strings)


def batch_doc_tokens(docs: Iterable[DocTokens], drop_kind: DropKind) -> TokenBatches:
    """Yield the tokens of Docs in batches."""
    builder = _BatchBuilder(drop_kind)
    for tokens in docs:
        if builder.is_full_for(tokens):
            yield builder.build()
        builder.add(tokens)
    yield builder.build()


def as_docs(docs: Iterable[Doc | Example]) -> Iterator[Doc]:
    """Yield Docs, and the reference of each Example. Raises SgnsError for anything else."""
    for doc in docs:
        if not isinstance(doc, Doc | Example):
            raise SgnsError(f"Docs are needed, got {type(doc).__name__}. Make Docs of texts: nlp.pipe(texts).")
        yield doc.reference if isinstance(doc, Example) else doc


class _BatchBuilder:
    """Collects the tokens of Docs into a batch. All Docs of a batch share one string store."""

    def __init__(self, drop_kind: DropKind) -> None:
        self._forms = Forms(drop_kind)
        self._form_ids: Interner[int] = Interner()  # by hash, which is the same in every string store
        self._cache = IdCache(1)
        self._begin()

    def _begin(self) -> None:
        self._keys: list[Ints] = []
        self._ends: list[int] = []
        self._text_ends: list[int] = []
        self._size = 0
        self._strings: Any = None

    def is_full_for(self, tokens: DocTokens) -> bool:
        """Return whether the batch must be built before these tokens are added."""
        return self._size > MIN_BATCH_TOKENS or (self._size > 0 and tokens.strings is not self._strings)

    def add(self, tokens: DocTokens) -> None:
        """Add tokens to the batch."""
        self._keys.append(tokens.keys)
        self._ends += [self._size + end for end in tokens.ends]
        self._text_ends += [self._size + end for end in tokens.text_ends]
        self._size += len(tokens.keys)
        self._strings = tokens.strings

    def build(self) -> TokenBatch:
        """Return the batch, and begin the next one."""
        keys = np.concatenate(self._keys) if self._keys else np.zeros(0, np.uint64)
        form_ids = self._cache.ids(keys[:, None], lambda indices: self._intern(keys[indices]))
        self._forms.texts.extend([self._strings[key] for key in self._form_ids.take_new()])
        ends, text_ends = np.array(self._ends, np.int64), np.array(self._text_ends, np.int64)
        batch = TokenBatch(form_ids, ends, text_ends, self._forms)
        self._begin()
        return batch

    def _intern(self, keys: Ints) -> Ints:
        return np.fromiter(map(self._form_ids.__getitem__, keys.tolist()), np.int32, len(keys))


def _unneeded_components(nlp: Language, sentences: bool) -> list[str]:
    """Return the components after the last one that changes tokens or, if these are needed, sets sentences."""
    metas = [nlp.get_pipe_meta(name) for name in nlp.pipe_names]
    setters = [i for i, meta in enumerate(metas) if {"doc.sents", "token.is_sent_start"} & set(meta.assigns)]
    if sentences and not setters:
        raise SgnsError("within_sentences needs a pipeline that sets sentences: add a sentencizer to it.")
    needed = [i for i, meta in enumerate(metas) if meta.retokenizes] + (setters[-1:] if sentences else [])
    return nlp.pipe_names[max(needed, default=-1) + 1 :]
