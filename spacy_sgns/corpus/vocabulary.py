"""The vocabulary: which forms are words, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.growable import Interner
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings


class Excluded(NamedTuple):
    """Words that are not in the vocabulary: the number of words, and of their tokens."""

    words: int = 0
    tokens: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """The V words of a corpus by descending count; words with equal counts are in alphabetical order.

    words: their canonical texts. counts: `(V,)`. forms: the texts of each word in the corpus by descending count. rare:
    words below min_count. over_max_words: words that are frequent enough, but exceed max_words.
    """

    words: list[str]
    counts: Ints
    forms: list[list[str]]
    rare: Excluded = Excluded()
    over_max_words: Excluded = Excluded()

    def __len__(self) -> int:
        return len(self.words)


def build_vocabulary(texts: Sequence[str], counts: Ints, settings: Settings) -> tuple[Vocabulary, Ints]:
    """Return the vocabulary of distinct forms and the id of each form's word, `(forms,)`, -1 where it has none.

    A form with a count of 0 adds nothing to the vocabulary, but has an id if its word is in it. Raises SgnsError if the
    vocabulary has fewer than two words.
    """
    candidate_ids: Interner[str] = Interner()  # of words, before it is known which of them are kept
    canonical = map(str.lower, texts) if settings.case == "fold" else texts
    candidate_of = np.fromiter(map(candidate_ids.__getitem__, canonical), np.int64, len(texts))
    totals = np.bincount(candidate_of, counts, minlength=len(candidate_ids)).astype(np.int64)  # exact up to 2**53
    candidates = list(candidate_ids)
    frequent = totals >= settings.min_count
    kept = _by_count(np.flatnonzero(frequent), totals, candidates)[: settings.max_words or None]
    words = [candidates[i] for i in kept]
    _check_enough(words, candidates, totals, settings)
    id_of = np.full(len(candidates), -1, np.int32)
    id_of[kept] = np.arange(len(kept))
    ids = id_of[candidate_of]
    rare, enough = _excluded(totals[~frequent]), _excluded(totals[frequent])
    over = Excluded(enough.words - len(kept), enough.tokens - int(totals[kept].sum()))
    return Vocabulary(words, totals[kept], _forms(texts, counts, ids, len(kept)), rare, over), ids


def _excluded(totals: Ints) -> Excluded:
    return Excluded(int(np.count_nonzero(totals)), int(totals.sum()))


def _forms(texts: Sequence[str], counts: Ints, ids: Ints, size: int) -> list[list[str]]:
    """Return the forms of each of `size` words by descending count."""
    forms: list[list[str]] = [[] for _ in range(size)]
    for form in _by_count(np.flatnonzero((ids >= 0) & (counts > 0)), counts, texts):
        forms[ids[form]].append(texts[form])
    return forms


def _by_count(indices: Ints, counts: Ints, texts: Sequence[str]) -> list[int]:
    """Return indices by descending count, and by text where counts are equal."""
    listed = indices.tolist()
    keys = zip((-counts[indices]).tolist(), (texts[i] for i in listed), listed, strict=True)
    return [i for _, _, i in sorted(keys)]


def _check_enough(words: Sequence[str], candidates: Sequence[str], totals: Ints, settings: Settings) -> None:
    if len(words) > 1:
        return
    found = [candidates[i] for i in np.flatnonzero(totals).tolist()]
    if not found:
        raise SgnsError(
            "The corpus has no tokens other than white space and the kinds in drop. Give another corpus, or drop less."
        )
    if len(found) == 1:
        raise SgnsError(f"The corpus has only one word, {found[0]!r}: vectors need at least two. Give a larger corpus.")
    second = int(np.sort(totals)[-2])
    raise SgnsError(
        f"{'Only one word' if words else 'No word'} occurs min_count={settings.min_count} times, and vectors need two; "
        f"of {len(found)} words, two occur {second} time{'s'[: second != 1]} or more. Give --min-count {second}, or a "
        "larger corpus."
    )
