"""Corpora of a few words, without spaCy."""

from hashlib import blake2b
from itertools import accumulate

import numpy as np
import pytest

from spacy_sgns.corpus.encoder import Encoder
from spacy_sgns.corpus.tokens import TokenBatch


def hashed(text, salt=""):
    """A key of 64 bits, as spaCy's: nothing of the text can be seen in it."""
    return int.from_bytes(blake2b((salt + text).encode(), digest_size=8).digest(), "little")


def batch_of(texts, *, salt="", open_end=False, left_out=()):
    """One batch of texts, each a list of tokens. open_end: the last text goes on in the next batch."""
    tokens = [token for text in texts for token in text]
    keys = {hashed(token, salt): token for token in tokens}
    ends = list(accumulate(map(len, texts)))
    closed = ends[:-1] if open_end else ends
    return TokenBatch(
        np.array([hashed(token, salt) for token in tokens], np.uint64),
        np.array(closed, np.int64),
        len(closed),
        lambda asked: [(keys[key], keys[key] in left_out) for key in asked],
    )


@pytest.fixture
def encoded(tmp_path):
    """A function that encodes batches and returns the corpus and its vocabulary."""

    def encode(batches, settings, folder=tmp_path):
        encoder = Encoder(folder)
        try:
            for batch in batches:
                encoder.add(batch)
            return encoder.finish(settings)
        finally:
            encoder.close()

    return encode


@pytest.fixture(scope="session")
def make_batch():
    return batch_of
