"""Texts to Docs where it takes Docs to know the tokens, and Docs to batches of tokens."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from spacy.attrs import IS_CURRENCY, IS_PUNCT, IS_STOP, LIKE_EMAIL, LIKE_NUM, LIKE_URL, ORTH
from spacy.lang.lex_attrs import LEX_ATTRS
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.vocab import Vocab

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.growing import Numbers
from spacy_sgns.corpus.tokens import Forms, LeftOut, TokenBatch, TokenBatches
from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.read import Piece, Warn, cut, opened, portions

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
        self._most = len(self.nlp.vocab.strings) + MOST_STRINGS
        if hasattr(self.nlp.tokenizer, "max_cache_size"):
            self.nlp.tokenizer.max_cache_size = CACHE

    def _pipe(self, texts: list[str]) -> Iterable[Doc]:
        if not self.tokenizer_only:
            return self.nlp.pipe(texts, disable=self._disable)
        return map(self.nlp.tokenizer, texts)  # not every tokenizer has a `pipe`


def batches_of_docs(docs: Iterable[Doc], vocab: Vocab, drop: Sequence[str], *, sentences: bool) -> TokenBatches:
    """Yield the tokens of Docs, gone through once. vocab: its language decides which kinds are dropped."""
    return gathered(((doc, True) for doc in docs), Kinds(vocab, drop).left_out, sentences)


def gathered(docs: Iterable[tuple[Doc, bool]], left_out: LeftOut, sentences: bool) -> TokenBatches:
    """Yield the tokens of Docs, of which each comes with whether it closes a text."""
    gathering = _Gathering(left_out, sentences)
    for doc, last in docs:
        if gathering.is_due(doc):
            yield gathering.batch()
        gathering.add(doc, last)
    yield gathering.batch()


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


def compared_docs(path: Path, maker: DocMaker, warn: Warn) -> Iterator[Doc]:
    """Yield the Docs of a `.spacy` file; warn if the first ones have other tokens than the pipeline gives."""
    docs = stored_docs(path, Vocab())
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


class _Gathering:
    """Docs on their way into a batch, those of one vocab in each."""

    def __init__(self, left_out: LeftOut, sentences: bool) -> None:
        self._sentences = sentences
        self._forms = Forms(left_out)
        self._numbers: Numbers[int] = Numbers()  # of forms by their hash, which is the same in every vocab
        self._begin()

    def _begin(self) -> None:
        self._keys: list[Ints] = []
        self._ends: list[int] = []
        self._vocab: Any = None
        self._texts = 0
        self._size = 0

    def is_due(self, doc: Doc) -> bool:
        """Return whether the batch ends before this Doc."""
        return self._size > BATCH or (self._size > 0 and doc.vocab is not self._vocab)

    def add(self, doc: Doc, last: bool) -> None:
        """Add a Doc to the batch; `last` closes a text."""
        self._vocab = doc.vocab
        self._keys.append(doc.to_array(ORTH))
        if self._sentences:
            self._ends += [self._size + end for end in _sentence_ends(doc)]
        elif last:
            self._ends.append(self._size + len(doc))
        self._size += len(doc)
        self._texts += last

    def batch(self) -> TokenBatch:
        """Return the batch, and begin the next one."""
        keys = np.concatenate(self._keys) if self._keys else np.zeros(0, np.uint64)
        numbers = np.fromiter(map(self._numbers.__getitem__, keys.tolist()), np.int32, len(keys))
        self._forms.texts.extend([self._vocab.strings[key] for key in self._numbers.take_new()])
        batch = TokenBatch(numbers, np.array(self._ends, np.int64), self._texts, self._forms)
        self._begin()
        return batch


def _sentence_ends(doc: Doc) -> list[int]:
    """Return where the sentences of a Doc end.

    A sentence ends with its piece too: whether it goes on in the next piece is not known.
    """
    if not doc.has_annotation("SENT_START"):
        raise SgnsError("within_sentences needs Docs with sentences: add a sentencizer to the pipeline.")
    return [sentence.end for sentence in doc.sents]


def _not_needed(nlp: Language, sentences: bool) -> list[str]:
    """Return the components after the last that changes tokens or, where they are asked for, sets sentences."""
    metas = [nlp.get_pipe_meta(name) for name in nlp.pipe_names]
    setters = [i for i, meta in enumerate(metas) if {"doc.sents", "token.is_sent_start"} & set(meta.assigns)]
    if sentences and not setters:
        raise SgnsError("within_sentences needs a pipeline that sets sentences: add a sentencizer to it.")
    needed = [i for i, meta in enumerate(metas) if meta.retokenizes] + (setters[-1:] if sentences else [])
    return nlp.pipe_names[max(needed, default=-1) + 1 :]
