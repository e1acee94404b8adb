"""Tokens to ids on disk, in one pass over the tokens and one over the ids.

While tokens come in, each distinct form gets a provisional number. Only when all are counted is it known which are
words and in which order; then the provisional numbers are read back from disk and written again as word ids.
"""

from hashlib import sha256
from pathlib import Path

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.encoded import EncodedCorpus, IdWriter, read_slabs
from spacy_sgns.corpus.tokens import Describe, TokenBatch
from spacy_sgns.corpus.vocabulary import Vocabulary, build_vocabulary
from spacy_sgns.settings import Settings

PORTION = 1 << 20  # ids rewritten at a time
LEFT_OUT = -1  # the number of forms whose kind is left out
UNSEEN = -2


class Encoder:
    """Writes the ids of a corpus into `folder`; memory grows with the number of distinct forms alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number: dict[int, int] = {}
        self._texts: list[str] = []
        self._counts = np.zeros(1024, np.int64)
        self._writer = IdWriter(folder, "forms")
        self.texts = 0
        self.left_out = 0

    @property
    def tokens(self) -> int:
        """Tokens written so far."""
        return self._writer.size

    def add(self, batch: TokenBatch) -> None:
        """Append a batch of tokens."""
        numbers = self._numbers(batch)
        stays = numbers != LEFT_OUT
        before = np.concatenate(([0], np.cumsum(stays)))
        numbers = numbers[stays]
        self._count(numbers)
        self._writer.write(numbers, before.take(batch.ends))
        self.texts += batch.texts
        self.left_out += len(stays) - len(numbers)

    def finish(self, settings: Settings) -> tuple[EncodedCorpus, Vocabulary]:
        """Return the encoded corpus and its words. Raises SgnsError if fewer than two words are left."""
        self._writer.close()
        counts = self._counts[: len(self._texts)]
        vocabulary, id_of = build_vocabulary(self._texts, counts, settings)
        digest = sha256()
        with IdWriter(self._folder, "ids") as writer:
            for numbers, ends in read_slabs(self._folder, "forms", PORTION):
                ids = id_of.take(numbers)
                stays = ids >= 0
                before = np.concatenate(([0], np.cumsum(stays)))
                ids = ids[stays]
                digest.update(ids.tobytes())
                writer.write(ids, before.take(ends))
            kept = writer.size
        self._writer.remove()
        return EncodedCorpus(self._folder, self.texts, self.tokens, kept, digest.hexdigest()), vocabulary

    def close(self) -> None:
        """Close the open file, where encoding is given up."""
        self._writer.close()

    def _numbers(self, batch: TokenBatch) -> Ints:
        """Return the provisional number of each token, `(n,)` int32."""
        keys = batch.keys.tolist()
        numbers = np.fromiter((self._number.get(key, UNSEEN) for key in keys), np.int32, len(keys))
        unseen = np.flatnonzero(numbers == UNSEEN)
        if len(unseen):
            self._learn(np.unique(batch.keys[unseen]).tolist(), batch.describe)
            numbers[unseen] = [self._number[keys[i]] for i in unseen.tolist()]
        return numbers

    def _learn(self, keys: list[int], describe: Describe) -> None:
        for key, (text, left_out) in zip(keys, describe(keys), strict=True):
            self._number[key] = LEFT_OUT if left_out else len(self._texts)
            if not left_out:
                self._texts.append(text)

    def _count(self, numbers: Ints) -> None:
        if len(self._texts) > len(self._counts):
            self._counts = np.concatenate((self._counts, np.zeros(2 * len(self._texts), np.int64)))
        seen = np.bincount(numbers)
        self._counts[: len(seen)] += seen
