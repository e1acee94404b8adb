"""Docs stored in `.spacy` files: whole, or only their tokens, which takes no Doc."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

import numpy as np
from spacy.attrs import ORTH
from spacy.strings import StringStore
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.compression import open_binary
from spacy_sgns.sources.readers import DocFile
from spacy_sgns.sources.splitting import split
from spacy_sgns.sources.stats import Warn
from spacy_sgns.tokenization.docs import DocMaker, DocTokens, doc_tokens

COMPARED_DOCS = 50  # of a file, whose tokens are compared with the tokenizer's
COMPARED_CHARS = 2000  # of each of these Docs
BLOCK_BYTES = 1 << 20
MIN_LIMIT_BYTES = 1 << 26  # that any file may decompress to
MAX_RATIO = 256  # of the decompressed size to the size of a larger file


def docbin_v1() -> "DocBinReader":
    """Return the reader of spaCy's stored Docs (`.spacy`), registered as `docbin.v1`."""
    return DocBinReader()


class DocBinReader:
    """Reads the Docs of a DocBin."""

    endings = (".spacy",)

    def docs(self, file: DocFile, vocab: Vocab) -> Iterator[Doc]:
        """Yield the Docs of a file, with their strings in `vocab`. Raises SgnsError if the file is damaged."""
        with _damage_explained(file):
            stored = _stored(file)
        yield from _docs(file, stored, vocab)

    def tokens(self, file: DocFile, maker: DocMaker, warn: Warn, *, sentences: bool) -> Iterator[DocTokens]:
        """Yield the tokens of the Docs of a file. Raises SgnsError if the file is damaged.

        warn: called if the first Docs have other tokens than the pipeline's tokenizer gives.
        """
        with _damage_explained(file):
            stored = _stored(file)
            strings = _Strings(file, stored)
            keys = [np.ascontiguousarray(tokens[:, stored.attrs.index(ORTH)]) for tokens in stored.tokens]
            first = [_bare_doc(own, stored, i, strings) for i, own in enumerate(keys[:COMPARED_DOCS])]
        _compare(first, file, maker, warn)
        if sentences:
            yield from (doc_tokens(doc, True, sentences) for doc in _docs(file, stored, Vocab()))
        else:
            yield from (DocTokens(own, [len(own)], [len(own)], strings) for own in keys)


class _Strings:
    """The strings of a file, by hash."""

    def __init__(self, file: DocFile, stored: DocBin) -> None:
        self._file, self._strings = file, StringStore(stored.strings)

    def __getitem__(self, key: int) -> str:
        with _damage_explained(self._file):
            return self._strings[key]


def _docs(file: DocFile, stored: DocBin, vocab: Vocab) -> Iterator[Doc]:
    with _damage_explained(file):
        yield from stored.get_docs(vocab)


def _bare_doc(keys: Any, stored: DocBin, index: int, strings: _Strings) -> Doc:
    """Return one of the Docs with its tokens and no annotation."""
    spaces = None if stored.flags[index].get("has_unknown_spaces") else stored.spaces[index].flatten().tolist()
    return Doc(Vocab(), words=[strings[key] for key in keys.tolist()], spaces=spaces)


def _compare(docs: list[Doc], file: DocFile, maker: DocMaker, warn: Warn) -> None:
    """Warn if Docs have other tokens than the pipeline's tokenizer gives."""
    beginnings = [next(split(doc.text, COMPARED_CHARS)) for doc in docs]
    different = total = 0
    for doc, (made, _) in zip(docs, maker.docs(beginnings), strict=True):
        ours = _spans(made)
        theirs = [span for span in _spans(doc) if span <= ours[-1]] if ours else []
        different += len(set(theirs) - set(ours))
        total += len(theirs)
    if different:
        warn(
            f"{file.label}: {different / total:.1%} of the tokens compared are not those of this pipeline's tokenizer, "
            "so such words will not be found in use. Make the Docs with the same tokenizer, or train from text."
        )


def _spans(doc: Doc) -> list[tuple[int, int]]:
    """Return where each token begins and ends, in characters that are not white space."""
    sizes = [len("".join(token.text.split())) for token in doc]
    return [(end - size, end) for size, end in zip(sizes, accumulate(sizes), strict=True) if size]


def _stored(file: DocFile) -> DocBin:
    limit = max(MIN_LIMIT_BYTES, MAX_RATIO * file.path.stat().st_size)
    data = bytearray()
    with open_binary(file.path) as content:
        while len(data) <= limit and (block := content.read(BLOCK_BYTES)):
            data += block
    if len(data) > limit or _decompressed_exceeds(data, limit):
        raise SgnsError(
            f"{file.label} decompresses to more than {MAX_RATIO} times its size, so spaCy did not make it. Write it "
            "again, in several files."
        )
    return DocBin().from_bytes(data)


def _decompressed_exceeds(data: bytearray, limit: int) -> bool:
    """Return whether a DocBin, which is decompressed in memory as a whole, has more bytes than `limit` then."""
    decompressor, size = zlib.decompressobj(), 0
    for start in range(0, len(data), BLOCK_BYTES):
        block = bytes(data[start : start + BLOCK_BYTES])
        while block and size <= limit:
            size += len(decompressor.decompress(block, BLOCK_BYTES))
            block = decompressor.unconsumed_tail
    return size > limit


@contextmanager
def _damage_explained(file: DocFile) -> Iterator[None]:
    try:
        yield
    except SgnsError:
        raise
    except OSError as error:
        raise SgnsError(f"Cannot read {file.label}: {error.strerror or error}.") from error
    except Exception as error:  # zlib, msgpack, struct, KeyError, IndexError: damage leads to any of them
        raise SgnsError(f"{file.label} is not a complete DocBin file: {type(error).__name__}: {error}") from error
