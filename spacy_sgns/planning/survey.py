"""A sample, encoded: its statistics, and the time that encoding took."""

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
from spacy_sgns.planning.cost import EncodingCost
from spacy_sgns.planning.forecast import SampleStats, count_slices
from spacy_sgns.settings import Settings
from spacy_sgns.sources.sample import Sample
from spacy_sgns.sources.stats import Warn
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.source_tokens import source_tokens


@dataclass(frozen=True)
class Survey:
    """An encoded sample. seconds: of encoding. cost: of encoding the whole corpus."""

    stats: SampleStats
    corpus: EncodedCorpus
    seconds: float
    cost: EncodingCost


def survey_sample(
    sample: Sample, maker: DocMaker, settings: Settings, folder: Path, warn: Warn, *, times: int
) -> Survey:
    """Return a sample encoded. Raises SgnsError if it cannot be read, or has fewer than two words.

    times: passes over the sample. In the second pass no form is new, as in most of a large corpus. folder: for the ids.
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
    dropped = sum(encoding.counts.tokens_dropped.values())
    tokens = encoder.tokens // times
    texts = _texts(sample, encoder.texts // times)
    forms = sum(map(len, vocabulary.forms))
    slices = count_slices(corpus, tokens, len(vocabulary))
    stats = SampleStats(sample.fraction, texts, tokens, dropped // times, forms, slices)
    table: Floats = np.array(rows, float)
    return Survey(
        stats, corpus, table[:, 0].sum() + finish, EncodingCost.from_batches(table, finish / max(encoder.tokens, 1))
    )


def _timed(batches: TokenBatches, encoder: Encoder) -> Iterator[tuple[float, int, int]]:
    """Encode batches, and yield the seconds, tokens and new forms of each."""
    start, forms = perf_counter(), 0
    for batch in batches:
        encoder.add(batch)
        now = perf_counter()
        yield now - start, len(batch.form_ids), encoder.forms - forms
        start, forms = now, encoder.forms


def _texts(sample: Sample, seen: int) -> float:
    """Return the approximate number of texts of the whole source. Parts of a line are not texts of their own."""
    files = len(sample.source.files())
    if sample.source.unit == "file":
        return float(files)
    return max(float(files), (seen - sample.line_parts) / sample.fraction)
