"""Which texts are trained on, which are held out, and which are dropped."""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.splitmix import random_mask
from spacy_sgns.corpus.text_hashes import duplicate_indices
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings

TRAIN, HELD_OUT, DROPPED = range(3)


@dataclass(frozen=True)
class Split:
    """The part of each text. parts: `(texts,)` int8. ends: `(texts,)`, where texts end among all tokens."""

    parts: Ints
    ends: Ints

    @classmethod
    def from_settings(cls, settings: Settings, ends: Ints, hashes: Ints) -> "Split":
        """Return the split by these settings. hashes: `(texts,)`, 0 for a text without tokens.

        Which texts are held out depends only on their index and the seed. Raises SgnsError if a share is to be held
        out, but that would be all texts with tokens, or none.
        """
        parts = np.full(len(ends), TRAIN, np.int8)
        if settings.held_out:
            parts[random_mask(settings.held_out, len(ends), settings.seed)] = HELD_OUT
        if settings.drop_duplicates:
            parts[duplicate_indices(hashes)] = DROPPED
        parts[hashes == 0] = TRAIN
        if settings.held_out:
            _check_both(parts[(hashes != 0) & (parts != DROPPED)], settings.held_out)
        return cls(parts, ends)

    def count_texts(self, part: int) -> int:
        """Return the number of texts of a part."""
        return int(np.count_nonzero(self.parts == part))

    def token_parts(self, start: int, stop: int) -> Ints:
        """Return the part of each token in `start:stop`, `(stop - start,)` int8."""
        first, last = np.searchsorted(self.ends, (start, stop), "right")
        ends = np.minimum(self.ends[first : last + 1], stop)
        return np.repeat(self.parts[first : last + 1], np.diff(ends, prepend=start))


def _check_both(parts: Ints, share: float) -> None:
    """Raise SgnsError if all of these texts are held out, or none of them."""
    if len(parts) and not (parts == HELD_OUT).any():
        raise SgnsError(
            f"held_out={share:g} holds out none of {len(parts):,} texts. Raise it, give more texts, or set it to 0."
        )
    if len(parts) and not (parts == TRAIN).any():
        raise SgnsError(f"held_out={share:g} holds out all of {len(parts):,} texts. Give more texts, or set it to 0.")
