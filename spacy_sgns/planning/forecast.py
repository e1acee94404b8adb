"""From what was seen of a sample to what the whole corpus will be, and what is made of it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.errors import SgnsError
from spacy_sgns.planning.growth import SLICES, Growth, error_of
from spacy_sgns.planning.resources import Sizes
from spacy_sgns.settings import Settings
from spacy_sgns.training.chunks import keep_probability
from spacy_sgns.training.schedule import resolve_auto

SHOWN = (1, 2, 5, 10, 50)  # values of min_count that are compared
PARTS = 8 * SLICES  # of a sample, which go round over its slices: neighbouring texts repeat each other's words


@dataclass(frozen=True)
class Seen:
    """What was seen of a sample. fraction: of the corpus; 1 for all of it. forms: distinct tokens.

    texts: of the whole corpus, which are not always counted in the sample. tokens: without the kinds left out. slices:
    `(8, V)` how often each word occurs in each eighth of the sample.
    """

    fraction: float
    texts: float
    tokens: int
    left_out: int
    forms: int
    slices: Ints


@dataclass(frozen=True)
class Words:
    """How many words occur `min_count` times, and how many tokens of the corpus they are."""

    min_count: int
    words: int
    kept: int


@dataclass(frozen=True)
class Forecast:
    """What a corpus will be: a sample, so many `times` larger.

    left_out: tokens of the kinds left out. sizes: with these settings. counts: `(V,)` of its words, falling. settings:
    with every "auto" replaced. trained: tokens of an epoch that subsampling leaves.
    """

    growth: Growth
    times: float
    left_out: float
    sizes: Sizes
    counts: Floats
    vocabulary: list[Words]
    settings: Settings
    trained: float

    @property
    def error(self) -> float:
        """How far off numbers of words may be, as a share."""
        return error_of(self.times)

    def forms_of_one(self, workers: int) -> float:
        """Return how many distinct tokens one of some workers meets, which share the texts."""
        return self.sizes.forms * self.growth.words(self.times / workers) / max(self.growth.words(self.times), 1)


def sliced(corpus: EncodedCorpus, tokens: int, words: int) -> Ints:
    """Return how often each word occurs in each eighth of a corpus's first tokens, `(8, V)`."""
    counts = np.zeros((SLICES, words), np.int64)
    left = tokens
    for part, (ids, _) in enumerate(corpus.shards(-(-tokens // PARTS))):
        counts[part % SLICES] += np.bincount(ids[:left], minlength=words)
        left -= len(ids)
        if left <= 0:
            break
    return counts


def forecast(seen: Seen, settings: Settings) -> Forecast:
    """Return what a corpus will be. Raises SgnsError if fewer than two words will occur often enough."""
    times = 1 / seen.fraction
    growth = Growth.of(seen.slices)
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
        seen.left_out * times,
        Sizes(seen.texts, tokens, kept, forms, len(counts)),
        counts,
        list(_vocabulary(growth, times, tokens, settings)),
        settled,
        float((counts * keep_probability(counts, settings.subsample)).sum()),
    )


def _vocabulary(growth: Growth, times: float, tokens: float, settings: Settings) -> Iterable[Words]:
    every = growth.expected(times)
    for least in sorted({*SHOWN, settings.min_count}):
        if growth.words(times, least) >= 1:
            counts = growth.expected(times, least)[: settings.max_words or None]
            yield Words(least, len(counts), round(tokens * counts.sum() / every.sum()))


def _check_enough(growth: Growth, times: float, settings: Settings) -> None:
    if growth.words(times, settings.min_count) >= 2:
        return
    second = round(float(np.append(growth.counts, (0, 0))[1]) * times)
    raise SgnsError(
        f"Fewer than two words will occur min_count={settings.min_count} times; the second most frequent one occurs "
        f"about {second} times. Lower min_count (--min-count {max(second, 1)} or less), or give a larger corpus."
    )
