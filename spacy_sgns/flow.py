"""The whole way, joined: tokens -> ids on disk -> tables -> words with their vectors. All rooms meet here."""

import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
from threadpoolctl import threadpool_info

from spacy_sgns.arrays import Floats
from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.corpus.encoder import Encoder, Encoding
from spacy_sgns.corpus.tokens import TokenBatch
from spacy_sgns.corpus.vocabulary import Vocabulary
from spacy_sgns.course import Course, CourseEvent, Score
from spacy_sgns.kept_run import KeptRun
from spacy_sgns.settings import Settings
from spacy_sgns.team import team
from spacy_sgns.threads import one_blas_thread
from spacy_sgns.training.held_out import HeldOut
from spacy_sgns.training.schedule import settle
from spacy_sgns.training.trainer import Trainer
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.word_vectors import WordVectors

MOVED = 3  # times their length at the start: vectors shorter than that are still mostly random
TWINS = 0.05  # share of duplicates from which on the held-out loss says too little
ALIKE = 0.9  # mean cosine of random pairs above which vectors tell words apart no longer


@dataclass(frozen=True)
class TokensRead:
    """Some of the corpus is read: texts and tokens so far, without the kinds left out."""

    texts: int
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Encoded:
    """All of the corpus is read. counts: of what there was. settings: with every "auto" replaced.

    workers: that will train. idle: why they are fewer than there could be, for people; else empty.
    """

    counts: CorpusCounts
    settings: Settings
    workers: int = 1
    idle: str = ""


Event: TypeAlias = TokensRead | Encoded | CourseEvent
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
    kept: KeptRun | None = None,
) -> Trained:
    """Read the tokens once, train, and return the words with their vectors.

    folder: for the encoded corpus; its owner removes it. evaluate: scores the vectors after each epoch, for the report.
    kept: keeps the run in `folder`, or has kept an earlier one; then the tokens are not read. BLAS has one thread
    meanwhile. Raises SgnsError where the corpus does not allow it, Interrupted where a run is kept.
    """
    listeners, start = list(listeners), perf_counter()
    with one_blas_thread():
        encoding = _encoded(batches, folder, settings, listeners, kept)
        vocabulary, read = encoding.vocabulary, perf_counter() - start
        settings = settle(settings, encoding.corpus.kept)
        course = Course(listeners, score=_scorer(vocabulary, settings, evaluate), patience=settings.patience, kept=kept)
        rows, workers = _train(encoding, settings, course, kept)
        blas = _blas()
    return Trained(
        _vectors(vocabulary, rows, settings),
        vocabulary.forms,
        {
            "settings": settings.as_dict(),
            "corpus": _corpus_report(encoding),
            "epochs": course.epochs,
            "best_epoch": course.best_epoch,
            "workers": workers,
            "seconds": {"read": round(read, 3), "train": round(course.seconds, 3)},
            "seed": settings.seed,
            "versions": _versions(),
            "blas": blas,
            "warnings": [*_warnings(rows, course.epochs, settings), *_twins(encoding.counts)],
        },
    )


def machine() -> dict[str, Any]:
    """Return in plain values what the last bits of the vectors depend on, beside corpus, settings and seed."""
    with one_blas_thread():
        return {"numpy": np.__version__, "byteorder": sys.byteorder, "blas": _blas()}


def _encoded(
    batches: Iterable[TokenBatch], folder: Path, settings: Settings, listeners: list[Listener], kept: KeptRun | None
) -> Encoding:
    """Return the corpus as it was kept, or encode it and keep it."""
    if kept and (found := kept.corpus()):
        return found
    encoding = _encode(batches, folder, settings, listeners)
    if kept:
        kept.keep_corpus(encoding)
    return encoding


def _encode(batches: Iterable[TokenBatch], folder: Path, settings: Settings, listeners: list[Listener]) -> Encoding:
    encoder, start = Encoder(folder), perf_counter()
    try:
        for batch in batches:
            encoder.add(batch)
            for listener in listeners:
                listener(TokensRead(encoder.texts, encoder.tokens, perf_counter() - start))
        return encoder.finish(settings)
    finally:
        encoder.close()


def _train(encoding: Encoding, settings: Settings, course: Course, kept: KeptRun | None) -> tuple[Floats, int]:
    """Return the input rows, `(V, d)`, and how many workers trained."""
    corpus, counts, held_out = encoding.corpus, encoding.vocabulary.counts, encoding.held_out
    checkpoint = kept.newest() if kept else None
    place = course.take_up(checkpoint) if checkpoint else None
    with team(corpus, counts, settings, place) as (crew, memory, idle):
        course.tell(Encoded(encoding.counts, settings, crew.size, idle))
        trainer = Trainer(corpus, counts, settings, crew=crew, memory=memory, place=place)
        asked = HeldOut(held_out, counts, settings, trainer.tables) if held_out else None
        rows = course.follow(trainer, checkpoint, asked)
        return rows.copy() if memory else rows, crew.size  # a copy lets the rest of the memory go


def _scorer(vocabulary: Vocabulary, settings: Settings, evaluate: Evaluate | None) -> Score | None:
    if evaluate is None:
        return None
    return lambda rows: evaluate(_vectors(vocabulary, rows, settings))


def _vectors(vocabulary: Vocabulary, rows: Floats, settings: Settings) -> WordVectors:
    row_of = form_rows(vocabulary.words, vocabulary.forms, invent=settings.case == "fold")
    return WordVectors(vocabulary.words, rows, counts=vocabulary.counts, row_of=row_of)


def _corpus_report(encoding: Encoding) -> dict[str, Any]:
    """Return all counts, and hashes of the ids."""
    held_out = {"held_out_sha256": encoding.held_out.sha256} if encoding.held_out else {}
    return {**asdict(encoding.counts), "sha256": encoding.corpus.sha256, **held_out}


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


def _twins(counts: CorpusCounts) -> list[str]:
    """Return what the user should know of texts that are there more than once, where some texts were held out."""
    if not counts.texts_held_out or counts.tokens_duplicate or counts.texts_duplicate < TWINS * counts.texts:
        return []
    return [
        f"{counts.texts_duplicate / counts.texts:.0%} of the texts were there before, so some that were held out were "
        "trained on too, and the held-out loss is too low. Set drop_duplicates."
    ]


def _likeness(rows: np.ndarray) -> float:
    """Return the mean cosine of random pairs of different rows: near 1 before training gets far."""
    draw = np.random.default_rng(0).integers(len(rows), size=(2, 1000))
    a, b = (rows[ids] / np.linalg.norm(rows[ids], axis=1, keepdims=True) for ids in draw[:, draw[0] != draw[1]])
    return float(np.einsum("ij,ij->i", a, b).mean())
