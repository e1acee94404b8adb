"""Scores of vectors on gold sets, with confidence intervals, and paired comparisons of several vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.evaluation.gold import MAX_ANALOGY_WORDS, Analogies, GoldSet, Predictions
from spacy_sgns.evaluation.statistics import Interval, bootstrap, interval
from spacy_sgns.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Estimate:
    """A score on a gold set, or a difference of two scores, with its 95 % confidence interval.

    interval: None if too few items are covered. covered: number of items whose words have vectors, of `total`.
    """

    value: float
    interval: Interval | None
    covered: int
    total: int


@dataclass(frozen=True)
class Section:
    """The score on one section of a set of analogies."""

    name: str
    value: float
    covered: int
    total: int


@dataclass(frozen=True)
class Evaluation:
    """The scores of several systems on a gold set, on the items that all of them cover.

    differences: the score of each system after the first minus that of the first, with intervals from paired resamples.
    sections: the sections of each system if the items are analogies, else empty.
    """

    name: str
    metric: str
    scores: list[Estimate]
    differences: list[Estimate]
    sections: list[list[Section]]


def evaluate(systems: Sequence[WordVectors], gold: GoldSet, among: int = MAX_ANALOGY_WORDS) -> Evaluation:
    """Return the scores of several systems on a gold set, on the items that all of them cover.

    among: restrict analogies to this number of the most frequent words.
    """
    predictions = [gold.predict(vectors, among) for vectors in systems]
    common = reduce(np.intersect1d, [one.items for one in predictions])
    predictions = [one.only(common) for one in predictions]
    total = len(gold)
    return Evaluation(
        gold.name,
        gold.metric,
        [Estimate(p.score(), interval(bootstrap(p.score, len(common))), len(common), total) for p in predictions],
        [_difference(predictions[0], other, total) for other in predictions[1:]],
        [_sections(gold, one) for one in predictions] if isinstance(gold, Analogies) else [],
    )


def score_sets(vectors: WordVectors, sets: Sequence[GoldSet]) -> dict[str, float | None]:
    """Return the score of vectors on each gold set, by its name; None if too few of its items are covered."""
    scores = ((gold.name, gold.predict(vectors, MAX_ANALOGY_WORDS).score()) for gold in sets)
    return {name: value if np.isfinite(value) else None for name, value in scores}


def _difference(first: Predictions, other: Predictions, total: int) -> Estimate:
    """Return how much higher the score of `other` is, with an interval from paired resamples."""

    def difference(indices: Ints) -> float:
        return other.score(indices) - first.score(indices)

    resampled = bootstrap(difference, len(first.items))
    return Estimate(other.score() - first.score(), interval(resampled), len(first.items), total)


def _sections(gold: Analogies, predictions: Predictions) -> list[Section]:
    sections = []
    for number in range(len(gold.sections)):
        name, items = gold.section(number)
        own = predictions.only(np.arange(items.start, items.stop))
        sections.append(Section(name, own.score(), len(own.items), len(items)))
    return sections
