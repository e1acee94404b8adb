"""A sample of files, encoded: what is in it, and how long that took."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.corpus.encoder import Encoder
from spacy_sgns.corpus.tokens import TokenBatches
from spacy_sgns.planning.cost import Pace
from spacy_sgns.planning.forecast import Seen, sliced
from spacy_sgns.settings import Settings
from spacy_sgns.sources.sample import Sample
from spacy_sgns.sources.stats import Warn
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.source_tokens import source_tokens


@dataclass(frozen=True)
class Survey:
    """A sample as ids. seconds: that encoding took, if it was read once. pace: at which the whole corpus is encoded."""

    seen: Seen
    corpus: EncodedCorpus
    seconds: float
    pace: Pace


def surveyed(sample: Sample, maker: DocMaker, settings: Settings, folder: Path, warn: Warn, *, times: int) -> Survey:
    """Return what is in a sample. Raises SgnsError where it cannot be read, or has fewer than two words.

    times: how often it is read; the second time nothing is new, as for most of a large corpus. folder: for the ids.
    """
    encoder, rows = Encoder(folder), list[tuple[float, int, int]]()
    sentences, files = settings.within_sentences, sample.files * times
    batches = source_tokens(sample.source, maker, settings.drop, sentences=sentences, warn=warn, files=files)
    with closing(batches):
        try:
            rows += _timed(batches, encoder)
            start = perf_counter()
            encoding = encoder.finish(Settings(min_count=1, case=settings.case))
            finish = perf_counter() - start
        finally:
            encoder.close()
    corpus, vocabulary = encoding.corpus, encoding.vocabulary
    left_out = sum(encoding.counts.tokens_dropped.values())
    tokens = encoder.tokens // times
    texts = _texts(sample, encoder.texts // times)
    forms = sum(map(len, vocabulary.forms))
    slices = sliced(corpus, tokens, len(vocabulary))
    seen = Seen(sample.fraction, texts, tokens, left_out // times, forms, slices)
    table: Floats = np.array(rows, float)
    return Survey(seen, corpus, table[:, 0].sum() + finish, Pace.of(table, finish / max(encoder.tokens, 1)))


def _timed(batches: TokenBatches, encoder: Encoder) -> Iterator[tuple[float, int, int]]:
    """Encode batches, and yield the seconds, the tokens and the new forms of each."""
    start, forms = perf_counter(), 0
    for batch in batches:
        encoder.add(batch)
        now = perf_counter()
        yield now - start, len(batch.form_ids), encoder.forms - forms
        start, forms = now, encoder.forms


def _texts(sample: Sample, seen: int) -> float:
    """Return about how many texts the whole source has; parts of a line are none of their own."""
    files = len(sample.source.files())
    if sample.source.unit == "file":
        return float(files)
    return max(float(files), (seen - sample.line_parts) / sample.fraction)
