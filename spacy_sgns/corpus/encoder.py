"""Tokens to ids on disk, in one pass over the tokens and one or two over the ids.

While tokens come in, each distinct form gets a provisional number, whatever numbers its sources have for it. Only when
all are counted is it known which texts are left out or held out, which forms are words and in which order; then the
provisional numbers are read back from disk and written again as word ids. The order in which forms are met is seen
nowhere in the result.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from spacy_sgns.arrays import Ints
from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.corpus.encoded import Column, EncodedCorpus, IdWriter, read_shards
from spacy_sgns.corpus.growable import GrowableArray, Interner
from spacy_sgns.corpus.split import HELD_OUT, TRAINED, Parts
from spacy_sgns.corpus.text_hashes import TextHasher, number_repeated
from spacy_sgns.corpus.tokens import SPACE, Forms, TokenBatch
from spacy_sgns.corpus.vocabulary import Vocabulary, build_vocabulary
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings

PORTION = 1 << 20  # ids rewritten at a time
NO_TOKENS, NO_ENDS = np.zeros(0, np.int32), np.zeros(0, np.int64)
LONG, MOST_LONG = 100, 1 << 28  # characters of a long form, and of all these: they stay in memory, and are no words


@dataclass(frozen=True)
class Encoding:
    """All that comes of the tokens. corpus: to be trained on. held_out: what was kept aside, if that was wanted."""

    corpus: EncodedCorpus
    held_out: EncodedCorpus | None
    vocabulary: Vocabulary
    counts: CorpusCounts


class Encoder:
    """Writes the ids of a corpus into `folder`.

    Memory grows with the number of distinct forms; and `finish` needs 25 bytes of each text, up to 42 where
    some are dropped or held out.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number: dict[str, int] = {}
        self._number_of: WeakKeyDictionary[Forms, GrowableArray] = WeakKeyDictionary()  # by the number of a source
        self._kinds = Interner((SPACE,))  # a form left out has the number -1 - that of its kind
        self._texts: list[str] = []  # of the forms that are not left out
        self._writer = IdWriter(folder, "forms")
        self._hasher = TextHasher()
        self._ends, self._hashes = Column(folder / "texts.i64", np.int64), Column(folder / "texts.u64", np.uint64)
        self._end = 0  # of the last text
        self._dropped: Counter[str] = Counter()
        self._noted: Counter[str] = Counter()
        self.texts = 0
        self._long = 0  # characters of the long forms

    @property
    def tokens(self) -> int:
        """Tokens written so far."""
        return self._writer.size

    @property
    def forms(self) -> int:
        """Distinct forms met so far, those of the kinds left out too."""
        return len(self._number)

    def add(self, batch: TokenBatch) -> None:
        """Append a batch of tokens. Raises SgnsError if too many of them are very long, and different."""
        every = self._numbers(batch.forms).take(batch.form_ids)
        gone = np.flatnonzero(every < 0)
        of_kinds = np.bincount(-1 - every[gone], minlength=len(self._kinds)).tolist()
        self._dropped.update(dict(zip(self._kinds, of_kinds, strict=True)))
        self._noted.update(batch.stats)
        before = np.searchsorted(gone, batch.ends), np.searchsorted(gone, batch.text_ends)
        self._append(np.delete(every, gone), batch.ends - before[0], batch.text_ends - before[1])

    def finish(self, settings: Settings) -> Encoding:
        """Return the encoded corpus and its words.

        Raises SgnsError if fewer than two words are left, or if a share cannot be held out.
        """
        if self._end < self.tokens:
            self._append(NO_TOKENS, NO_ENDS, np.zeros(1, np.int64))  # the text that is open ends with the corpus
        self.close()
        encoding = self._finished(settings)
        for written in (self._writer, self._ends, self._hashes):
            written.remove()
        return encoding

    def close(self) -> None:
        """Close the open files, where encoding is given up."""
        for written in (self._writer, self._ends, self._hashes):
            written.close()

    def _append(self, numbers: Ints, ends: Ints, text_ends: Ints) -> None:
        """Write provisional numbers, none of a form left out."""
        if len(text_ends):
            self._end = self.tokens + int(text_ends[-1])
        self.texts += len(text_ends)
        self._ends.write(text_ends + self.tokens)
        self._hashes.write(self._hasher.add(numbers, text_ends))
        self._writer.write(numbers, ends)

    def _numbers(self, forms: Forms) -> Ints:
        """Return the provisional number of each of a source's forms, `(forms,)` int32."""
        numbers = self._number_of.setdefault(forms, GrowableArray(np.int32))
        unseen = forms.texts[numbers.size :]
        numbers.extend(np.fromiter((self._number_for(text, forms) for text in unseen), np.int32, len(unseen)))
        return numbers.values

    def _number_for(self, text: str, forms: Forms) -> int:
        number = self._number.get(text)
        if number is None:
            self._check_long(text)
            if kind := forms.drop_kind(text):
                number = -1 - self._kinds[kind]
            else:
                number = len(self._texts)
                self._texts.append(text)
            self._number[text] = number
        return number

    def _check_long(self, text: str) -> None:
        """Raise SgnsError when there are too many forms that no text has, as packed files or pictures in letters."""
        self._long += len(text) if len(text) > LONG else 0
        if self._long > MOST_LONG:
            raise SgnsError(
                f"The different words of more than {LONG} characters have more than {MOST_LONG:,} in all: that is no "
                f"text. The latest begins with {text[:40]!r}. Take out what is no text."
            )

    def _finished(self, settings: Settings) -> Encoding:
        hashes = self._hashes.read()
        parts = Parts.by(settings, self._ends.read(), hashes)
        vocabulary, id_of = build_vocabulary(self._texts, self._form_counts(parts), settings)
        corpus = self._rewritten("ids", TRAINED, parts, id_of)
        held_out = self._rewritten("held_out", HELD_OUT, parts, id_of) if settings.held_out else None
        if held_out and not held_out.kept:
            raise SgnsError(
                f"The {held_out.texts:,} texts that held_out={settings.held_out:g} holds out have none of the words. "
                "Raise it, give more texts, or set it to 0."
            )
        empty, duplicate = int(np.count_nonzero(hashes == 0)), number_repeated(hashes)
        return Encoding(corpus, held_out, vocabulary, self._counts(corpus, held_out, vocabulary, empty, duplicate))

    def _counts(
        self, corpus: EncodedCorpus, held_out: EncodedCorpus | None, vocabulary: Vocabulary, empty: int, duplicate: int
    ) -> CorpusCounts:
        aside = held_out.tokens if held_out else 0
        return CorpusCounts(
            texts=self.texts,
            texts_empty=empty,
            texts_duplicate=duplicate,
            texts_held_out=held_out.texts if held_out else 0,
            tokens=corpus.tokens,
            tokens_kept=corpus.kept,
            tokens_rare=vocabulary.rare.tokens,
            tokens_over_max_words=vocabulary.beyond.tokens,
            tokens_dropped={kind: n for kind, n in sorted(self._dropped.items()) if n and kind != SPACE},
            tokens_duplicate=self.tokens - corpus.tokens - aside,
            tokens_held_out=aside,
            words=len(vocabulary),
            words_rare=vocabulary.rare.words,
            words_over_max_words=vocabulary.beyond.words,
            source={name: n for name, n in sorted(self._noted.items()) if n},
        )

    def _form_counts(self, parts: Parts) -> Ints:
        """Return how often each form stands in what is trained on, `(forms,)`."""
        counts = np.zeros(len(self._texts), np.int64)
        for numbers, _, of in self._portions(parts):
            counts += np.bincount(numbers[of == TRAINED], minlength=len(counts))
        return counts

    def _rewritten(self, name: str, part: int, parts: Parts, id_of: Ints) -> EncodedCorpus:
        """Return the ids of a part, written under a name."""
        digest, tokens = sha256(), 0
        with IdWriter(self._folder, name) as writer:
            for numbers, ends, of in self._portions(parts):
                belongs = of == part
                tokens += int(np.count_nonzero(belongs))
                every = np.where(belongs, id_of.take(numbers), np.int32(-1))
                gone = np.flatnonzero(every < 0)
                ids = np.delete(every, gone)
                digest.update(ids.tobytes())
                writer.write(ids, ends - np.searchsorted(gone, ends))
        return EncodedCorpus(self._folder, parts.texts(part), tokens, writer.size, digest.hexdigest(), name)

    def _portions(self, parts: Parts) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield provisional numbers `(m,)`, the ends of contexts among them, and the part of each, `(m,)`."""
        start = 0
        for numbers, ends in read_shards(self._folder, "forms", PORTION):
            yield numbers, ends, parts.of_tokens(start, start + len(numbers))
            start += len(numbers)
