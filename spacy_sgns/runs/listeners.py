"""What a run does at the events of its trainer: one class, one responsibility.

All of them share one `RunState`. A new rule about reports, stopping or checkpoints is a class here, and a line in
`loop.run_training`, which sets their order.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any, TypeAlias

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.runs.events import HELD_OUT_LOSS, Evaluated, Listener
from spacy_sgns.runs.state import RunState
from spacy_sgns.system.interrupts import Interrupted
from spacy_sgns.training.events import EpochEnd, Event, Finished
from spacy_sgns.training.held_out import HeldOut
from spacy_sgns.training.trainer import Trainer
from spacy_sgns.training.update.tables import Tables

Score: TypeAlias = Callable[[Floats], dict[str, float | None]]  # of input rows, (V, d)


class Notifier:
    """Passes events on to the user's listeners, except `Finished`, which follows once the run is over."""

    def __init__(self, notify: Listener) -> None:
        self._notify = notify

    def __call__(self, event: Event) -> None:
        """Pass an event on."""
        if not isinstance(event, Finished):
            self._notify(event)


class History:
    """Adds an entry to the report for each epoch."""

    def __init__(self, state: RunState) -> None:
        self._state = state

    def __call__(self, event: Event) -> None:
        """Add the entry of an epoch that has ended."""
        if isinstance(event, EpochEnd):
            speed, seconds = round(event.words_per_second), round(event.seconds, 3)
            entry: dict[str, Any] = {"loss": event.loss, "words_per_second": speed, "seconds": seconds}
            self._state.epochs.append(entry)


class HeldOutEvaluator:
    """Adds the held-out loss to the entry of each epoch."""

    def __init__(self, state: RunState, held_out: HeldOut, notify: Listener) -> None:
        self._state, self._held_out, self._notify = state, held_out, notify

    def __call__(self, event: Event) -> None:
        """Compute the loss of an epoch that has ended; None if the held-out texts have no pairs."""
        if isinstance(event, EpochEnd):
            self._state.epochs[-1]["held_out_loss"] = loss = self._held_out.loss()
            if loss is not None:
                self._notify(Evaluated(event.epoch, {HELD_OUT_LOSS: loss}))


class EarlyStopping:
    """Keeps the vectors with the lowest held-out loss, and stops after `patience` epochs without a lower one."""

    def __init__(self, state: RunState, patience: int, tables: Tables) -> None:
        self._state, self._patience, self._tables = state, patience, tables

    def __call__(self, event: Event) -> None:
        """Judge an epoch that has ended. Raises SgnsError if it has no held-out loss."""
        state = self._state
        if isinstance(event, EpochEnd) and self._is_best():
            state.best_epoch, state.best_rows = event.epoch, self._tables.inputs.rows.copy()
        state.stopped |= len(state.epochs) - (state.best_epoch or 0) >= self._patience

    def _is_best(self) -> bool:
        losses = [entry["held_out_loss"] for entry in self._state.epochs]
        if losses[-1] is None:
            raise SgnsError(
                "patience needs a held-out loss, but no two words of the held-out texts are near each other after "
                "subsampling. Raise held_out, or set subsample or patience to 0."
            )
        return bool(losses[-1] <= min(losses))


class Evaluator:
    """Adds the user's scores of the vectors to the entry of each epoch."""

    def __init__(self, state: RunState, score: Score, tables: Tables, notify: Listener) -> None:
        self._state, self._score, self._tables, self._notify = state, score, tables, notify

    def __call__(self, event: Event) -> None:
        """Score the vectors of an epoch that has ended."""
        if isinstance(event, EpochEnd) and (scores := self._score(self._tables.inputs.rows)):
            self._state.epochs[-1]["scores"] = scores
            self._notify(Evaluated(event.epoch, scores))


class Clock:
    """Measures the training time, evaluation included."""

    def __init__(self, state: RunState) -> None:
        self._state, self._start = state, perf_counter() - state.seconds

    def __call__(self, event: Event) -> None:
        """Update the time."""
        self._state.seconds = perf_counter() - self._start


class Checkpointer:
    """Writes a checkpoint when one is due, and when the user asks to stop.

    interrupted: returns whether the user has asked to stop.
    """

    def __init__(
        self, manager: CheckpointManager, trainer: Trainer, state: RunState, interrupted: Callable[[], bool]
    ) -> None:
        self._manager, self._trainer, self._state, self._interrupted = manager, trainer, state, interrupted

    def __call__(self, event: Event) -> None:
        """Write a checkpoint if it is time. Raises Interrupted after the user has asked to stop."""
        interrupted, state = self._interrupted(), self._state
        if interrupted or self._manager.is_due(epoch_ended=isinstance(event, EpochEnd)):
            self._manager.save(state.to_json(), state.arrays(self._trainer.tables))
        if interrupted:
            done = f"{len(state.epochs):,} of {self._trainer.epochs:,} epochs"
            raise Interrupted(f"Interrupted after {done}. {self._manager.resume_hint()}")
