"""Which forms are words, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.growable import Interner
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings


class Amount(NamedTuple):
    """So many words, with so many tokens."""

    words: int = 0
    tokens: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """The V words of a corpus, the most frequent first; equal counts in order of their text.

    words: `V` canonical texts. counts: `(V,)`. forms: for each word the texts seen for it, the most frequent first.
    rare: what is below min_count. beyond: what is not, but beyond max_words.
    """

    words: list[str]
    counts: Ints
    forms: list[list[str]]
    rare: Amount = Amount()
    beyond: Amount = Amount()

    def __len__(self) -> int:
        return len(self.words)


def build_vocabulary(texts: Sequence[str], counts: Ints, settings: Settings) -> tuple[Vocabulary, Ints]:
    """Return the vocabulary of some distinct forms and, per form, the id of its word or -1, `(forms,)`.

    A form with a count of 0 adds nothing to the vocabulary, but has an id where it is a form of one of the words.
    Raises SgnsError if fewer than two words are left.
    """
    number: Interner[str] = Interner()  # of each word, before it is known which are kept
    canonical = map(str.lower, texts) if settings.case == "fold" else texts
    word_of = np.fromiter(map(number.__getitem__, canonical), np.int64, len(texts))
    totals = np.bincount(word_of, counts, minlength=len(number)).astype(np.int64)  # exact up to 2**53
    words = list(number)
    frequent = totals >= settings.min_count
    kept = _sorted(np.flatnonzero(frequent), totals, words)[: settings.max_words or None]
    _check_enough([words[word] for word in kept], words, totals, settings)
    row_of = np.full(len(words), -1, np.int32)
    row_of[kept] = np.arange(len(kept))
    ids = row_of[word_of]
    rare, enough = _amount(totals[~frequent]), _amount(totals[frequent])
    beyond = Amount(enough.words - len(kept), enough.tokens - int(totals[kept].sum()))
    forms = _forms(texts, counts, ids, len(kept))
    return Vocabulary([words[word] for word in kept], totals[kept], forms, rare, beyond), ids


def _amount(totals: Ints) -> Amount:
    return Amount(int(np.count_nonzero(totals)), int(totals.sum()))


def _forms(texts: Sequence[str], counts: Ints, ids: Ints, size: int) -> list[list[str]]:
    """Return the forms of each word, the most frequent first."""
    forms: list[list[str]] = [[] for _ in range(size)]
    for form in _sorted(np.flatnonzero((ids >= 0) & (counts > 0)), counts, texts):
        forms[ids[form]].append(texts[form])
    return forms


def _sorted(places: Ints, counts: Ints, texts: Sequence[str]) -> list[int]:
    """Return places, those with the highest counts first; equal counts in order of their text."""
    each = places.tolist()
    ranks = zip((-counts[places]).tolist(), (texts[place] for place in each), each, strict=True)
    return [place for _, _, place in sorted(ranks)]


def _check_enough(kept: Sequence[str], words: Sequence[str], totals: Ints, settings: Settings) -> None:
    if len(kept) > 1:
        return
    words = [words[word] for word in np.flatnonzero(totals).tolist()]
    if not words:
        raise SgnsError("The corpus has no tokens but space and the kinds in drop. Give another corpus, or drop less.")
    if len(words) == 1:
        raise SgnsError(f"The corpus has only one word, {words[0]!r}: vectors need at least two. Give a larger corpus.")
    second = int(np.sort(totals)[-2])
    raise SgnsError(
        f"{'Only one word' if kept else 'No word'} occurs min_count={settings.min_count} times; the second most "
        f"frequent of {len(words)} words occurs {second} times. Lower min_count (--min-count {second} or less), or "
        "give a larger corpus."
    )
