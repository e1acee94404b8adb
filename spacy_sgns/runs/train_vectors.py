"""A whole run: tokens -> ids on disk -> tables -> words with their vectors. All rooms below meet here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

from spacy_sgns.arrays import Floats
from spacy_sgns.corpus.encoder import Encoding
from spacy_sgns.corpus.tokens import TokenBatch
from spacy_sgns.corpus.vocabulary import Vocabulary
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.runs.encoding import encode
from spacy_sgns.runs.events import Encoded, Event, Listener
from spacy_sgns.runs.listeners import Score
from spacy_sgns.runs.loop import run_training
from spacy_sgns.runs.report import blas_info, corpus_report, duplicate_warnings, result_warnings, versions
from spacy_sgns.runs.state import RunState
from spacy_sgns.runs.workers import start_workers
from spacy_sgns.settings import Settings
from spacy_sgns.system.threads import one_blas_thread
from spacy_sgns.training.held_out import HeldOut
from spacy_sgns.training.schedule import resolve_auto
from spacy_sgns.training.trainer import Trainer
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.word_vectors import WordVectors

Evaluate: TypeAlias = Callable[[WordVectors], dict[str, float | None]]


@dataclass(frozen=True)
class Trained:
    """The result of a run. forms: for each word its spellings in the texts. report: plain values for `report.json`."""

    vectors: WordVectors
    forms: list[list[str]]
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """Warnings about the result, for the user."""
        return list(self.report["warnings"])


def train_vectors(
    batches: Iterable[TokenBatch],
    settings: Settings,
    *,
    folder: Path,
    listeners: Iterable[Listener] = (),
    evaluate: Evaluate | None = None,
    manager: CheckpointManager | None = None,
) -> Trained:
    """Read the tokens once, train, and return the words with their vectors.

    folder: for the encoded corpus; its owner removes it. evaluate: scores the vectors after each epoch, for the report.
    manager: keeps checkpoints in `folder`; if it resumes a run whose corpus is saved, no tokens are read. BLAS has one
    thread meanwhile. Raises SgnsError if the corpus cannot be trained on, Interrupted with a manager.
    """
    notify, start = _notify_all(listeners), perf_counter()
    with one_blas_thread():
        encoding = _encoding(batches, folder, settings, notify, manager)
        read = perf_counter() - start
        settings = resolve_auto(settings, encoding.corpus.kept)
        rows, state, workers = _train(encoding, settings, notify, evaluate, manager)
        blas = blas_info()
    return Trained(
        _vectors(encoding.vocabulary, rows, settings),
        encoding.vocabulary.forms,
        {
            "settings": settings.as_dict(),
            "corpus": corpus_report(encoding),
            "epochs": state.epochs,
            "best_epoch": state.best_epoch,
            "workers": workers,
            "seconds": {"read": round(read, 3), "train": round(state.seconds, 3)},
            "seed": settings.seed,
            "versions": versions(),
            "blas": blas,
            "warnings": [
                *result_warnings(rows, state.epochs, settings, encoding.counts),
                *duplicate_warnings(encoding.counts),
            ],
        },
    )


def _notify_all(listeners: Iterable[Listener]) -> Listener:
    """Return a function that passes an event to all listeners."""
    listeners = list(listeners)

    def notify(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return notify


def _encoding(
    batches: Iterable[TokenBatch],
    folder: Path,
    settings: Settings,
    notify: Listener,
    manager: CheckpointManager | None,
) -> Encoding:
    """Return the saved corpus of an earlier run, or encode the corpus and save it."""
    if manager and (encoding := manager.load_corpus()):
        return encoding
    encoding = encode(batches, settings, folder, notify)
    if manager:
        manager.save_corpus(encoding)
    return encoding


def _train(
    encoding: Encoding,
    settings: Settings,
    notify: Listener,
    evaluate: Evaluate | None,
    manager: CheckpointManager | None,
) -> tuple[Floats, RunState, int]:
    """Return the input rows, `(V, d)`, the state at the end, and the number of workers."""
    corpus, vocabulary, held_out = encoding.corpus, encoding.vocabulary, encoding.held_out
    checkpoint = manager.latest() if manager else None
    state = RunState.from_checkpoint(checkpoint) if checkpoint else RunState()
    start = state.training if checkpoint else None
    with start_workers(corpus, vocabulary.counts, settings, start) as (group, memory, note):
        notify(Encoded(encoding.counts, settings, group.size, note))
        trainer = Trainer(corpus, vocabulary.counts, settings, group=group, memory=memory, state=start)
        rows = run_training(
            trainer,
            state,
            notify,
            checkpoint=checkpoint,
            held_out=HeldOut(held_out, vocabulary.counts, settings, trainer.tables) if held_out else None,
            score=_score(vocabulary, settings, evaluate),
            patience=settings.patience,
            manager=manager,
        )
        return rows.copy() if memory else rows, state, group.size  # a copy lets the rest of the memory go


def _score(vocabulary: Vocabulary, settings: Settings, evaluate: Evaluate | None) -> Score | None:
    if evaluate is None:
        return None
    return lambda rows: evaluate(_vectors(vocabulary, rows, settings))


def _vectors(vocabulary: Vocabulary, rows: Floats, settings: Settings) -> WordVectors:
    row_of = form_rows(vocabulary.words, vocabulary.forms, invent=settings.case == "fold")
    return WordVectors(vocabulary.words, rows, counts=vocabulary.counts, row_of=row_of)
