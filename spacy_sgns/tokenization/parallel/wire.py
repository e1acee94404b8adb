"""What goes to and fro between this process and its encoding workers: texts there, tokens and new forms back.

Of a batch by chunks, the contexts are its texts.
"""

import struct
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.tokens import DropKind, Forms, TokenBatch
from spacy_sgns.sources.source import Piece

HEAD = struct.Struct("<qqq")


def pack_portion(portion: Sequence[Piece]) -> bytes:
    """Return the message that some pieces are."""
    sizes = np.fromiter((len(text) for text, _ in portion), np.int32, len(portion))
    closed = np.fromiter((last for _, last in portion), np.uint8, len(portion))
    texts = "".join(text for text, _ in portion).encode()
    return b"".join((HEAD.pack(len(portion), 0, 0), sizes.tobytes(), closed.tobytes(), texts))


def unpack_portion(message: bytes) -> list[Piece]:
    """Return the pieces of a message."""
    (number, *_), rest = HEAD.unpack_from(message), memoryview(message)[HEAD.size :]
    sizes = np.frombuffer(rest[: 4 * number], np.int32)
    closed = np.frombuffer(rest[4 * number : 5 * number], np.uint8)
    text = str(rest[5 * number :], "utf8")
    bounds = pairwise(accumulate(sizes.tolist(), initial=0))
    return [Piece(text[start:end], bool(last)) for (start, end), last in zip(bounds, closed.tolist(), strict=True)]


class BatchEncoder:
    """Makes messages of batches of one encoder; each form is sent once."""

    def __init__(self) -> None:
        self._forms, self._sent = Forms(str), 0

    def pack(self, batch: TokenBatch) -> bytes:
        """Return the message that a batch is, with the forms that are new since the last one."""
        anew = batch.forms is not self._forms
        if anew:
            self._forms, self._sent = batch.forms, 0
        texts = self._forms.texts[self._sent :]
        self._sent += len(texts)
        head = HEAD.pack(len(batch.ends), len(batch.form_ids), anew)
        ends, numbers = batch.ends.astype(np.int64), batch.form_ids.astype(np.int32)
        return b"".join((head, ends.tobytes(), numbers.tobytes(), "\n".join(texts).encode()))


class BatchDecoder:
    """Makes batches of the messages of one worker, in the order in which it sent them."""

    def __init__(self, drop_kind: DropKind) -> None:
        self._forms = Forms(drop_kind)

    def unpack(self, message: bytes) -> TokenBatch:
        """Return the batch of a message."""
        ends_size, size, anew = HEAD.unpack_from(message)
        at = HEAD.size + 8 * ends_size
        ends: Ints = np.frombuffer(message, np.int64, ends_size, HEAD.size)
        numbers: Ints = np.frombuffer(message, np.int32, size, at)
        if anew:
            self._forms = Forms(self._forms.drop_kind)
        if texts := str(memoryview(message)[at + 4 * size :], "utf8"):
            self._forms.texts.extend(texts.split("\n"))
        return TokenBatch(numbers, ends, ends, self._forms)
