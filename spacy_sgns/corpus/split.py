"""Which texts are trained on, which are held out, and which are dropped."""

from dataclasses import dataclass

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.splitmix import random_mask
from spacy_sgns.corpus.text_hashes import repeated
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings

TRAINED, HELD_OUT, DROPPED = range(3)


@dataclass(frozen=True)
class Parts:
    """The part of each text. of: `(texts,)` int8. ends: `(texts,)` where the texts end among all tokens."""

    of: Ints
    ends: Ints

    @classmethod
    def by(cls, settings: Settings, ends: Ints, hashes: Ints) -> "Parts":
        """Return the parts that the settings ask for. hashes: `(texts,)`, 0 for a text without tokens.

        Which texts are held out depends on the seed and their number alone. Raises SgnsError if a share is to be held
        out, and all texts or none would be.
        """
        of = np.full(len(ends), TRAINED, np.int8)
        if settings.held_out:
            of[random_mask(settings.held_out, len(ends), settings.seed)] = HELD_OUT
        if settings.drop_duplicates:
            of[repeated(hashes)] = DROPPED
        of[hashes == 0] = TRAINED  # without tokens
        if settings.held_out:
            _check_both(of[(hashes != 0) & (of != DROPPED)], settings.held_out)
        return cls(of, ends)

    def texts(self, part: int) -> int:
        """Return how many texts a part has."""
        return int(np.count_nonzero(self.of == part))

    def of_tokens(self, start: int, stop: int) -> Ints:
        """Return the part of each token from `start` to before `stop`, `(stop - start,)` int8."""
        first, last = np.searchsorted(self.ends, (start, stop), "right")
        ends = np.minimum(self.ends[first : last + 1], stop)
        return np.repeat(self.of[first : last + 1], np.diff(ends, prepend=start))


def _check_both(of: Ints, share: float) -> None:
    """Raise SgnsError if no text with tokens, or each of them, is held out."""
    if len(of) and not (of == HELD_OUT).any():
        raise SgnsError(
            f"held_out={share:g} holds out none of {len(of):,} texts. Raise it, give more texts, or set it to 0."
        )
    if len(of) and not (of == TRAINED).any():
        raise SgnsError(f"held_out={share:g} holds out all of {len(of):,} texts. Give more texts, or set it to 0.")
