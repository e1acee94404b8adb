"""Docs in `.spacy` files: as they are, or their tokens alone, for which no Doc is made."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from spacy.attrs import ORTH
from spacy.strings import StringStore
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.source import Warn, cut, opened
from spacy_sgns.tokenization.docs import DocMaker, DocTokens, doc_tokens

COMPARED = 50  # Docs of a file whose tokens are compared with the tokenizer's
BEGINNING = 2000  # characters of a Doc that are compared
AT_ONCE = 1 << 20  # bytes
ROOM, FULLEST = 1 << 26, 256  # bytes that any file may unpack to, and how many times its size a larger one may


def stored_docs(path: Path, vocab: Vocab) -> Iterator[Doc]:
    """Yield the Docs of a `.spacy` file, with their strings in `vocab`. Raises SgnsError if it is damaged."""
    with _damage_told(path):
        stored = _stored(path)
    yield from _docs(path, stored, vocab)


def stored_words(path: Path, maker: DocMaker, warn: Warn, *, sentences: bool) -> Iterator[DocTokens]:
    """Yield the tokens of the Docs of a `.spacy` file. Raises SgnsError if it is damaged.

    warn: called if the first Docs have other tokens than the pipeline gives.
    """
    with _damage_told(path):
        stored = _stored(path)
        strings = _Strings(path, stored)
        every = [np.ascontiguousarray(tokens[:, stored.attrs.index(ORTH)]) for tokens in stored.tokens]
        first = [_bare_doc(keys, stored, i, strings) for i, keys in enumerate(every[:COMPARED])]
    _compare(first, path, maker, warn)
    if sentences:
        yield from (doc_tokens(doc, True, sentences) for doc in _docs(path, stored, Vocab()))
    else:
        yield from (DocTokens(keys, [len(keys)], [len(keys)], strings) for keys in every)


class _Strings:
    """Tells the texts of hashes in a file."""

    def __init__(self, path: Path, stored: DocBin) -> None:
        self._path, self._strings = path, StringStore(stored.strings)

    def __getitem__(self, key: int) -> str:
        with _damage_told(self._path):
            return self._strings[key]


def _docs(path: Path, stored: DocBin, vocab: Vocab) -> Iterator[Doc]:
    with _damage_told(path):
        yield from stored.get_docs(vocab)


def _bare_doc(keys: Any, stored: DocBin, place: int, strings: _Strings) -> Doc:
    """Return one of the Docs with its tokens and nothing else."""
    spaces = None if stored.flags[place].get("has_unknown_spaces") else stored.spaces[place].flatten().tolist()
    return Doc(Vocab(), words=[strings[key] for key in keys.tolist()], spaces=spaces)


def _compare(docs: list[Doc], path: Path, maker: DocMaker, warn: Warn) -> None:
    """Warn if Docs have other tokens than the pipeline gives."""
    begins = [next(cut(doc.text, BEGINNING)) for doc in docs]
    different = total = 0
    for doc, (made, _) in zip(docs, maker.docs(begins), strict=True):
        ours = _spans(made)
        theirs = [span for span in _spans(doc) if span <= ours[-1]] if ours else []
        different += len(set(theirs) - set(ours))
        total += len(theirs)
    if different:
        warn(
            f"{path}: {different / total:.1%} of the tokens looked at are not those of this pipeline's tokenizer; in "
            "use, such words will not be found. Make the Docs with the same tokenizer, or train from text."
        )


def _spans(doc: Doc) -> list[tuple[int, int]]:
    """Return where each word begins and ends, counted in characters that are no space."""
    sizes = [len("".join(token.text.split())) for token in doc]
    return [(end - size, end) for size, end in zip(sizes, accumulate(sizes), strict=True) if size]


def _stored(path: Path) -> DocBin:
    most = max(ROOM, FULLEST * path.stat().st_size)
    packed = bytearray()
    with opened(path) as file:
        while len(packed) <= most and (block := file.read(AT_ONCE)):
            packed += block
    if len(packed) > most or _unpacks_to_more(packed, most):
        raise SgnsError(
            f"{path} unpacks to more than {FULLEST} times its size: that is no DocBin that spaCy made. Write it again, "
            "in several files."
        )
    return DocBin().from_bytes(packed)


def _unpacks_to_more(packed: bytearray, most: int) -> bool:
    """Return whether a DocBin, which is in memory as a whole when it is unpacked, has more than `most` bytes then."""
    unpacker, size = zlib.decompressobj(), 0
    for start in range(0, len(packed), AT_ONCE):
        block = bytes(packed[start : start + AT_ONCE])
        while block and size <= most:
            size += len(unpacker.decompress(block, AT_ONCE))
            block = unpacker.unconsumed_tail
    return size > most


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except SgnsError:
        raise
    except OSError as error:
        raise SgnsError(f"Cannot read {path}: {error.strerror or error}.") from error
    except Exception as error:  # zlib, msgpack, struct, Key and Index errors: whatever damage leads to
        raise SgnsError(f"{path} is no whole DocBin file: {type(error).__name__}: {error}") from error
