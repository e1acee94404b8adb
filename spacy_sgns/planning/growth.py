"""How many words a corpus has, from a sample of it: Heaps' law, with an exponent that falls as the corpus grows.

That V words occur in N tokens with V ~ N^b is only locally true. In a sample, b can be seen at several sizes, and not
only of all words: those that occur m times or more grow at N tokens as all words grow at about N/m (their counts are
Zipf's; Leijenhorst and van der Weide 2005, doi 10.1016/j.ins.2004.03.006, derive one law from the other). So one curve
of exponents over log(N/m) is fitted to all of them, and followed beyond the sample, where it levels off.
"""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Floats, Ints

SLICES = 8  # of a sample: their unions are samples of 1, 2 and 4 eighths
LEAST = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)  # counts m whose words the curve is fitted to
ENOUGH = 200  # words that tell an exponent
MOST = 3000  # words beyond which an exponent is not trusted more
SHIFT = 0.5  # V(N; m) grows as V(N / (m - SHIFT); 1), about
BEND = -1.0  # log(N/m), N in samples, from which on the curve levels off, as its own slope is all that is known of it
LEVELLING = 0.6  # power of N/m by which that slope fades: by trial on samples of 1/8 to 1/60 of three corpora
LUCK = 0.75  # of an occurrence in the sample, that a word may have had
FEW = 50  # counts up to which words are many enough in a sample to be followed from there
EACH = 200  # counts up to which each is looked at for itself
SURE = 10  # occurrences in the sample from which on a word's count in the corpus is known well enough
ERROR = 0.03  # share of a number of words, for each time that the corpus is twice as large: by trial on the same


@dataclass(frozen=True)
class Growth:
    """The words of a sample, and how they grow in number.

    counts: `(V,)` of the sample's words, falling. exponents: of the curve, a polynomial in log(N/m), the constant
    first.
    """

    counts: Ints
    exponents: Floats

    @classmethod
    def of(cls, slices: Ints) -> "Growth":
        """Return the growth seen in a sample. slices: `(8, V)` how often each word occurs in each eighth of it."""
        numbers = np.array([_mean_words(slices, parts) for parts in (8, 4, 2, 1)])
        before, after = numbers[:-1], numbers[1:]
        sizes = np.sqrt(0.5) ** np.array([5, 3, 1])  # of the sample, midway
        places = np.log(sizes[:, None] / (np.array(LEAST) - SHIFT))
        seen = before >= ENOUGH
        counts = -np.sort(-slices.sum(0))
        if np.count_nonzero(seen) < 3:  # too small to say: as many words as there are, again and again, by Heaps
            return cls(counts, np.array([0.5]))
        powers = np.vander(places[seen], 3, increasing=True)
        weights = np.sqrt(np.minimum(before[seen], MOST))
        exponents = np.log2(after[seen] / before[seen])
        return cls(counts, np.linalg.lstsq(powers * weights[:, None], exponents * weights, rcond=None)[0])

    def words(self, times: float, least: int = 1) -> float:
        """Return how many words occur at least so often in a corpus of `times` the sample's tokens."""
        sure = max(SURE * times, FEW)
        if least >= sure:
            return float(np.count_nonzero(self.counts * times >= least))
        if least > FEW:
            ends = self.words(times, FEW), self.words(times, int(np.ceil(sure)))
            return float(np.exp(np.interp(np.log(least), np.log([FEW, sure]), np.log(np.maximum(ends, 1)))))
        here = -np.log(least - SHIFT)
        grown = np.exp(self._summed(here + np.log(times)) - self._summed(here))
        known = np.count_nonzero((self.counts - LUCK) * times >= 2 * least)  # as where all are about as frequent
        return float(max(known, np.count_nonzero(self.counts >= least) * max(1.0, grown)))

    def expected(self, times: float, least: int = 1) -> Floats:
        """Return the counts `(V,)`, falling, of the words that occur at least so often in such a corpus.

        Frequent words have their share in the sample; of the others it is known how many have which count.
        """
        words = max(2, round(self.words(times, least)))
        sure = self.counts[self.counts >= SURE][:words] * times
        apart = np.geomspace(EACH, max(EACH, SURE * times), 50).astype(int)
        levels = np.unique(np.concatenate((np.arange(least, max(least, EACH) + 1), apart[apart >= least])))
        above = np.minimum.accumulate([self.words(times, int(level)) for level in levels])
        ranks = np.arange(len(sure) + 1, words + 1)
        steps = np.searchsorted(-above, -ranks + 0.5, "right") - 1
        return np.minimum.accumulate(np.concatenate((sure, levels[np.maximum(steps, 0)])))

    def _summed(self, place: float) -> float:
        """Return the integral of the exponents up to a place log(N/m)."""
        curve = np.polynomial.Polynomial(self.exponents)
        beyond = max(0.0, place - BEND)
        slope = float(curve.deriv()(BEND)) / LEVELLING
        level = max(0.0, float(curve(BEND)) + slope)
        return (
            float(curve.integ()(min(place, BEND))) + level * beyond + slope * np.expm1(-LEVELLING * beyond) / LEVELLING
        )


def error_of(times: float) -> float:
    """Return how far off a number of words may be, as a share of it, in a corpus of `times` the sample's tokens."""
    return float(ERROR * np.log2(max(times, 1)))


def _mean_words(slices: Ints, parts: int) -> list[float]:
    """Return, for each count in `LEAST`, how many words occur so often in a part of the sample, of so many."""
    sums = slices.reshape(parts, SLICES // parts, -1).sum(1)
    return [float(np.count_nonzero(sums >= least)) / parts for least in LEAST]
