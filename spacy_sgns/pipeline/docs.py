"""Docs in, batches of tokens out: the last place where Docs are seen before training."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from spacy.attrs import IS_CURRENCY, IS_PUNCT, IS_STOP, LIKE_EMAIL, LIKE_NUM, LIKE_URL, ORTH
from spacy.lang.lex_attrs import LEX_ATTRS
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.vocab import Vocab

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.tokens import Describe, TokenBatch
from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.read import DOC_KIND, Piece, Source, Warn, cut, kind_of, opened

BATCH = 1 << 17  # tokens in a batch
MOST_STRINGS = 500_000  # a string store that has grown by so many is renewed; it never forgets by itself
CACHE = 1 << 16  # strings between spaces whose tokens spaCy remembers; it comes with room for the first 10,000
COMPARED = 50  # Docs of a file whose tokens are compared with the tokenizer's
KIND_ATTRS = {
    "punct": IS_PUNCT,
    "number": LIKE_NUM,
    "stop": IS_STOP,
    "url": LIKE_URL,
    "email": LIKE_EMAIL,
    "currency": IS_CURRENCY,
}


class Kinds:
    """Decides which forms are left out, by the lexical attributes of a vocab's language."""

    def __init__(self, vocab: Any, drop: Sequence[str]) -> None:
        getters = {**LEX_ATTRS, **vocab.lex_attr_getters}  # a bare Vocab has none
        self._getters = [getters[KIND_ATTRS[kind]] for kind in drop]

    def left_out(self, text: str) -> bool:
        """Return whether a form is white space or of a kind to be dropped."""
        return not text or text.isspace() or any(getter(text) for getter in self._getters)

    def describe(self, vocab: Vocab) -> Describe:
        """Return what tells the text of keys from `vocab`, and whether they are left out."""

        def describe(keys: Sequence[int]) -> list[tuple[str, bool]]:
            texts = [vocab.strings[key] for key in keys]
            return [(text, self.left_out(text)) for text in texts]

        return describe


class DocMaker:
    """Makes Docs of texts as a pipeline makes them: its tokenizer, and its components as far as they change tokens.

    make: returns the pipeline; called again when its string store has grown large. sentences: go as far as the
    component that sets them; SgnsError if there is none.
    """

    def __init__(self, make: Callable[[], Language], *, sentences: bool = False) -> None:
        self._make = make
        self._renew()
        self._disable = _not_needed(self.nlp, sentences)
        self._tokenizer_only = len(self._disable) == len(self.nlp.pipe_names)

    def docs(self, pieces: Iterable[Piece]) -> Iterator[tuple[Doc, bool]]:
        """Yield a Doc of each piece, and whether it closes a text."""
        for portion in _portions(pieces):
            texts = [piece.text for piece in portion]
            for doc, piece in zip(self._pipe(texts), portion, strict=True):
                yield doc, piece.last
            if len(self.nlp.vocab.strings) > self._most:
                self._renew()

    def _renew(self) -> None:
        self.nlp = self._make()
        self._most = len(self.nlp.vocab.strings) + MOST_STRINGS
        if hasattr(self.nlp.tokenizer, "max_cache_size"):
            self.nlp.tokenizer.max_cache_size = CACHE

    def _pipe(self, texts: list[str]) -> Iterable[Doc]:
        if not self._tokenizer_only:
            return self.nlp.pipe(texts, disable=self._disable)
        if type(self.nlp.tokenizer) is Tokenizer:
            texts = [" ".join(text.split()) for text in texts]  # from the first tab or newline on it does not cache
        return map(self.nlp.tokenizer, texts)  # not every tokenizer has a `pipe`


def batches_of_source(
    source: Source, maker: DocMaker, drop: Sequence[str], *, sentences: bool, warn: Warn
) -> Iterator[TokenBatch]:
    """Yield the tokens of everything in `source`. Raises SgnsError where something cannot be read.

    warn: called with what seems wrong, once for each kind.
    """
    kinds = Kinds(maker.nlp.vocab, drop)
    return _batches(_docs_of_source(source, maker, warn), kinds, sentences)


def batches_of_docs(docs: Iterable[Doc], vocab: Vocab, drop: Sequence[str], *, sentences: bool) -> Iterator[TokenBatch]:
    """Yield the tokens of Docs, gone through once. vocab: its language decides which kinds are dropped."""
    return _batches(((doc, True) for doc in docs), Kinds(vocab, drop), sentences)


def only_docs(docs: Iterable[Doc | Example]) -> Iterator[Doc]:
    """Yield Docs, of Examples the reference. Raises SgnsError for anything else."""
    for doc in docs:
        if not isinstance(doc, Doc | Example):
            raise SgnsError(f"Docs are needed, got {type(doc).__name__}. Make Docs of texts: nlp.pipe(texts).")
        yield doc.reference if isinstance(doc, Example) else doc


