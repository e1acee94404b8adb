"""The first training step in detail, to show how training works and whether the settings suit a corpus.

The trace follows word2vec as published: one pair and its noise words. Training itself computes many pairs at once, as
matrix products with the same expectation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.random import default_rng

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.corpus.tokens import TokenBatch
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.runs.encoding import encode
from spacy_sgns.settings import Settings
from spacy_sgns.system.shared_memory import private
from spacy_sgns.training.chunks import keep_probability
from spacy_sgns.training.objectives.noise import NoiseTable
from spacy_sgns.training.schedule import resolve_auto
from spacy_sgns.training.update.tables import Tables

MAX_SEARCHED_TOKENS = 1 << 16  # in which the first text of two words is searched


@dataclass(frozen=True)
class Word:
    """A word of the vocabulary. kept: its probability to survive subsampling; noise: to be drawn as a noise word."""

    text: str
    count: int
    kept: float
    noise: float


@dataclass(frozen=True)
class Pair:
    """A word and a context word, their distance in words, and the weight of the pair."""

    centre: str
    context: str
    distance: int
    weight: float


@dataclass(frozen=True)
class Scored:
    """A target word of the first pair. label: 1 for the context, 0 for noise.

    score, probability: before the step, the dot product with the centre and its sigmoid. after: the sigmoid afterwards.
    """

    text: str
    label: int
    score: float
    probability: float
    after: float


@dataclass(frozen=True)
class Trace:
    """The first step of a training.

    text: the words of the first text that has two. words: the whole vocabulary. pairs: the first pairs of that text.
    scored: the targets of the first pair. loss, loss_after: of the first pair, before and after a step on it alone.
    """

    text: list[str]
    words: list[Word]
    pairs: list[Pair]
    scored: list[Scored]
    loss: float
    loss_after: float
    settings: Settings


def trace(batches: Iterable[TokenBatch], settings: Settings, *, folder: Path, pairs: int = 10) -> Trace:
    """Return a trace of the first step on a corpus. folder: for the encoded corpus. pairs: how many to list.

    Raises SgnsError if the corpus has no pair, SettingError for alternatives that a trace cannot show.
    """
    _check_shown(settings)
    encoding = encode(batches, settings, folder)
    corpus, words, counts = encoding.corpus, encoding.vocabulary.words, encoding.vocabulary.counts
    settings = resolve_auto(settings, corpus.kept)
    text, noise, rng = _first_text(corpus), NoiseTable(counts, settings.noise_exponent), default_rng(settings.seed)
    weights = settings.weighting.make().weights(settings.window)
    listed = [
        Pair(words[centre], words[context], distance, float(weights[distance - 1]))
        for centre, context, distance in islice(_pairs(text, settings.window), pairs)
    ]
    tables = Tables(private(Tables.layout(len(words), settings.dim, np.float64))["rows"])
    tables.start(rng)
    centre, context, _ = next(_pairs(text, settings.window))
    targets = np.array([context, *noise.draw((settings.negative,), rng)])
    before, after = _step(tables, centre, targets, float(settings.learning_rate))
    return Trace(
        [words[i] for i in text],
        _words(words, counts, keep_probability(counts, settings.subsample), noise.probability),
        listed,
        _scored([words[i] for i in targets.tolist()], before, after),
        _loss(before),
        _loss(after),
        settings,
    )


def _words(words: list[str], counts: Ints, kept: Floats, noise: Floats) -> list[Word]:
    return [Word(*word) for word in zip(words, counts.tolist(), kept.tolist(), noise.tolist(), strict=True)]


def _scored(words: list[str], before: Floats, after: Floats) -> list[Scored]:
    """Return the context and the noise words with their scores. before, after: `(1 + negative,)`."""
    scores = zip(words, before.tolist(), after.tolist(), strict=True)
    return [Scored(word, int(i == 0), s, _sigmoid(s), _sigmoid(t)) for i, (word, s, t) in enumerate(scores)]


def _check_shown(settings: Settings) -> None:
    """Raise SettingError for an alternative other than the default."""
    for slot in ("architecture", "objective", "noise"):
        chosen, shown = getattr(settings, slot).name, getattr(Settings(), slot).name
        if chosen != shown:
            raise SettingError(f"A trace can only show {slot} {shown}, got {chosen}. Leave {slot} at its default.")


def _first_text(corpus: EncodedCorpus) -> list[int]:
    """Return the words of the first text that has at least two."""
    ids, ends = next(corpus.shards(MAX_SEARCHED_TOKENS))
    for words in np.split(ids, ends):
        if len(words) > 1:
            return words.tolist()  # type: ignore[no-any-return]
    raise SgnsError("No text has two words that are frequent enough to have vectors. Lower min_count, or see unit.")


def _pairs(text: list[int], window: int) -> Iterator[tuple[int, int, int]]:
    """Yield the centre, the context and the distance of each pair of a text."""
    for i, centre in enumerate(text):
        for j in range(max(0, i - window), min(len(text), i + window + 1)):
            if i != j:
                yield centre, text[j], abs(i - j)


def _step(tables: Tables, centre: int, targets: Ints, rate: float) -> tuple[Floats, Floats]:
    """Take a gradient step for a centre and its targets, `(k,)`, context first; return the scores before and after.

    The gradient of the loss with respect to a score s is σ(s) - 1 for the context and σ(s) for a noise word.
    """
    hidden, outputs = tables.inputs.rows[centre], tables.outputs.rows
    before = outputs[targets] @ hidden
    errors = (np.arange(len(targets)) == 0) - 1 / (1 + np.exp(-before))
    step = rate * errors @ outputs[targets]
    np.add.at(outputs, targets, rate * np.outer(errors, hidden))
    hidden += step
    return before, outputs[targets] @ hidden


def _loss(scores: Floats) -> float:
    """Return -log σ(s) of the context - Σ log σ(-s) of the noise (Mikolov et al. 2013, arXiv:1310.4546, equation 4)."""
    signs = np.where(np.arange(len(scores)) == 0, -1, 1)
    return float(np.logaddexp(0, signs * scores).sum())


def _sigmoid(score: float) -> float:
    return float(1 / (1 + np.exp(-score)))
