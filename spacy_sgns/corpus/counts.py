"""What there was in a corpus, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class CorpusCounts:
    """Counts of texts, tokens and words; nothing is left out without being counted here.

    texts: read. texts_empty: without a token that is kept. texts_duplicate: others, whose tokens are those of a text
    before. texts_held_out: kept aside.

    tokens_dropped: of all texts, by kind; none of these is counted elsewhere. tokens_duplicate: of duplicates, where
    they are dropped. tokens_held_out: of what is kept aside. tokens: of all other texts; of them, tokens_kept are of
    words that have vectors, tokens_rare of words below min_count, tokens_over_max_words of others beyond
    max_words; of so many words, words_rare, words_over_max_words.

    source: what else was counted where texts come from, by name.
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
