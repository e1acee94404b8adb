"""Vectors on gold sets: how good they are, how sure that is, and whether one is better than another."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from spacy_sgns.evaluation.gold import MOST_FREQUENT, Analogies, GoldSet, Judged
from spacy_sgns.evaluation.statistics import Interval, bootstrap, interval
from spacy_sgns.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Score:
    """A figure on a gold set. interval: of 95 %; None if too few items are covered. covered: items, of `total`."""

    value: float
    interval: Interval | None
    covered: int
    total: int


@dataclass(frozen=True)
class Section:
    """A part of a set of analogies."""

    name: str
    value: float
    covered: int
    total: int


@dataclass(frozen=True)
class Evaluation:
    """What some vectors make of a gold set: a score for each, on the items that all of them cover.

    differences: of each after the first to the first, with their intervals by paired resamples. sections: of analogies,
    those of each.
    """

    name: str
    measure: str
    scores: list[Score]
    differences: list[Score]
    sections: list[list[Section]]


def evaluate(systems: Sequence[WordVectors], gold: GoldSet, among: int = MOST_FREQUENT) -> Evaluation:
    """Return how good each of some vectors is on a gold set, on the items that all of them cover.

    among: analogies are asked of so many of the most frequent words.
    """
    judged = [gold.judge(vectors, among) for vectors in systems]
    common = reduce(np.intersect1d, [one.items for one in judged])
    judged = [one.only(common) for one in judged]
    total = len(gold)
    draws = [bootstrap(one.figure, len(common)) for one in judged]
    scores = [Score(one.figure(), interval(d), len(common), total) for one, d in zip(judged, draws, strict=True)]
    return Evaluation(
        gold.name,
        gold.measure,
        scores,
        [_difference(judged[0], one, total) for one in judged[1:]],
        [_sections(gold, one) for one in judged] if isinstance(gold, Analogies) else [],
    )


def figures(vectors: WordVectors, sets: Sequence[GoldSet]) -> dict[str, float | None]:
    """Return the score of vectors on each of some gold sets, by its name; None where too little is covered."""
    found = ((gold.name, gold.judge(vectors, MOST_FREQUENT).figure()) for gold in sets)
    return {name: value if np.isfinite(value) else None for name, value in found}


def _difference(first: Judged, other: Judged, total: int) -> Score:
    """Return how much better the other is, item by item of the same resamples."""

    def more(places: np.ndarray) -> float:
        return other.figure(places) - first.figure(places)

    draws = bootstrap(more, len(first.items))
    return Score(other.figure() - first.figure(), interval(draws), len(first.items), total)


def _sections(gold: Analogies, judged: Judged) -> list[Section]:
    found = []
    for number in range(len(gold.sections)):
        name, places = gold.section(number)
        own = judged.only(np.arange(places.start, places.stop))
        found.append(Section(name, own.figure(), len(own.items), len(places)))
    return found
