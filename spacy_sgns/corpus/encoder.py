"""Tokens to ids on disk, in one pass over the tokens and one or two passes over the ids.

While tokens come in, each distinct form gets a provisional id, independent of the form ids of its sources. Once all are
counted, it is known which texts are trained on, held out or dropped, which forms are words, and in which order. Then
the provisional ids are read back from disk and rewritten as word ids. The order in which forms came leaves no trace.
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
from spacy_sgns.corpus.split import HELD_OUT, TRAIN, Split
from spacy_sgns.corpus.text_hashes import TextHasher, count_duplicates
from spacy_sgns.corpus.tokens import SPACE, Forms, TokenBatch
from spacy_sgns.corpus.vocabulary import Vocabulary, build_vocabulary
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings

SHARD_TOKENS = 1 << 20  # rewritten at a time
LONG_FORM_CHARS = 100  # a form with more is hardly a word
MAX_LONG_FORM_CHARS = 1 << 28  # of all long forms, which stay in memory as all forms do
NO_IDS, NO_ENDS = np.zeros(0, np.int32), np.zeros(0, np.int64)


@dataclass(frozen=True)
class Encoding:
    """The result of encoding. corpus: is trained on. held_out: the held-out part, if there is to be one."""

    corpus: EncodedCorpus
    held_out: EncodedCorpus | None
    vocabulary: Vocabulary
    counts: CorpusCounts


class Encoder:
    """Writes the ids of a corpus into `folder`.

    Its memory grows with the number of distinct forms. `finish` needs 25 bytes per text in addition, and up to 42 if
    texts are dropped or held out.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ids: dict[str, int] = {}  # provisional, by form; -1 - k for a form of the dropped kind k
        self._ids_of: WeakKeyDictionary[Forms, GrowableArray] = WeakKeyDictionary()  # the same, by a source's form ids
        self._kinds = Interner((SPACE,))
        self._texts: list[str] = []  # of the forms that are not dropped, by provisional id
        self._writer = IdWriter(folder, "forms")
        self._hasher = TextHasher()
        self._ends, self._hashes = Column(folder / "texts.i64", np.int64), Column(folder / "texts.u64", np.uint64)
        self._last_end = 0  # of a text
        self._dropped: Counter[str] = Counter()
        self._stats: Counter[str] = Counter()
        self.texts = 0
        self._long_form_chars = 0

    @property
    def tokens(self) -> int:
        """The number of tokens so far, without dropped kinds."""
        return self._writer.size

    @property
    def forms(self) -> int:
        """The number of distinct forms so far, with those of dropped kinds."""
        return len(self._ids)

    def add(self, batch: TokenBatch) -> None:
        """Append a batch of tokens. Raises SgnsError if the distinct long forms take too much memory."""
        ids = self._provisional_ids(batch.forms).take(batch.form_ids)
        dropped = np.flatnonzero(ids < 0)
        by_kind = np.bincount(-1 - ids[dropped], minlength=len(self._kinds)).tolist()
        self._dropped.update(dict(zip(self._kinds, by_kind, strict=True)))
        self._stats.update(batch.stats)
        shifts = np.searchsorted(dropped, batch.ends), np.searchsorted(dropped, batch.text_ends)
        self._append(np.delete(ids, dropped), batch.ends - shifts[0], batch.text_ends - shifts[1])

    def finish(self, settings: Settings) -> Encoding:
        """Return the encoded corpus and its vocabulary.

        Raises SgnsError if the vocabulary has fewer than two words, or if the share to hold out leaves one part empty.
        """
        if self._last_end < self.tokens:
            self._append(NO_IDS, NO_ENDS, np.zeros(1, np.int64))  # a text that is still open ends with the corpus
        self.close()
        encoding = self._encoding(settings)
        for column in (self._writer, self._ends, self._hashes):
            column.remove()
        return encoding

    def close(self) -> None:
        """Close the open files, if encoding is given up."""
        for column in (self._writer, self._ends, self._hashes):
            column.close()

    def _append(self, ids: Ints, ends: Ints, text_ends: Ints) -> None:
        """Write provisional ids, none of a dropped form."""
        if len(text_ends):
            self._last_end = self.tokens + int(text_ends[-1])
        self.texts += len(text_ends)
        self._ends.write(text_ends + self.tokens)
        self._hashes.write(self._hasher.add(ids, text_ends))
        self._writer.write(ids, ends)

    def _provisional_ids(self, forms: Forms) -> Ints:
        """Return the provisional id of each of a source's forms, `(forms,)` int32."""
        ids = self._ids_of.setdefault(forms, GrowableArray(np.int32))
        new = forms.texts[ids.size :]
        ids.extend(np.fromiter((self._provisional_id(text, forms) for text in new), np.int32, len(new)))
        return ids.values

    def _provisional_id(self, text: str, forms: Forms) -> int:
        found = self._ids.get(text)
        if found is None:
            self._check_long_forms(text)
            if kind := forms.drop_kind(text):
                found = -1 - self._kinds[kind]
            else:
                found = len(self._texts)
                self._texts.append(text)
            self._ids[text] = found
        return found

    def _check_long_forms(self, text: str) -> None:
        """Raise SgnsError if there are more long forms than any text has, as in compressed files or encoded images."""
        self._long_form_chars += len(text) if len(text) > LONG_FORM_CHARS else 0
        if self._long_form_chars > MAX_LONG_FORM_CHARS:
            raise SgnsError(
                f"The distinct words of more than {LONG_FORM_CHARS} characters have more than {MAX_LONG_FORM_CHARS:,} "
                f"in all: this is not text. The latest begins with {text[:40]!r}. Remove what is not text."
            )

    def _encoding(self, settings: Settings) -> Encoding:
        hashes = self._hashes.read()
        split = Split.from_settings(settings, self._ends.read(), hashes)
        vocabulary, word_ids = build_vocabulary(self._texts, self._form_counts(split), settings)
        corpus = self._rewrite("ids", TRAIN, split, word_ids)
        held_out = self._rewrite("held_out", HELD_OUT, split, word_ids) if settings.held_out else None
        if held_out and not held_out.kept:
            raise SgnsError(
                f"The {held_out.texts:,} texts that held_out={settings.held_out:g} holds out have none of the words. "
                "Raise it, give more texts, or set it to 0."
            )
        empty, duplicates = int(np.count_nonzero(hashes == 0)), count_duplicates(hashes)
        return Encoding(corpus, held_out, vocabulary, self._counts(corpus, held_out, vocabulary, empty, duplicates))

    def _counts(
        self, corpus: EncodedCorpus, held_out: EncodedCorpus | None, vocabulary: Vocabulary, empty: int, duplicates: int
    ) -> CorpusCounts:
        tokens_held_out = held_out.tokens if held_out else 0
        return CorpusCounts(
            texts=self.texts,
            texts_empty=empty,
            texts_duplicate=duplicates,
            texts_held_out=held_out.texts if held_out else 0,
            tokens=corpus.tokens,
            tokens_kept=corpus.kept,
            tokens_rare=vocabulary.rare.tokens,
            tokens_over_max_words=vocabulary.over_max_words.tokens,
            tokens_dropped={kind: n for kind, n in sorted(self._dropped.items()) if n and kind != SPACE},
            tokens_duplicate=self.tokens - corpus.tokens - tokens_held_out,
            tokens_held_out=tokens_held_out,
            words=len(vocabulary),
            words_rare=vocabulary.rare.words,
            words_over_max_words=vocabulary.over_max_words.words,
            source={name: n for name, n in sorted(self._stats.items()) if n},
        )

    def _form_counts(self, split: Split) -> Ints:
        """Return the count of each form in the texts that are trained on, `(forms,)`."""
        counts = np.zeros(len(self._texts), np.int64)
        for ids, _, parts in self._shards(split):
            counts += np.bincount(ids[parts == TRAIN], minlength=len(counts))
        return counts

    def _rewrite(self, name: str, part: int, split: Split, word_ids: Ints) -> EncodedCorpus:
        """Write a part as word ids under a name. word_ids: `(forms,)`, -1 for forms that are not words."""
        digest, tokens = sha256(), 0
        with IdWriter(self._folder, name) as writer:
            for provisional, ends, parts in self._shards(split):
                belongs = parts == part
                tokens += int(np.count_nonzero(belongs))
                with_gaps = np.where(belongs, word_ids.take(provisional), np.int32(-1))
                gaps = np.flatnonzero(with_gaps < 0)
                ids = np.delete(with_gaps, gaps)
                digest.update(ids.tobytes())
                writer.write(ids, ends - np.searchsorted(gaps, ends))
        return EncodedCorpus(self._folder, split.count_texts(part), tokens, writer.size, digest.hexdigest(), name)

    def _shards(self, split: Split) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield provisional ids `(m,)`, the ends of contexts among them, and the part of each, `(m,)`."""
        start = 0
        for ids, ends in read_shards(self._folder, "forms", SHARD_TOKENS):
            yield ids, ends, split.token_parts(start, start + len(ids))
            start += len(ids)
