"""One step of training, seen from near: for who wants to know what happens, or whether settings suit a corpus.

What is shown is word2vec as it stands in the papers, one pair and its noise words; training itself takes many of them
at once, as matrix products with the same expectation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.random import default_rng

from spacy_sgns.arrays import Floats, Ints
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.corpus.encoder import Encoder
from spacy_sgns.corpus.tokens import TokenBatch
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.settings import Settings
from spacy_sgns.system.shared_memory import private
from spacy_sgns.training.chunks import keep_probability
from spacy_sgns.training.objectives.noise import NoiseTable
from spacy_sgns.training.schedule import resolve_auto
from spacy_sgns.training.update.tables import Tables

FIRST = 1 << 16  # words in which the first text is looked for


@dataclass(frozen=True)
class Word:
    """A word of the vocabulary. kept: the chance that an occurrence survives subsampling; noise: of being drawn."""

    text: str
    count: int
    kept: float
    noise: float


@dataclass(frozen=True)
class Pair:
    """A word and one near it, at a distance; weight: how much the pair counts."""

    centre: str
    context: str
    distance: int
    weight: float


@dataclass(frozen=True)
class Scored:
    """A word that the centre is asked about. wanted: 1 for the context, 0 for noise; score, chance: before the step."""

    text: str
    wanted: int
    score: float
    chance: float
    after: float


@dataclass(frozen=True)
class Trace:
    """What the first step is made of.

    text: the words of the first text that has two. words: the whole vocabulary. pairs: the first ones of that text.
    scored: what the first pair's centre is asked about. loss, loss_after: before and after one step for it alone.
    """

    text: list[str]
    words: list[Word]
    pairs: list[Pair]
    scored: list[Scored]
    loss: float
    loss_after: float
    settings: Settings


def trace(batches: Iterable[TokenBatch], settings: Settings, *, folder: Path, pairs: int = 10) -> Trace:
    """Return what the first step on a corpus is made of. folder: for the encoded corpus.

    Raises SgnsError where the corpus does not allow it, SettingError where the step is of another kind.
    """
    _check_shown(settings)
    encoder = Encoder(folder)
    try:
        for batch in batches:
            encoder.add(batch)
        encoding = encoder.finish(settings)
    finally:
        encoder.close()
    corpus, words, counts = encoding.corpus, encoding.vocabulary.words, encoding.vocabulary.counts
    settings = resolve_auto(settings, corpus.kept)
    text, noise, rng = _first_text(corpus), NoiseTable(counts, settings.noise_exponent), default_rng(settings.seed)
    found = list(islice(_pairs(text, settings.window), pairs))
    weights = settings.weighting.make().weights(settings.window)
    tables = Tables(private(Tables.layout(len(words), settings.dim, np.float64))["rows"])
    tables.start(rng)
    centre, context, _ = found[0]
    asked = np.array([context, *noise.draw((settings.negative,), rng)])
    before, after = _step(tables, centre, asked, float(settings.learning_rate))
    kept = keep_probability(counts, settings.subsample).tolist()
    chances = noise.probability.tolist()
    rows = zip(asked.tolist(), before.tolist(), after.tolist(), strict=True)
    return Trace(
        [words[i] for i in text],
        [Word(*word) for word in zip(words, counts.tolist(), kept, chances, strict=True)],
        [Pair(words[c], words[o], k, float(weights[k - 1])) for c, o, k in found],
        [Scored(words[i], int(not place), s, _chance(s), _chance(t)) for place, (i, s, t) in enumerate(rows)],
        _loss(before),
        _loss(after),
        settings,
    )


def _check_shown(settings: Settings) -> None:
    """Raise SettingError for a step that is not shown: of other alternatives than those that are the default."""
    for slot in ("architecture", "objective", "noise"):
        chosen, shown = getattr(settings, slot).name, getattr(Settings(), slot).name
        if chosen != shown:
            raise SettingError(f"A trace shows the {slot} {shown} alone, got {chosen}. Leave {slot} as it is.")


def _first_text(corpus: EncodedCorpus) -> list[int]:
    """Return the words of the first text that has at least two."""
    ids, ends = next(corpus.shards(FIRST))
    for words in np.split(ids, ends):
        if len(words) > 1:
            return words.tolist()  # type: ignore[no-any-return]
    raise SgnsError("No text has two words that are frequent enough to be learnt. Lower min_count, or see unit.")


def _pairs(text: list[int], window: int) -> Iterator[tuple[int, int, int]]:
    """Yield centre, context and distance of each pair of a text."""
    for i, centre in enumerate(text):
        for j in range(max(0, i - window), min(len(text), i + window + 1)):
            if i != j:
                yield centre, text[j], abs(i - j)


def _step(tables: Tables, centre: int, asked: Ints, rate: float) -> tuple[Floats, Floats]:
    """Take a step for a centre and the words it is asked about, the first being its context; return both scores.

    The gradient of the loss by a score is σ(s) - 1 for the context and σ(s) for noise.
    """
    hidden, outputs = tables.inputs.rows[centre], tables.outputs.rows
    before = outputs[asked] @ hidden
    errors = (np.arange(len(asked)) == 0) - 1 / (1 + np.exp(-before))
    pull = rate * errors @ outputs[asked]
    np.add.at(outputs, asked, rate * np.outer(errors, hidden))
    hidden += pull
    return before, outputs[asked] @ hidden


def _loss(scores: Floats) -> float:
    """-log σ(s) of the context - Σ log σ(-s) of the noise (Mikolov et al. 2013, arXiv:1310.4546, equation 4)."""
    signs = np.where(np.arange(len(scores)) == 0, -1, 1)
    return float(np.logaddexp(0, signs * scores).sum())


def _chance(score: float) -> float:
    return float(1 / (1 + np.exp(-score)))
