"""What of a corpus should give pause before it is trained on."""

from collections.abc import Iterator

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.planning.forecast import Forecast

TOKENS_PER_DIMENSION = 200  # with fewer, vectors of one corpus and of another half have little in common
LONG_TEXT = 100_000  # tokens of a mean text from which on it is many that were run together
REPEATED = 0.3  # share of the characters
SPOILED = 1e-4  # share of the characters, two or three in a page
MOST_COPIES = 10_000


def doubts(expected: Forecast, repeated: float, spoiled: float) -> Iterator[str]:
    """Yield what seems wrong with a corpus, for people.

    repeated: share of the characters that are in texts seen before. spoiled: of those that were decoded wrongly.
    """
    sizes, settings = expected.sizes, expected.settings
    if sizes.kept < TOKENS_PER_DIMENSION * settings.dim or sizes.words < settings.dim:
        fitting = max(1, min(int(sizes.kept / TOKENS_PER_DIMENSION), round(sizes.words)))
        yield (
            f"The corpus is small for {settings.dim} dimensions: {sizes.kept:,.0f} tokens of {sizes.words:,.0f} words. "
            f"Set dim to {fitting} or less, or give more text."
        )
    if sizes.tokens > LONG_TEXT * max(sizes.texts, 1):
        yield (
            f"A text has {sizes.tokens / max(sizes.texts, 1):,.0f} tokens in the mean, and context goes from one end "
            "to the other. If it is many texts, put each on a line of its own, or see unit."
        )
    if settings.held_out or settings.drop_duplicates:
        yield "The plan is for all texts: held_out and drop_duplicates are not taken into account. It will be less."
    if repeated > REPEATED and not settings.drop_duplicates:
        yield (
            f"About {repeated:.0%} of the corpus are texts that were there before: their words count again each time. "
            "Leave them out by drop_duplicates."
        )
    if spoiled > SPOILED:
        yield (
            f"{spoiled:.2%} of the characters look as if text had been decoded wrongly before (\ufffd, or Ã and Â "
            "where letters with accents should be). Repair it first."
        )


def copies(repeated: float, fraction: float) -> float:
    """Return which share of a corpus are texts seen before, if `repeated` is that share in a sample of a fraction.

    Were each text there k times, in random places, a share 1 - (1 - (1 - f)^k) / (k f) of a sample would be copies.
    """
    if fraction >= 1:
        return repeated
    k: Floats = np.geomspace(1, MOST_COPIES, 1000)
    shares = 1 - (1 - (1 - fraction) ** k) / (k * fraction)
    return float(1 - 1 / np.interp(repeated, shares, k))
