"""The corpora of the benchmark: the first tokens of a file, made-up words, and natural texts.

A corpus is prepared once, in a folder, and is then the same file for all tools.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from spacy_sgns.sources.compression import ending
from spacy_sgns.sources.readers import TextFile, registered_readers
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.sources.stats import Stats

TOKEN = re.compile(r"[^\W_]+")
TEXT_LENGTH = (
    1000  # tokens of a text at most: word2vec.c, floret and gensim each cut longer lines in a way of their own
)


class Prepared(NamedTuple):
    """A corpus as a file. tokens: in it. texts: its lines. counts: `(V,)` of the distinct tokens."""

    path: Path
    tokens: int
    texts: int
    counts: np.ndarray

    def kept(self, min_count: int) -> int:
        """Return the number of tokens of words that occur at least `min_count` times."""
        return int(self.counts[self.counts >= min_count].sum())


class Corpus(Protocol):
    """Something to train on; frozen, so that it is prepared only once."""

    def key(self) -> dict[str, Any]:
        """Return what a result is stored under, as plain values."""
        ...

    def prepare(self, folder: Path) -> Prepared:
        """Write the file into `folder`."""
        ...


@cache
def prepared(corpus: Corpus, folder: Path) -> Prepared:
    """Return a corpus as a file in `folder`, written when it is first asked for."""
    return corpus.prepare(folder)


@dataclass(frozen=True)
class Tokens:
    """The first tokens of a file that `token_lines` wrote, lower case, without punctuation; some `times` over."""

    name: str
    lines: Path
    tokens: int
    times: int = 1

    def key(self) -> dict[str, Any]:
        return {"file": self.name, "tokens": self.tokens, "times": self.times}

    def prepare(self, folder: Path) -> Prepared:
        path = folder / f"tokens-{self.tokens}-{self.times}.txt"
        counts: Counter[str] = Counter()
        texts = 0
        with path.open("w", encoding="utf8", newline="\n") as out:
            for _ in range(self.times):
                for words in _first(self.lines, self.tokens):
                    counts.update(words)
                    texts += 1
                    print(*words, file=out)
        return Prepared(path, self.tokens * self.times, texts, np.array(list(counts.values())))


@dataclass(frozen=True)
class MadeUpWords:
    """Made-up words, each at least once, with counts that follow Zipf's law."""

    words: int
    tokens: int

    def key(self) -> dict[str, Any]:
        return {"made-up words": self.words, "tokens": self.tokens}

    def prepare(self, folder: Path) -> Prepared:
        path = folder / f"words-{self.words}-{self.tokens}.txt"
        counts = zipf_counts(self.words, self.tokens)
        ids = np.random.default_rng(0).permutation(np.repeat(np.arange(self.words), counts))
        starts = range(0, len(ids), TEXT_LENGTH)
        with path.open("w", encoding="utf8", newline="\n") as out:
            for start in starts:
                print(*(f"w{i}" for i in ids[start : start + TEXT_LENGTH].tolist()), file=out)
        return Prepared(path, len(ids), len(starts), counts)


@dataclass(frozen=True)
class Texts:
    """The first texts of a file as they are, 0 for all, some `times` over; one of over 16,384 characters is several."""

    source: Path
    texts: int = 0
    times: int = 1

    def key(self) -> dict[str, Any]:
        return {"file": self.source.name, "bytes": self.source.stat().st_size, "texts": self.texts, "times": self.times}

    def prepare(self, folder: Path) -> Prepared:
        path = folder / f"texts-{self.texts}-{self.times}.jsonl"
        counts: Counter[str] = Counter()
        texts = 0
        with path.open("w", encoding="utf8", newline="\n") as out:
            for _ in range(self.times):
                for piece in islice(_pieces(self.source), self.texts or None):
                    counts.update(TOKEN.findall(piece.text.lower()))
                    texts += 1
                    print(json.dumps({"text": piece.text}), file=out)
        return Prepared(path, counts.total(), texts, np.array(list(counts.values())))


def token_lines(source: Path, lines: Path) -> int:
    """Write the tokens of any corpus to `lines`, a text in each, and return how many tokens there are."""
    total = 0
    with lines.open("w", encoding="utf8", newline="\n") as out:
        for words in token_texts(source):
            total += len(words)
            print(*words, file=out)
    return total


def read_tokens(source: Path) -> list[str]:
    """Return all tokens of a corpus."""
    return [word for words in token_texts(source) for word in words]


def token_texts(source: Path) -> Iterator[list[str]]:
    """Yield the tokens of each text of a corpus, of long texts in portions of `TEXT_LENGTH`."""
    words: list[str] = []
    for piece in _pieces(source):
        words += TOKEN.findall(piece.text.lower())
        while len(words) >= TEXT_LENGTH:
            yield words[:TEXT_LENGTH]
            words = words[TEXT_LENGTH:]
        if piece.last and words:
            yield words
            words = []


def zipf_counts(words: int, tokens: int) -> np.ndarray:
    """Return counts `(words,)` of which the r-th is proportional to 1 / r and at least 1, with a sum near `tokens`."""
    ranks = np.arange(1, words + 1)
    low, high = 0.0, float(tokens)
    for _ in range(60):
        middle = (low + high) / 2
        enough = np.maximum(1, middle // ranks).sum() > tokens
        low, high = (low, middle) if enough else (middle, high)
    return np.maximum(1, low // ranks).astype(np.int64)


def _pieces(path: Path) -> Iterator[Piece]:
    """Yield the pieces of a file; a file whose ending has no reader, as wiki8.xz, is plain text."""
    readers = registered_readers()
    reader = readers.get(ending(path), readers[".txt"])
    return reader.pieces(TextFile(path, str(path), reader), Source(path), lambda warning: None, Stats())


def _first(lines: Path, tokens: int) -> Iterator[list[str]]:
    """Yield the words of each line until there are `tokens` of them."""
    with lines.open(encoding="utf8") as file:
        for line in file:
            words = line.split()[:tokens]
            yield words
            tokens -= len(words)
            if not tokens:
                return
