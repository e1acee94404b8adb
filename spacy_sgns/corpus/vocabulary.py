"""Which forms are words, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings


@dataclass(frozen=True)
class Vocabulary:
    """The V words of a corpus, the most frequent first; equal counts in order of their text.

    words: `V` canonical texts. counts: `(V,)`. forms: for each word the texts seen for it, the most frequent first.
    """

    words: list[str]
    counts: Ints
    forms: list[list[str]]

    def __len__(self) -> int:
        return len(self.words)


def build_vocabulary(texts: Sequence[str], counts: Ints, settings: Settings) -> tuple[Vocabulary, Ints]:
    """Return the vocabulary of some distinct forms and, per form, the id of its word or -1, `(forms,)`.

    Raises SgnsError if fewer than two words are left.
    """
    by_word: dict[str, list[int]] = {}
    for form, text in enumerate(texts):
        by_word.setdefault(_canonical(text, settings.case), []).append(form)
    totals = {word: int(counts[forms].sum()) for word, forms in by_word.items()}
    kept = [word for word, total in totals.items() if total >= settings.min_count]
    kept.sort(key=lambda word: (-totals[word], word))
    kept = kept[: settings.max_words or None]
    _check_enough(kept, totals, settings)
    ids = np.full(len(texts), -1, np.int32)
    seen = []
    for row, word in enumerate(kept):
        ids[by_word[word]] = row
        ordered = sorted((-int(counts[form]), texts[form]) for form in by_word[word])
        seen.append([text for _, text in ordered])
    return Vocabulary(kept, np.array([totals[word] for word in kept], np.int64), seen), ids


def _canonical(text: str, case: str) -> str:
    return text.lower() if case == "fold" else text


def _check_enough(kept: list[str], totals: dict[str, int], settings: Settings) -> None:
    if len(kept) > 1:
        return
    if not totals:
        raise SgnsError("The corpus has no tokens: nothing but space and the kinds in drop was found.")
    if kept and settings.max_words == 1:
        raise SgnsError("max_words is 1, and one word alone has no neighbours. Raise max_words.")
    most = sorted(totals.values(), reverse=True)[:2]
    if len(most) == 1:
        raise SgnsError(f"The corpus has only one word, {kept or list(totals)}: vectors need at least two.")
    left = "Only one word" if kept else "No word"
    raise SgnsError(
        f"{left} occurs min_count={settings.min_count} times; the second most frequent of {len(totals)} words occurs "
        f"{most[1]} times. Lower min_count (--min-count {most[1]} or less), or give a larger corpus."
    )
