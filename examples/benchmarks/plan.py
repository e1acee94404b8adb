"""The jobs of each part of the benchmark, at full and at quick scale."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from corpora import Corpus, MadeUpWords, Texts, Tokens
from jobs import EQUAL, Job
from tools import FLORET, GENSIM, ITERATOR, OUR_ROUTE, OURS, PWORD2VEC, ROUTE_OF_TODAY, WORD2VEC

DEFAULTS = {"min_count": EQUAL["min_count"]}  # all else as the tool has it
AVX2 = {"OPENBLAS_CORETYPE": "Haswell"}
M = 1_000_000


@dataclass(frozen=True)
class Scale:
    """How much is measured; numbers of tokens are cut to what the corpus has, 0 is all of it."""

    tokens: int
    texts: int
    seeds: int
    epochs: tuple[int, ...]
    route_epochs: int
    sizes: tuple[int, ...]
    dims: tuple[int, ...]
    dims_tokens: int
    vocabularies: tuple[int, ...]
    vocabulary_tokens: int
    repeats: tuple[int, ...]
    repeated_texts: int
    many_words: int


FULL = Scale(
    tokens=0,
    texts=0,
    seeds=3,
    epochs=(1, 5),
    route_epochs=5,
    sizes=(M, 2 * M, 4 * M, 8 * M, 16 * M),
    dims=(50, 100, 200, 300),
    dims_tokens=4 * M,
    vocabularies=(10_000, 100_000, 500_000, M),
    vocabulary_tokens=4 * M,
    repeats=(1, 2, 4),
    repeated_texts=1000,
    many_words=500_000,
)
QUICK = Scale(
    tokens=2 * M,
    texts=500,
    seeds=1,
    epochs=(1,),
    route_epochs=1,
    sizes=(M // 2, M, 2 * M),
    dims=(50, 100, 300),
    dims_tokens=M // 2,
    vocabularies=(10_000, 100_000),
    vocabulary_tokens=2 * M,
    repeats=(1, 3),
    repeated_texts=300,
    many_words=100_000,
)


@dataclass(frozen=True)
class Corpora:
    """Where the corpora come from. lines: all tokens of the corpus `name`, `tokens` of them. texts: natural text."""

    name: str
    lines: Path
    tokens: int
    texts: Path

    def first(self, tokens: int, times: int = 1) -> Tokens:
        """Return the first tokens, or all if there are no more."""
        return Tokens(self.name, self.lines, min(tokens or self.tokens, self.tokens), times)


@dataclass(frozen=True)
class Plan:
    """The jobs in order: tools alternate, so that all meet the same load on the machine."""

    scale: Scale
    corpora: Corpora
    workers: tuple[int, ...]
    scored: bool

    def speed(self) -> list[Job]:
        """Each tool at equal settings, one epoch, at each number of workers; spacy_sgns also with narrower BLAS."""
        jobs: list[Job] = []
        for seed, workers in product(self._seeds(), self.workers):
            jobs += self._equal(1, workers, seed)
            jobs.append(self._whole(OURS, f"{OURS}, BLAS held to AVX2", EQUAL, 1, workers, seed, environment=AVX2))
        return jobs

    def scaling(self) -> list[Job]:
        """Ours alone, at each number of workers in turn: short and long rows, and many words."""
        corpus, equal = self.corpora.first(self.scale.tokens), {**EQUAL, "chunks_per_step": max(self.workers)}
        words = self.scale.many_words
        made_up = MadeUpWords(words, max(2 * words, self.scale.vocabulary_tokens))
        cases = {
            "d = 100": (corpus, self._settings(equal, 1)),
            "d = 300": (corpus, self._settings(equal, 1, dim=300)),
            f"d = 100, {words:,} made-up words": (made_up, self._settings({**equal, "min_count": 1}, 1)),
        }
        turns = product(cases.items(), self._seeds(), self.workers)
        return [Job(OURS, label, *case, workers, seed) for (label, case), seed, workers in turns]

    def quality(self) -> list[Job]:
        """Each tool at equal settings, and ours and gensim at others, with as many workers as there are."""
        if not self.scored:
            return []
        jobs: list[Job] = []
        for epochs, seed in product(self.scale.epochs, self._seeds()):
            workers = max(self.workers)
            jobs += self._equal(epochs, workers, seed)
            thinner = {**EQUAL, "subsample": 1e-4}
            jobs.append(self._whole(GENSIM, f"{GENSIM}, subsample 1e-4", thinner, epochs, workers, seed))
            jobs.append(self._whole(OURS, f"{OURS}, its defaults", DEFAULTS, epochs, workers, seed))
        return jobs

    def routes(self) -> list[Job]:
        """The whole way from texts to a pipeline."""
        texts, equal = Texts(self.corpora.texts, self.scale.texts), self._settings(EQUAL, self.scale.route_epochs)
        ours = self._settings(DEFAULTS, self.scale.route_epochs)
        return [
            job
            for workers in self.workers
            for job in (
                Job(OUR_ROUTE, f"{OUR_ROUTE}, equal settings", texts, equal, workers),
                Job(ROUTE_OF_TODAY, ROUTE_OF_TODAY, texts, equal, workers),
                Job(OUR_ROUTE, f"{OUR_ROUTE}, its defaults", texts, ours, workers),
            )
        ]

    def memory(self) -> list[Job]:
        """The whole way for the same words and more of them: what is rare in one copy is rare in all."""
        jobs: list[Job] = []
        for times, tool in product(self.scale.repeats, (OUR_ROUTE, ROUTE_OF_TODAY)):
            corpus = Texts(self.corpora.texts, self.scale.repeated_texts, times)
            settings = {**self._settings(EQUAL, 1), "min_count": EQUAL["min_count"] * times}
            jobs.append(Job(tool, tool, corpus, settings, max(self.workers)))
        return jobs

    def tokens(self) -> list[Job]:
        """Cost against the size of the corpus."""
        sizes = [size for size in self.scale.sizes if size <= self.corpora.tokens]
        return [job for size in sizes for job in self._pair(self.corpora.first(size))]

    def dimensions(self) -> list[Job]:
        """Cost against the length of the vectors."""
        corpus = self.corpora.first(self.scale.dims_tokens)
        return [job for dim in self.scale.dims for job in self._pair(corpus, dim=dim)]

    def vocabularies(self) -> list[Job]:
        """Cost against the number of words."""
        tokens = self.scale.vocabulary_tokens
        return [job for words in self.scale.vocabularies for job in self._pair(MadeUpWords(words, tokens), min_count=1)]

    def _seeds(self) -> Iterable[int]:
        return range(1, self.scale.seeds + 1)

    def _equal(self, epochs: int, workers: int, seed: int) -> Iterator[Job]:
        """Yield jobs of all tools at equal settings; of those that only give a yardstick, with the first seed only."""
        for tool in (OURS, GENSIM, *((ITERATOR, FLORET, WORD2VEC, PWORD2VEC) if seed == 1 else ())):
            yield self._whole(tool, tool, EQUAL, epochs, workers, seed)

    def _whole(
        self, tool: str, label: str, settings: dict[str, Any], epochs: int, workers: int, seed: int, **more: Any
    ) -> Job:
        scored = self.scored and workers == max(self.workers) and not more
        corpus = self.corpora.first(self.scale.tokens)
        return Job(tool, label, corpus, self._settings(settings, epochs), workers, seed, scored=scored, **more)

    def _pair(self, corpus: Corpus, dim: int = 100, **settings: Any) -> Iterator[Job]:
        for tool in (OURS, GENSIM):
            yield Job(tool, tool, corpus, {**self._settings(EQUAL, 1, dim), **settings}, max(self.workers))

    def _settings(self, settings: dict[str, Any], epochs: int, dim: int = 100) -> dict[str, Any]:
        return {**settings, "dim": dim, "epochs": epochs}
