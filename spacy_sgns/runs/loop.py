"""The training loop of a run: the trainer's events, and the listeners in the order in which they get them."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext

from spacy_sgns.arrays import Floats
from spacy_sgns.runs.checkpoint import Checkpoint
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.runs.events import Listener, Resumed
from spacy_sgns.runs.listeners import (
    Checkpointer,
    Clock,
    EarlyStopping,
    Evaluator,
    HeldOutEvaluator,
    History,
    Notifier,
    Score,
)
from spacy_sgns.runs.state import RunState
from spacy_sgns.system.interrupts import postponed
from spacy_sgns.training.events import Event, Finished
from spacy_sgns.training.held_out import HeldOut
from spacy_sgns.training.trainer import Trainer


class TrainingLoop:
    """Passes each event of a trainer to the listeners, in their order, until one of them sets `state.stopped`."""

    def __init__(self, trainer: Trainer, state: RunState, listeners: Sequence[Callable[[Event], None]]) -> None:
        self._trainer, self._state, self._listeners = trainer, state, listeners

    def run(self) -> None:
        """Train to the end. Raises Diverged, and whatever a listener raises."""
        for event in self._trainer.events():
            self._state.training = self._trainer.state
            for listener in self._listeners:
                listener(event)
            if self._state.stopped:
                return


def run_training(
    trainer: Trainer,
    state: RunState,
    notify: Listener,
    *,
    checkpoint: Checkpoint | None = None,
    held_out: HeldOut | None = None,
    score: Score | None = None,
    patience: int = 0,
    manager: CheckpointManager | None = None,
) -> Floats:
    """Train to the end and return the input rows, `(V, d)`: the last ones or, with patience, those of the best epoch.

    notify: gets each event. checkpoint: the one that `state` comes from, to resume. held_out, score: evaluate the
    vectors after each epoch. patience: epochs without a lower held-out loss before training stops; 0: never. manager:
    keeps checkpoints; a signal then stops the run at the next event. Raises Diverged, Interrupted.
    """
    if checkpoint:
        state.read_arrays(checkpoint, trainer.tables)
        notify(Resumed(state.training.epoch, trainer.epochs))
    with postponed() if manager else nullcontext(lambda: False) as interrupted:
        listeners: list[Callable[[Event], None]] = [
            Notifier(notify),
            History(state),
            *([HeldOutEvaluator(state, held_out, notify)] if held_out else []),
            *([EarlyStopping(state, patience, trainer.tables)] if patience else []),
            *([Evaluator(state, score, trainer.tables, notify)] if score else []),
            Clock(state),
            *([Checkpointer(manager, trainer, state, interrupted)] if manager else []),
        ]
        TrainingLoop(trainer, state, listeners).run()
    notify(Finished(trainer.tables))
    return trainer.tables.inputs.rows if state.best_rows is None else state.best_rows