def stored_docs(path: Path, vocab: Vocab) -> Iterator[Doc]:
    """Yield the Docs of a `.spacy` file, with their strings in `vocab`. Raises SgnsError if it is damaged."""
    try:
        with opened(path) as file:
            stored = DocBin().from_bytes(file.read())
        yield from stored.get_docs(vocab)
    except OSError as error:
        raise SgnsError(f"Cannot read {path}: {error.strerror or error}.") from error
    except Exception as error:  # zlib, msgpack, struct, Key and Index errors: whatever damage leads to
        raise SgnsError(f"{path} is no whole DocBin file: {type(error).__name__}: {error}") from error


def _docs_of_source(source: Source, maker: DocMaker, warn: Warn) -> Iterator[tuple[Doc, bool]]:
    """Yield the Docs of everything in `source`, and whether they close a text."""
    wrapped, differs = _once(warn), _once(warn)
    for path in source.files():
        if kind_of(path) == DOC_KIND:
            docs = stored_docs(path, Vocab())
            yield from ((doc, True) for doc in _compared(docs, path, maker, differs))
        else:
            yield from maker.docs(source.pieces(path, wrapped))


def _compared(docs: Iterator[Doc], path: Path, maker: DocMaker, warn: Warn) -> Iterator[Doc]:
    """Pass Docs on; warn if the first ones have other tokens than the pipeline gives."""
    first = list(islice(docs, COMPARED))
    begins = [next(cut(doc.text)) for doc in first]
    different = total = 0
    for doc, (made, _) in zip(first, maker.docs(begins), strict=True):
        ours = _spans(made)
        theirs = [span for span in _spans(doc) if span <= ours[-1]] if ours else []
        different += len(set(theirs) - set(ours))
        total += len(theirs)
    if different:
        warn(
            f"{path}: {different / total:.1%} of the tokens looked at are not those of this pipeline's tokenizer; in "
            "use, such words will not be found. Make the Docs with the same tokenizer, or train from text."
        )
    yield from chain(first, docs)


def _spans(doc: Doc) -> list[tuple[int, int]]:
    """Return where each word begins and ends, counted in characters that are no space."""
    sizes = [len("".join(token.text.split())) for token in doc]
    return [(end - size, end) for size, end in zip(sizes, accumulate(sizes), strict=True) if size]


def _once(warn: Warn) -> Warn:
    """Return a function that passes on the first warning only: one file of a thousand stands for the others."""
    said: list[str] = []

    def tell(text: str) -> None:
        if not said:
            said.append(text)
            warn(text)

    return tell


def _batches(docs: Iterable[tuple[Doc, bool]], kinds: Kinds, sentences: bool) -> Iterator[TokenBatch]:
    """Gather Docs of one vocab into batches."""
    keys: list[Ints] = []
    ends: list[Ints] = []
    size = texts = 0
    vocab: Any = None
    for doc, last in docs:
        if size and (size > BATCH or doc.vocab is not vocab):
            yield TokenBatch(np.concatenate(keys), np.concatenate(ends), texts, kinds.describe(vocab))
            keys, ends, size, texts = [], [], 0, 0
        vocab = doc.vocab
        keys.append(doc.to_array(ORTH))
        ends.append(_ends(doc, last, sentences) + size)
        size += len(doc)
        texts += last
    if vocab is not None:
        yield TokenBatch(np.concatenate(keys), np.concatenate(ends), texts, kinds.describe(vocab))


def _ends(doc: Doc, last: bool, sentences: bool) -> Ints:
    """Return where contexts end in a Doc: where it closes a text or, if these are asked for, where its sentences do.

    A sentence ends with its piece too: whether it goes on in the next piece is not known.
    """
    if not sentences:
        return np.array([len(doc)] if last else [], np.int64)
    if not doc.has_annotation("SENT_START"):
        raise SgnsError("within_sentences needs Docs with sentences: add a sentencizer to the pipeline.")
    return np.array([sentence.end for sentence in doc.sents], np.int64)


def _portions(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield pieces in lists of a bounded number of characters."""
    portion: list[Piece] = []
    size = 0
    for piece in pieces:
        portion.append(piece)
        size += len(piece.text)
        if size > 4 * BATCH:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _not_needed(nlp: Language, sentences: bool) -> list[str]:
    """Return the components after the last that changes tokens or, where they are asked for, sets sentences."""
    metas = [nlp.get_pipe_meta(name) for name in nlp.pipe_names]
    setters = [i for i, meta in enumerate(metas) if {"doc.sents", "token.is_sent_start"} & set(meta.assigns)]
    if sentences and not setters:
        raise SgnsError("within_sentences needs a pipeline that sets sentences: add a sentencizer to it.")
    needed = [i for i, meta in enumerate(metas) if meta.retokenizes] + (setters[-1:] if sentences else [])
    return nlp.pipe_names[max(needed, default=-1) + 1 :]
