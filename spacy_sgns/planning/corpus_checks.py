"""Warnings about a corpus."""

from collections.abc import Iterator

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.planning.forecast import Forecast

MIN_TOKENS_PER_DIMENSION = 200  # with fewer, the vectors of two halves of a corpus have little in common
MAX_MEAN_TEXT_TOKENS = 100_000  # longer texts are probably many texts run together
MAX_REPEATED_SHARE = 0.3  # of the characters
MAX_MOJIBAKE_SHARE = 1e-4  # of the characters: two or three on a page
MAX_REPETITIONS = 10_000


def corpus_warnings(expected: Forecast, repeated: float, mojibake: float) -> Iterator[str]:
    """Yield warnings for the user.

    repeated: share of the characters that belong to duplicates. mojibake: share of those decoded with a wrong encoding.
    """
    sizes, settings = expected.sizes, expected.settings
    if sizes.kept < MIN_TOKENS_PER_DIMENSION * settings.dim or sizes.words < settings.dim:
        fitting = max(1, min(int(sizes.kept / MIN_TOKENS_PER_DIMENSION), round(sizes.words)))
        yield (
            f"The corpus is small for {settings.dim} dimensions: {sizes.kept:,.0f} tokens of {sizes.words:,.0f} words. "
            f"Set dim to {fitting} or less, or give more text."
        )
    if sizes.tokens > MAX_MEAN_TEXT_TOKENS * max(sizes.texts, 1):
        yield (
            f"A text has {sizes.tokens / max(sizes.texts, 1):,.0f} tokens on average, all in one context. If these are "
            "many texts run together, put each on a line of its own, or see unit."
        )
    if settings.held_out or settings.drop_duplicates:
        yield "The plan ignores held_out and drop_duplicates, so the run will need less than planned."
    if repeated > MAX_REPEATED_SHARE and not settings.drop_duplicates:
        yield (
            f"About {repeated:.0%} of the corpus are duplicates, whose words are counted each time. Leave them out "
            "with drop_duplicates."
        )
    if mojibake > MAX_MOJIBAKE_SHARE:
        yield (
            f"{mojibake:.2%} of the characters look like text decoded with a wrong encoding (\ufffd, or Ã and Â "
            "in place of letters with accents). Repair the text first."
        )


def repeated_share(repeated: float, fraction: float) -> float:
    """Return the share of duplicates in a corpus.

    repeated: their share in a sample. fraction: the share of the corpus that the sample is.

    If each text occurred k times, at random positions, the share of duplicates in a sample would be
    1 - (1 - (1 - f)^k) / (k f).
    """
    if fraction >= 1:
        return repeated
    k: Floats = np.geomspace(1, MAX_REPETITIONS, 1000)
    shares = 1 - (1 - (1 - fraction) ** k) / (k * fraction)
    return float(1 - 1 / np.interp(repeated, shares, k))
