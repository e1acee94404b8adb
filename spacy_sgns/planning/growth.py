"""Vocabulary growth: Heaps' law, with an exponent that falls as the corpus grows.

V ~ N^b, for V words in N tokens, holds only locally. A sample shows b at several sizes, and for several sets of words:
at N tokens the words that occur at least m times grow as all words do at about N/m tokens, since their counts follow
Zipf's law (Leijenhorst and van der Weide 2005, doi 10.1016/j.ins.2004.03.006, derive one law from the other). So one
curve of exponents over log(N/m) is fitted to all of these, and extrapolated beyond the sample, where it levels off.
"""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats, Ints

SLICES = 8  # of a sample; unions of slices are samples of 1, 2 and 4 eighths
FITTED_COUNTS = (
    1,
    2,
    3,
    5,
    7,
    10,
    15,
    20,
    30,
    50,
    70,
    100,
)  # the curve is fitted to the words that occur at least m times
MIN_EXPONENT_WORDS = 200  # fewer words do not determine an exponent
MAX_WEIGHT_WORDS = 3000  # more words do not increase the weight of an exponent
SHIFT = 0.5  # V(N; m) grows approximately as V(N / (m - SHIFT); 1)
BEND = -1.0  # log(N/m), N in samples, at which the curve begins to level off
LEVELLING = 0.6  # power of N/m with which its slope fades; chosen on samples of 1/8 to 1/60 of three corpora
CHANCE_COUNT = 0.75  # part of a word's count in the sample that may be due to chance
MAX_RARE_COUNT = 50  # up to this count a sample has enough words to extrapolate from
MAX_EXACT_COUNT = 200  # up to this count every count is evaluated
MIN_RELIABLE_COUNT = 10  # occurrences in the sample from which a word's count in the corpus is known well enough
ERROR_PER_DOUBLING = 0.03  # relative error of a number of words, each time the corpus doubles; on the same samples


@dataclass(frozen=True)
class Growth:
    """The vocabulary growth of a sample.

    counts: `(V,)` of the sample's words, falling. exponents: coefficients of the curve, a polynomial in log(N/m), the
    constant first.
    """

    counts: Ints
    exponents: Floats

    @classmethod
    def from_slices(cls, slices: Ints) -> "Growth":
        """Return the growth of a sample. slices: `(8, V)` the count of each word in each eighth of the sample."""
        numbers = np.array([_mean_words(slices, parts) for parts in (8, 4, 2, 1)])
        before, after = numbers[:-1], numbers[1:]
        sizes = np.sqrt(0.5) ** np.array([5, 3, 1])  # of the sample, midway
        places = np.log(sizes[:, None] / (np.array(FITTED_COUNTS) - SHIFT))
        seen = before >= MIN_EXPONENT_WORDS
        counts = -np.sort(-slices.sum(0))
        if np.count_nonzero(seen) < 3:  # too small to fit: the usual exponent of Heaps' law
            return cls(counts, np.array([0.5]))
        powers = np.vander(places[seen], 3, increasing=True)
        weights = np.sqrt(np.minimum(before[seen], MAX_WEIGHT_WORDS))
        exponents = np.log2(after[seen] / before[seen])
        return cls(counts, np.linalg.lstsq(powers * weights[:, None], exponents * weights, rcond=None)[0])

    def words(self, times: float, least: int = 1) -> float:
        """Return the number of words with at least `least` occurrences in a corpus of `times` the sample's tokens."""
        sure = max(MIN_RELIABLE_COUNT * times, MAX_RARE_COUNT)
        if least >= sure:
            return float(np.count_nonzero(self.counts * times >= least))
        if least > MAX_RARE_COUNT:
            ends = self.words(times, MAX_RARE_COUNT), self.words(times, int(np.ceil(sure)))
            return float(np.exp(np.interp(np.log(least), np.log([MAX_RARE_COUNT, sure]), np.log(np.maximum(ends, 1)))))
        here = -np.log(least - SHIFT)
        grown = np.exp(self._summed(here + np.log(times)) - self._summed(here))
        known = np.count_nonzero(
            (self.counts - CHANCE_COUNT) * times >= 2 * least
        )  # a lower bound, exact if all words are about equally frequent
        return float(max(known, np.count_nonzero(self.counts >= least) * max(1.0, grown)))

    def expected(self, times: float, least: int = 1) -> Floats:
        """Return the counts `(V,)`, falling, of the words with at least `least` occurrences in such a corpus.

        Frequent words keep their share of the sample; for the others, the number of words with each count is known.
        """
        words = max(2, round(self.words(times, least)))
        sure = self.counts[self.counts >= MIN_RELIABLE_COUNT][:words] * times
        apart = np.geomspace(MAX_EXACT_COUNT, max(MAX_EXACT_COUNT, MIN_RELIABLE_COUNT * times), 50).astype(int)
        levels = np.unique(np.concatenate((np.arange(least, max(least, MAX_EXACT_COUNT) + 1), apart[apart >= least])))
        above = np.minimum.accumulate([self.words(times, int(level)) for level in levels])
        ranks = np.arange(len(sure) + 1, words + 1)
        steps = np.searchsorted(-above, -ranks + 0.5, "right") - 1
        return np.minimum.accumulate(np.concatenate((sure, levels[np.maximum(steps, 0)])))

    def _summed(self, place: float) -> float:
        """Return the integral of the exponents up to log(N/m) = `place`."""
        curve = np.polynomial.Polynomial(self.exponents)
        beyond = max(0.0, place - BEND)
        slope = float(curve.deriv()(BEND)) / LEVELLING
        level = max(0.0, float(curve(BEND)) + slope)
        return (
            float(curve.integ()(min(place, BEND))) + level * beyond + slope * np.expm1(-LEVELLING * beyond) / LEVELLING
        )


def relative_error(times: float) -> float:
    """Return the relative error of a number of words in a corpus of `times` the sample's tokens."""
    return float(ERROR_PER_DOUBLING * np.log2(max(times, 1)))


def _mean_words(slices: Ints, parts: int) -> list[float]:
    """Return the mean number of words that occur at least m times in one of `parts` parts, for m in `FITTED_COUNTS`."""
    sums = slices.reshape(parts, SLICES // parts, -1).sum(1)
    return [float(np.count_nonzero(sums >= least)) / parts for least in FITTED_COUNTS]
