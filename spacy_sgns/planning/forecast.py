"""Statistics of a sample to a forecast for the whole corpus."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.errors import SgnsError
from spacy_sgns.planning.growth import SLICES, Growth, relative_error
from spacy_sgns.planning.resources import Sizes
from spacy_sgns.settings import Settings
from spacy_sgns.training.chunks import keep_probability
from spacy_sgns.training.schedule import resolve_auto

COMPARED_MIN_COUNTS = (1, 2, 5, 10, 50)  # values of min_count that are compared
STRIPES = 8 * SLICES  # of a sample, assigned to its slices in turn, because neighbouring texts share words


@dataclass(frozen=True)
class SampleStats:
    """Statistics of a sample. fraction: of the corpus; 1 for the whole corpus. forms: distinct tokens.

    texts: of the whole corpus; they cannot always be counted in the sample. tokens: without dropped kinds. slices:
    `(8, V)` the count of each word in each eighth of the sample.
    """

    fraction: float
    texts: float
    tokens: int
    dropped: int
    forms: int
    slices: Ints


@dataclass(frozen=True)
class VocabularySize:
    """The number of words that occur at least `min_count` times, and of their tokens."""

    min_count: int
    words: int
    kept: int


@dataclass(frozen=True)
class Forecast:
    """A forecast for a corpus that is `times` as large as its sample.

    dropped: tokens of dropped kinds. sizes: with these settings. counts: `(V,)` of the words, falling. settings:
    without "auto". trained: tokens per epoch after subsampling.
    """

    growth: Growth
    times: float
    dropped: float
    sizes: Sizes
    counts: Floats
    vocabulary: list[VocabularySize]
    settings: Settings
    trained: float

    @property
    def error(self) -> float:
        """The relative error of the numbers of words."""
        return relative_error(self.times)

    def forms_per_worker(self, workers: int) -> float:
        """Return the number of distinct tokens that one worker meets when the texts are divided among `workers`."""
        return self.sizes.forms * self.growth.words(self.times / workers) / max(self.growth.words(self.times), 1)


def count_slices(corpus: EncodedCorpus, tokens: int, words: int) -> Ints:
    """Return the count of each word in each eighth of the first `tokens` tokens of a corpus, `(8, V)`."""
    counts = np.zeros((SLICES, words), np.int64)
    left = tokens
    for part, (ids, _) in enumerate(corpus.shards(-(-tokens // STRIPES))):
        counts[part % SLICES] += np.bincount(ids[:left], minlength=words)
        left -= len(ids)
        if left <= 0:
            break
    return counts


def forecast(seen: SampleStats, settings: Settings) -> Forecast:
    """Return the forecast for a corpus. Raises SgnsError if fewer than two words will be frequent enough."""
    times = 1 / seen.fraction
    growth = Growth.from_slices(seen.slices)
    _check_enough(growth, times, settings)
    counts = growth.expected(times, settings.min_count)[: settings.max_words or None]
    tokens = seen.tokens * times
    counts *= tokens / growth.expected(times).sum()
    kept = float(counts.sum())
    forms = seen.forms * growth.words(times) / max(growth.words(1), 1)
    settled = resolve_auto(settings, round(kept))
    return Forecast(
        growth,
        times,
        seen.dropped * times,
        Sizes(seen.texts, tokens, kept, forms, len(counts)),
        counts,
        list(_vocabulary(growth, times, tokens, settings)),
        settled,
        float((counts * keep_probability(counts, settings.subsample)).sum()),
    )


def _vocabulary(growth: Growth, times: float, tokens: float, settings: Settings) -> Iterable[VocabularySize]:
    every = growth.expected(times)
    for least in sorted({*COMPARED_MIN_COUNTS, settings.min_count}):
        if growth.words(times, least) >= 1:
            counts = growth.expected(times, least)[: settings.max_words or None]
            yield VocabularySize(least, len(counts), round(tokens * counts.sum() / every.sum()))


def _check_enough(growth: Growth, times: float, settings: Settings) -> None:
    if growth.words(times, settings.min_count) >= 2:
        return
    second = round(float(np.append(growth.counts, (0, 0))[1]) * times)
    raise SgnsError(
        f"Fewer than two words will occur min_count={settings.min_count} times; the second most frequent one occurs "
        f"about {second} times. Give --min-count {max(second, 1)}, or a larger corpus."
    )
