"""Encodes the tokens of a corpus."""

from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from spacy_sgns.corpus.encoder import Encoder, Encoding
from spacy_sgns.corpus.tokens import TokenBatch
from spacy_sgns.runs.events import Event, Listener, TokensRead
from spacy_sgns.settings import Settings


def ignore(event: Event) -> None:
    """Ignore an event."""


def encode(batches: Iterable[TokenBatch], settings: Settings, folder: Path, notify: Listener = ignore) -> Encoding:
    """Return the encoded corpus, whose files are in `folder`; notify of each batch that has been read."""
    encoder, start = Encoder(folder), perf_counter()
    try:
        for batch in batches:
            encoder.add(batch)
            notify(TokensRead(encoder.texts, encoder.tokens, perf_counter() - start))
        return encoder.finish(settings)
    finally:
        encoder.close()
