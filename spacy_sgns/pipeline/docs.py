"""Docs in, batches of tokens out: the last place where Docs are seen before training."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from spacy.attrs import IS_CURRENCY, IS_PUNCT, IS_SPACE, IS_STOP, LIKE_EMAIL, LIKE_NUM, LIKE_URL, ORTH, SENT_START
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.vocab import Vocab

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.tokens import Describe, TokenBatch
from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.read import DOC_KIND, Piece, Source, first_lines, kind_of, looks_wrapped, opened

Warn = Callable[[str], None]
BATCH = 1 << 17  # tokens in a batch
MOST_STRINGS = 500_000  # a string store that has grown by so many is renewed; it never forgets by itself
COMPARED = 200  # Docs of a file whose tokens are compared with the tokenizer's
KIND_ATTRS = {
    "punct": IS_PUNCT,
    "number": LIKE_NUM,
    "stop": IS_STOP,
    "url": LIKE_URL,
    "email": LIKE_EMAIL,
    "currency": IS_CURRENCY,
}


class Kinds:
    """Decides which forms are left out, by the lexical attributes of a language."""

    def __init__(self, vocab: Any, drop: Sequence[str]) -> None:
        attrs = [IS_SPACE, *(KIND_ATTRS[kind] for kind in drop)]
        self._getters = [vocab.lex_attr_getters[a] for a in attrs if a in vocab.lex_attr_getters]

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
        self._make, self.nlp = make, make()
        self._size = len(self.nlp.vocab.strings)
        self._disable = _not_needed(self.nlp, sentences)
        self._tokenizer_only = len(self._disable) == len(self.nlp.pipe_names)

    def docs(self, pieces: Iterable[Piece]) -> Iterator[tuple[Doc, bool]]:
        """Yield a Doc of each piece, and whether it closes a text."""
        for portion in _portions(pieces):
            texts = [piece.text for piece in portion]
            for doc, piece in zip(self._pipe(texts), portion, strict=True):
                yield doc, piece.last
            if len(self.nlp.vocab.strings) > self._size + MOST_STRINGS:
                self.nlp = self._make()

    def _pipe(self, texts: list[str]) -> Iterable[Doc]:
        if self._tokenizer_only:
            return self.nlp.tokenizer.pipe(texts)
        return self.nlp.pipe(texts, disable=self._disable)


def batches_of_source(
    source: Source, maker: DocMaker, drop: Sequence[str], *, sentences: bool, warn: Warn
) -> Iterator[TokenBatch]:
    """Yield the tokens of everything in `source`. Raises SgnsError where something cannot be read."""
    kinds = Kinds(maker.nlp.vocab, drop)
    return _batches(_docs_of_source(source, maker, warn), kinds, sentences)


def docs_of_source(source: Source, maker: DocMaker, warn: Warn) -> Iterator[Doc]:
    """Yield the Docs of everything in `source`; a text too long for one comes in several."""
    return (doc for doc, _ in _docs_of_source(source, maker, warn))


def _docs_of_source(source: Source, maker: DocMaker, warn: Warn) -> Iterator[tuple[Doc, bool]]:
    files = source.files()
    _warn_if_wrapped(source, files, warn)
    for path in files:
        if kind_of(path) == DOC_KIND:
            yield from ((doc, True) for doc in stored_docs(path, maker, warn))
        else:
            yield from maker.docs(source.pieces(path))


def _warn_if_wrapped(source: Source, files: list[Path], warn: Warn) -> None:
    texts = [path for path in files if kind_of(path) == ".txt"] if source.unit == "line" else []
    for path in texts:
        if looks_wrapped(first_lines(path)):
            warn(f"{path} looks hard-wrapped, and each line counts as a text of its own: try --unit paragraph.")
            return


def batches_of_docs(
    docs: Iterable[Doc | Example], vocab: Vocab, drop: Sequence[str], *, sentences: bool
) -> Iterator[TokenBatch]:
    """Yield the tokens of Docs, or of the reference Docs of Examples; they are gone through once."""
    return _batches(((_as_doc(doc), True) for doc in docs), Kinds(vocab, drop), sentences)


def stored_docs(path: Path, maker: DocMaker, warn: Warn) -> Iterator[Doc]:
    """Yield the Docs of a `.spacy` file, with strings of their own. Raises SgnsError if it is damaged."""
    try:
        with opened(path) as file:
            stored = DocBin().from_bytes(file.read())
        docs = stored.get_docs(Vocab())
        yield from _compared(docs, path, maker, warn)
    except SgnsError:
        raise
    except Exception as error:  # zlib, msgpack, struct, Key and Index errors: whatever damage leads to
        raise SgnsError(f"{path} is no whole DocBin file: {type(error).__name__}: {error}") from error


def _compared(docs: Iterator[Doc], path: Path, maker: DocMaker, warn: Warn) -> Iterator[Doc]:
    """Pass Docs on; warn if the first ones have other tokens than the tokenizer gives."""
    first = list(islice(docs, COMPARED))
    different = total = 0
    for doc in first:
        ours = {(t.idx, len(t)) for t in maker.nlp.tokenizer(doc.text)}
        different += sum((t.idx, len(t)) not in ours for t in doc)
        total += len(doc)
    if different:
        warn(
            f"{path}: {different / total:.1%} of the tokens looked at are not those of this pipeline's tokenizer; in "
            "use, such words will not be found. Make the Docs with the same tokenizer, or train from text."
        )
    return chain(first, docs)


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
    """Return where contexts end in a Doc: its sentences, and its own end if it closes a text."""
    inner = np.zeros(0, np.int64)
    if sentences:
        if len(doc) and not doc.has_annotation("SENT_START"):
            raise SgnsError("within_sentences needs Docs with sentences: add a sentencizer to the pipeline.")
        inner = np.flatnonzero(doc.to_array(SENT_START)[1:] == 1) + 1
    return np.concatenate((inner, [len(doc)])) if last else inner


def _as_doc(doc: Doc | Example) -> Doc:
    if isinstance(doc, Example):
        return doc.reference
    if not isinstance(doc, Doc):
        raise SgnsError(f"Docs are needed, got {type(doc).__name__}. Make Docs of texts: nlp.pipe(texts).")
    return doc


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
