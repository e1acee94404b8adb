"""The whole way, joined: tokens -> ids on disk -> tables -> words with their vectors. All rooms meet here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

from spacy_sgns.arrays import Floats
from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.corpus.encoder import Encoder, Encoding
from spacy_sgns.corpus.tokens import TokenBatch
from spacy_sgns.corpus.vocabulary import Vocabulary
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.runs.loop import CourseEvent, Score, TrainingLoop
from spacy_sgns.runs.report import blas_info, corpus_report, duplicate_warnings, result_warnings, versions
from spacy_sgns.runs.workers import start_workers
from spacy_sgns.settings import Settings
from spacy_sgns.system.threads import one_blas_thread
from spacy_sgns.training.held_out import HeldOut
from spacy_sgns.training.schedule import resolve_auto
from spacy_sgns.training.trainer import Trainer
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class TokensRead:
    """Some of the corpus is read: texts and tokens so far, without the kinds left out."""

    texts: int
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Encoded:
    """All of the corpus is read. counts: of what there was. settings: with every "auto" replaced.

    workers: the number that trains. workers_note: for the user, why it is not higher; otherwise empty.
    """

    counts: CorpusCounts
    settings: Settings
    workers: int = 1
    workers_note: str = ""


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


def train_vectors(
    batches: Iterable[TokenBatch],
    settings: Settings,
    *,
    folder: Path,
    listeners: Iterable[Listener] = (),
    evaluate: Evaluate | None = None,
    kept: CheckpointManager | None = None,
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
        settings = resolve_auto(settings, encoding.corpus.kept)
        course = TrainingLoop(
            listeners, score=_scorer(vocabulary, settings, evaluate), patience=settings.patience, kept=kept
        )
        rows, workers = _train(encoding, settings, course, kept)
        blas = blas_info()
    return Trained(
        _vectors(vocabulary, rows, settings),
        vocabulary.forms,
        {
            "settings": settings.as_dict(),
            "corpus": corpus_report(encoding),
            "epochs": course.epochs,
            "best_epoch": course.best_epoch,
            "workers": workers,
            "seconds": {"read": round(read, 3), "train": round(course.seconds, 3)},
            "seed": settings.seed,
            "versions": versions(),
            "blas": blas,
            "warnings": [*result_warnings(rows, course.epochs, settings), *duplicate_warnings(encoding.counts)],
        },
    )


def _encoded(
    batches: Iterable[TokenBatch],
    folder: Path,
    settings: Settings,
    listeners: list[Listener],
    kept: CheckpointManager | None,
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


def _train(
    encoding: Encoding, settings: Settings, course: TrainingLoop, kept: CheckpointManager | None
) -> tuple[Floats, int]:
    """Return the input rows, `(V, d)`, and how many workers trained."""
    corpus, counts, held_out = encoding.corpus, encoding.vocabulary.counts, encoding.held_out
    checkpoint = kept.latest() if kept else None
    place = course.take_up(checkpoint) if checkpoint else None
    with start_workers(corpus, counts, settings, place) as (group, memory, note):
        course.tell(Encoded(encoding.counts, settings, group.size, note))
        trainer = Trainer(corpus, counts, settings, group=group, memory=memory, place=place)
        asked = HeldOut(held_out, counts, settings, trainer.tables) if held_out else None
        rows = course.follow(trainer, checkpoint, asked)
        return rows.copy() if memory else rows, group.size  # a copy lets the rest of the memory go


def _scorer(vocabulary: Vocabulary, settings: Settings, evaluate: Evaluate | None) -> Score | None:
    if evaluate is None:
        return None
    return lambda rows: evaluate(_vectors(vocabulary, rows, settings))


def _vectors(vocabulary: Vocabulary, rows: Floats, settings: Settings) -> WordVectors:
    row_of = form_rows(vocabulary.words, vocabulary.forms, invent=settings.case == "fold")
    return WordVectors(vocabulary.words, rows, counts=vocabulary.counts, row_of=row_of)
