"""Counts of a corpus, by which every text and token is accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class CorpusCounts:
    """Counts of texts, tokens and words; nothing is left out without being counted here.

    texts: texts that were read.
    texts_empty: texts without a token that is kept.
    texts_duplicate: other texts with the same tokens in the same order as an earlier text.
    texts_held_out: texts kept aside from training.
    tokens: tokens of the texts that are trained on, without the kinds that are dropped.
    tokens_kept: of these, tokens of words that have vectors.
    tokens_rare: of these, tokens of words below min_count.
    tokens_over_max_words: of these, tokens of words that exceed max_words.
    tokens_dropped: tokens dropped by their kind, in all texts; none of them is counted elsewhere.
    tokens_duplicate: tokens of duplicates, where these are dropped.
    tokens_held_out: tokens of the texts kept aside.
    words: words that have vectors.
    words_rare: words below min_count.
    words_over_max_words: words that exceed max_words.
    source: counts made while the corpus was read, by name.
    """

    texts: int
    texts_empty: int = 0
    texts_duplicate: int = 0
    texts_held_out: int = 0
    tokens: int
    tokens_kept: int
    tokens_rare: int = 0
    tokens_over_max_words: int = 0
    tokens_dropped: Mapping[str, int] = field(default_factory=dict)
    tokens_duplicate: int = 0
    tokens_held_out: int = 0
    words: int
    words_rare: int = 0
    words_over_max_words: int = 0
    source: Mapping[str, int] = field(default_factory=dict)

    @property
    def tokens_read(self) -> int:
        """All tokens, white space not counted."""
        return self.tokens + self.tokens_duplicate + self.tokens_held_out + sum(self.tokens_dropped.values())
