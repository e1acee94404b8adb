"""Corpora of a few words, without spaCy."""

from itertools import accumulate

import numpy as np
import pytest

from spacy_sgns.corpus.encoder import Encoder
from spacy_sgns.corpus.tokens import SPACE, Forms, TokenBatch


class Source:
    """Makes batches of texts, which are lists of tokens, with form ids of its own.

    left_out: forms to drop; the name of their kind is the form itself. stop: a form that ends a context.
    """

    def __init__(self, *, left_out=(), known=(), stop=""):
        self.forms = Forms(lambda form: SPACE if form.isspace() else form if form in left_out else "", list(known))
        self._stop = stop

    def batch(self, texts, *, open_end=False):
        """Return a batch. open_end: the last text continues in the next batch."""
        tokens = [token for text in texts for token in text]
        self.forms.texts.extend(token for token in dict.fromkeys(tokens) if token not in self.forms.texts)
        numbers = [self.forms.texts.index(token) for token in tokens]
        ends = list(accumulate(map(len, texts)))
        closed = ends[:-1] if open_end else ends
        stops = [place for place, token in enumerate(tokens, 1) if token == self._stop]
        contexts = np.array(sorted([*closed, *stops]), np.int64)
        return TokenBatch(np.array(numbers, np.int32), contexts, np.array(closed, np.int64), self.forms)


@pytest.fixture
def encoded(tmp_path):
    """A function that encodes batches and returns the `Encoding`."""

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
    """A function that makes a batch of a new source."""
    return lambda texts, *, left_out=(), **how: Source(left_out=left_out).batch(texts, **how)


@pytest.fixture(scope="session")
def make_source():
    return Source
