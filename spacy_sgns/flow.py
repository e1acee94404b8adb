"""The whole way, joined: tokens -> ids on disk -> tables -> words with their vectors. All rooms meet here."""

import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
from threadpoolctl import threadpool_info

from spacy_sgns.arrays import Floats
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.corpus.encoder import Encoder
from spacy_sgns.corpus.tokens import TokenBatch
from spacy_sgns.corpus.vocabulary import Vocabulary
from spacy_sgns.settings import Settings
from spacy_sgns.team import team
from spacy_sgns.threads import one_blas_thread
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished
from spacy_sgns.training.schedule import settle
from spacy_sgns.training.trainer import Trainer
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.word_vectors import WordVectors

MOVED = 3  # times their length at the start: vectors shorter than that are still mostly random
ALIKE = 0.9  # mean cosine of random pairs above which vectors tell words apart no longer


@dataclass(frozen=True)
class TokensRead:
    """Some of the corpus is read: texts and tokens so far, without the kinds left out."""

    texts: int
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Encoded:
    """All of the corpus is read. left_out: tokens of the kinds left out. settings: with every "auto" replaced.

    workers: that will train. idle: why they are fewer than there could be, for people; else empty.
    """

    texts: int
    left_out: int
    tokens: int
    tokens_kept: int
    words: int
    settings: Settings
    workers: int = 1
    idle: str = ""


@dataclass(frozen=True)
class Evaluated:
    """An epoch's vectors were scored: figures by name, None for one that is no number."""

    epoch: int
    scores: dict[str, float | None]


Event: TypeAlias = TokensRead | Encoded | BatchDone | EpochEnd | Evaluated | Finished
Listener: TypeAlias = Callable[[Event], None]
Evaluate: TypeAlias = Callable[[WordVectors], dict[str, float | None]]


@dataclass(frozen=True)
class Trained:
    """What a run made. forms: for each word the texts seen for it. report: plain values for `report.json`."""

    vectors: WordVectors
    forms: list[list[str]]
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """What the user should know about the result."""
        return list(self.report["warnings"])


def learn_vectors(
    batches: Iterable[TokenBatch],
    settings: Settings,
    *,
    folder: Path,
    listeners: Iterable[Listener] = (),
    evaluate: Evaluate | None = None,
) -> Trained:
    """Read the tokens once, train, and return the words with their vectors.

    folder: for the encoded corpus; its owner removes it. evaluate: scores the vectors after each epoch, for the report.
    BLAS has one thread meanwhile. Raises SgnsError where the corpus does not allow it.
    """
    listeners, start = list(listeners), perf_counter()
    with one_blas_thread():
        corpus, vocabulary, left_out = _encode(batches, folder, settings, listeners)
        read = perf_counter()
        settings = settle(settings, corpus.kept)
        epochs = _Epochs(listeners, _scorer(vocabulary, settings, evaluate))
        rows, workers = _train(corpus, vocabulary, left_out, settings, epochs)
        seconds = {"read": round(read - start, 3), "train": round(perf_counter() - read, 3)}
        blas = _blas()
    return Trained(
        _vectors(vocabulary, rows, settings),
        vocabulary.forms,
        {
            "settings": settings.as_dict(),
            "corpus": _corpus_report(corpus, vocabulary),
            "epochs": epochs.done,
            "workers": workers,
            "seconds": seconds,
            "seed": settings.seed,
            "versions": _versions(),
            "blas": blas,
            "warnings": _warnings(rows, epochs.done, settings),
        },
    )


def _encode(
    batches: Iterable[TokenBatch], folder: Path, settings: Settings, listeners: list[Listener]
) -> tuple[EncodedCorpus, Vocabulary, int]:
    encoder, start = Encoder(folder), perf_counter()
    try:
        for batch in batches:
            encoder.add(batch)
            _tell(listeners, TokensRead(encoder.texts, encoder.tokens, perf_counter() - start))
        return *encoder.finish(settings), encoder.left_out
    finally:
        encoder.close()


