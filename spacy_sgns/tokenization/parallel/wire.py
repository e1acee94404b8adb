"""The messages between this process and its encoding workers: portions of texts out, tokens and new forms back.

The contexts of a batch are its texts, so their ends are sent once.
"""

import struct
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.tokens import DropKind, Forms, TokenBatch
from spacy_sgns.sources.splitting import Piece

HEADER = struct.Struct("<qqq")


def pack_portion(portion: Sequence[Piece]) -> bytes:
    """Return the message of a portion."""
    sizes = np.fromiter((len(text) for text, _ in portion), np.int32, len(portion))
    closed = np.fromiter((last for _, last in portion), np.uint8, len(portion))
    texts = "".join(text for text, _ in portion).encode()
    return b"".join((HEADER.pack(len(portion), 0, 0), sizes.tobytes(), closed.tobytes(), texts))


def unpack_portion(message: bytes) -> list[Piece]:
    """Return the portion of a message."""
    (n, *_), rest = HEADER.unpack_from(message), memoryview(message)[HEADER.size :]
    sizes = np.frombuffer(rest[: 4 * n], np.int32)
    closed = np.frombuffer(rest[4 * n : 5 * n], np.uint8)
    text = str(rest[5 * n :], "utf8")
    bounds = pairwise(accumulate(sizes.tolist(), initial=0))
    return [Piece(text[start:end], bool(last)) for (start, end), last in zip(bounds, closed.tolist(), strict=True)]


class BatchEncoder:
    """Makes messages of the batches of one encoder. Each form is sent once."""

    def __init__(self) -> None:
        self._forms, self._sent = Forms(str), 0

    def pack(self, batch: TokenBatch) -> bytes:
        """Return the message of a batch, with the forms that are new since the last batch."""
        is_new = batch.forms is not self._forms
        if is_new:
            self._forms, self._sent = batch.forms, 0
        texts = self._forms.texts[self._sent :]
        self._sent += len(texts)
        header = HEADER.pack(len(batch.ends), len(batch.form_ids), is_new)
        ends, form_ids = batch.ends.astype(np.int64), batch.form_ids.astype(np.int32)
        return b"".join((header, ends.tobytes(), form_ids.tobytes(), "\n".join(texts).encode()))


class BatchDecoder:
    """Makes batches of the messages of one worker, in the order in which it sent them."""

    def __init__(self, drop_kind: DropKind) -> None:
        self._forms = Forms(drop_kind)

    def unpack(self, message: bytes) -> TokenBatch:
        """Return the batch of a message."""
        n_ends, n_tokens, is_new = HEADER.unpack_from(message)
        offset = HEADER.size + 8 * n_ends
        ends: Ints = np.frombuffer(message, np.int64, n_ends, HEADER.size)
        form_ids: Ints = np.frombuffer(message, np.int32, n_tokens, offset)
        if is_new:
            self._forms = Forms(self._forms.drop_kind)
        if texts := str(memoryview(message)[offset + 4 * n_tokens :], "utf8"):
            self._forms.texts.extend(texts.split("\n"))
        return TokenBatch(form_ids, ends, ends, self._forms)
