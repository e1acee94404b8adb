"""Tokens to ids on disk, in one pass over the tokens and one over the ids.

While tokens come in, each distinct form gets a provisional number, whatever numbers its sources have for it. Only when
all are counted is it known which are words and in which order; then the provisional numbers are read back from disk and
written again as word ids. The order in which forms are met is seen nowhere in the result.
"""

from hashlib import sha256
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.encoded import EncodedCorpus, IdWriter, read_slabs
from spacy_sgns.corpus.growing import Growing
from spacy_sgns.corpus.tokens import Forms, TokenBatch
from spacy_sgns.corpus.vocabulary import Vocabulary, build_vocabulary
from spacy_sgns.settings import Settings

PORTION = 1 << 20  # ids rewritten at a time
LEFT_OUT = -1  # the number of forms whose kind is left out; negative are also the ids of forms that are no words
SPACE = -2  # that of white space, which is no token to anybody but spaCy, and not counted


class Encoder:
    """Writes the ids of a corpus into `folder`; memory grows with the number of distinct forms alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number: dict[str, int] = {}
        self._number_of: WeakKeyDictionary[Forms, Growing] = WeakKeyDictionary()  # by the number of a source
        self._texts: list[str] = []
        self._counts = np.zeros(1024, np.int64)
        self._writer = IdWriter(folder, "forms")
        self.texts = 0
        self.left_out = 0

    @property
    def tokens(self) -> int:
        """Tokens written so far."""
        return self._writer.size

    @property
    def forms(self) -> int:
        """Distinct forms met so far, those of the kinds left out too."""
        return len(self._number)

    def add(self, batch: TokenBatch) -> None:
        """Append a batch of tokens."""
        every = self._numbers(batch.forms).take(batch.numbers)
        numbers, ends = _not_negative(every, batch.ends)
        self._count(numbers)
        self._writer.write(numbers, ends)
        self.texts += batch.texts
        self.left_out += int(np.count_nonzero(every == LEFT_OUT))

    def finish(self, settings: Settings) -> tuple[EncodedCorpus, Vocabulary]:
        """Return the encoded corpus and its words. Raises SgnsError if fewer than two words are left."""
        self._writer.close()
        counts = self._counts[: len(self._texts)]
        vocabulary, id_of = build_vocabulary(self._texts, counts, settings)
        digest = sha256()
        with IdWriter(self._folder, "ids") as writer:
            for numbers, ends in read_slabs(self._folder, "forms", PORTION):
                ids, ends_of_ids = _not_negative(id_of.take(numbers), ends)
                digest.update(ids.tobytes())
                writer.write(ids, ends_of_ids)
            kept = writer.size
        self._writer.remove()
        return EncodedCorpus(self._folder, self.texts, self.tokens, kept, digest.hexdigest()), vocabulary

    def close(self) -> None:
        """Close the open file, where encoding is given up."""
        self._writer.close()

    def _numbers(self, forms: Forms) -> Ints:
        """Return the provisional number of each of a source's forms, `(forms,)` int32."""
        numbers = self._number_of.setdefault(forms, Growing(np.int32))
        unseen = forms.texts[numbers.size :]
        numbers.extend(np.fromiter((self._number_for(text, forms) for text in unseen), np.int32, len(unseen)))
        return numbers.values

    def _number_for(self, text: str, forms: Forms) -> int:
        number = self._number.get(text)
        if number is None:
            if not forms.left_out(text):
                number = len(self._texts)
                self._texts.append(text)
            else:
                number = LEFT_OUT if text.strip() else SPACE
            self._number[text] = number
        return number

    def _count(self, numbers: Ints) -> None:
        if len(self._texts) > len(self._counts):
            self._counts = np.concatenate((self._counts, np.zeros(2 * len(self._texts), np.int64)))
        seen = np.bincount(numbers)
        self._counts[: len(seen)] += seen


def _not_negative(numbers: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Return the numbers from 0 on, and the ends, counted among these."""
    gone = np.flatnonzero(numbers < 0)
    return np.delete(numbers, gone), ends - np.searchsorted(gone, ends)