def _train(
    corpus: EncodedCorpus, vocabulary: Vocabulary, left_out: int, settings: Settings, epochs: "_Epochs"
) -> tuple[Floats, int]:
    """Return the input rows, `(V, d)`, and how many workers trained."""
    counts = vocabulary.counts
    with team(corpus, counts, settings) as (crew, memory, idle):
        kept = corpus.tokens, corpus.kept, len(vocabulary)
        _tell(epochs.listeners, Encoded(corpus.texts, left_out, *kept, settings, crew.size, idle))
        trainer = Trainer(corpus, counts, settings, crew=crew, memory=memory)
        rows = trainer.tables.inputs.rows
        trainer.run([partial(epochs, rows)])
        return rows.copy() if memory else rows, crew.size  # a copy lets the rest of the memory go


class _Epochs:
    """Passes events on to listeners, and keeps what the report says of the epochs.

    score: of input rows makes figures by name. done: of each epoch so far.
    """

    def __init__(self, listeners: list[Listener], score: Callable[[Floats], dict[str, float | None]]) -> None:
        self.listeners, self._score = listeners, score
        self.done: list[dict[str, Any]] = []

    def __call__(self, rows: Floats, event: Event) -> None:
        _tell(self.listeners, event)
        if isinstance(event, EpochEnd):
            speed, seconds = round(event.words_per_second), round(event.seconds, 3)
            self.done.append({"loss": event.loss, "words_per_second": speed, "seconds": seconds})
            if scores := self._score(rows):
                self.done[-1]["scores"] = scores
                _tell(self.listeners, Evaluated(event.epoch, scores))


def _scorer(
    vocabulary: Vocabulary, settings: Settings, evaluate: Evaluate | None
) -> Callable[[Floats], dict[str, float | None]]:
    if evaluate is None:
        return lambda rows: {}
    return lambda rows: evaluate(_vectors(vocabulary, rows, settings))


def _vectors(vocabulary: Vocabulary, rows: Floats, settings: Settings) -> WordVectors:
    row_of = form_rows(vocabulary.words, vocabulary.forms, invent=settings.case == "fold")
    return WordVectors(vocabulary.words, rows, counts=vocabulary.counts, row_of=row_of)


def _tell(listeners: list[Listener], event: Event) -> None:
    for listener in listeners:
        listener(event)


def _corpus_report(corpus: EncodedCorpus, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "texts": corpus.texts,
        "tokens": corpus.tokens,
        "tokens_kept": corpus.kept,
        "words": len(vocabulary),
        "sha256": corpus.sha256,
    }


def _versions() -> dict[str, str]:
    return {
        "spacy_sgns": version("spacy-sgns"),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "byteorder": sys.byteorder,
    }


def _blas() -> list[dict[str, Any]]:
    """Return name, version, core type and threads of each BLAS that is loaded: bits differ between them."""
    wanted = ("internal_api", "version", "architecture", "num_threads")
    return [{key: lib.get(key) for key in wanted} for lib in threadpool_info() if lib["user_api"] == "blas"]


def _warnings(rows: np.ndarray, epochs: list[dict[str, Any]], settings: Settings) -> list[str]:
    """Return what the user should know about the result: that nothing was learnt, or not enough."""
    if not any(epoch["loss"] for epoch in epochs):
        return [
            "Nothing was learnt: no two words were left in one text. Make the texts longer, or set subsample (now "
            f"{settings.subsample:g}) to 0."
        ]
    alike = _likeness(rows)
    if alike > ALIKE:
        state = f"The vectors of different words are nearly the same (mean cosine {alike:.2f})"
    elif np.linalg.norm(rows, axis=1).mean() < MOVED / np.sqrt(12 * settings.dim):  # rows start at 1 / sqrt(12 d)
        state = "The vectors have hardly left their random start"
    else:
        return []
    return [
        f"{state}: training did not get far enough. Raise epochs (now {settings.epochs}) or learning_rate (now "
        f"{settings.learning_rate}), make the texts longer (one line each? see unit), or give more text."
    ]


def _likeness(rows: np.ndarray) -> float:
    """Return the mean cosine of random pairs of different rows: near 1 before training gets far."""
    draw = np.random.default_rng(0).integers(len(rows), size=(2, 1000))
    a, b = (rows[ids] / np.linalg.norm(rows[ids], axis=1, keepdims=True) for ids in draw[:, draw[0] != draw[1]])
    return float(np.einsum("ij,ij->i", a, b).mean())
