"""The trainings that were compared, in one space."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.comparison.generalized import JointFit, gram, joint_fit
from spacy_sgns.comparison.procrustes import has_direction, padded, unit
from spacy_sgns.comparison.sides import Sides, rows_of
from spacy_sgns.system.threads import one_blas_thread
from spacy_sgns.vectors.word_vectors import WordVectors


class CommonSpace:
    """The space of k trainings, aligned on words of all of them. The last one keeps its orientation."""

    def __init__(self, sides: Sides, words: Sequence[str]) -> None:
        self._sides, self._words = sides, words

    def __iter__(self) -> Iterator[WordVectors]:
        """Yield the vectors of each training in the space: unit rows of all its words, minus the mean, rotated."""
        width = self._fit.centres.shape[1]
        for (_, vectors), centre, rotation in zip(self._sides, *self._fit, strict=True):
            usable = has_direction(vectors.rows)
            rows = np.zeros((len(vectors), width), np.float32)
            rows[usable] = (padded(unit(vectors.rows[usable]), width) - centre) @ rotation
            yield WordVectors(vectors.words, rows, counts=vectors.counts, row_of=vectors.row_of)

    @cached_property
    def _fit(self) -> JointFit:
        with one_blas_thread():
            return joint_fit(gram(unit_tables(self._sides, self._words)), len(self._sides))


def unit_tables(sides: Sides, words: Sequence[str]) -> Floats:
    """Return the unit rows of words on all k sides, `(k, n, d)`, narrower ones padded with zeros."""
    width = max(side.vectors.rows.shape[1] for side in sides)
    return np.stack([padded(unit(side.vectors.rows[rows_of(side.vectors, words)]), width) for side in sides])
