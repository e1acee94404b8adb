"""The course of a training run: what is told, reported, kept and judged while it goes on."""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.runs.checkpoint import Checkpoint, CorruptCheckpoint
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.system.interrupts import Interrupted, postponed
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished
from spacy_sgns.training.held_out import HeldOut
from spacy_sgns.training.trainer import Trainer, TrainingState
from spacy_sgns.training.update.tables import Tables


@dataclass(frozen=True)
class Evaluated:
    """An epoch's vectors were scored: figures by name, None for one that is no number."""

    epoch: int
    scores: dict[str, float | None]


@dataclass(frozen=True)
class Resumed:
    """A run goes on where an earlier one stood."""

    epoch: int
    epochs: int


CourseEvent: TypeAlias = BatchDone | EpochEnd | Evaluated | Resumed | Finished
Score: TypeAlias = Callable[[Floats], dict[str, float | None]]  # of input rows


class TrainingLoop:
    """Follows a trainer. epochs: of the report, one for each that is done. seconds: trained, in earlier runs too.

    listeners: called with each event. score: asked after each epoch. patience: epochs without a lower held-out loss
    after which it ends; 0: never. kept: where the run is kept, so that it can go on.
    """

    def __init__(
        self,
        listeners: Iterable[Callable[[Any], None]],
        *,
        score: Score | None = None,
        patience: int = 0,
        kept: CheckpointManager | None = None,
    ) -> None:
        self._listeners, self._score, self._patience, self._kept = list(listeners), score, patience, kept
        self.epochs: list[dict[str, Any]] = []
        self.seconds = 0.0
        self.best_epoch: int | None = None
        self._best: Floats | None = None

    def tell(self, event: Any) -> None:
        """Tell the listeners of an event."""
        for listener in self._listeners:
            listener(event)

    def take_up(self, checkpoint: Checkpoint) -> TrainingState:
        """Return where an earlier run stood, and know what it knew. Raises CorruptCheckpoint."""
        state = checkpoint.state
        try:
            self.epochs, self.seconds = list(state["epochs"]), float(state["seconds"])
            self.best_epoch = state["best_epoch"]
            return TrainingState(**state["place"])
        except (KeyError, TypeError, ValueError) as error:
            raise CorruptCheckpoint(f"{checkpoint.path} lacks what belongs to it: {error}.") from error

    def follow(self, trainer: Trainer, checkpoint: Checkpoint | None = None, held_out: HeldOut | None = None) -> Floats:
        """Train to the end and return the input rows, `(V, d)`: the last or, with patience, the best ones.

        checkpoint: to go on from, see `take_up`. held_out: asked after each epoch. Raises Diverged, Interrupted.
        """
        if checkpoint:
            self._restore(checkpoint, trainer)
        with postponed() if self._kept else nullcontext(lambda: False) as asked:
            self._train(trainer, held_out, asked)
        self.tell(Finished(trainer.tables))
        return trainer.tables.inputs.rows if self._best is None else self._best

    def _restore(self, checkpoint: Checkpoint, trainer: Trainer) -> None:
        checkpoint.read_into("rows", trainer.tables.rows)
        if "best" in checkpoint:
            self._best = np.empty_like(trainer.tables.inputs.rows)
            checkpoint.read_into("best", self._best)
        self.tell(Resumed(trainer.place.epoch, trainer.epochs))

    def _train(self, trainer: Trainer, held_out: HeldOut | None, asked: Callable[[], bool]) -> None:
        start = perf_counter() - self.seconds
        for event in trainer.events():
            if not isinstance(event, Finished):
                self.tell(event)
            if isinstance(event, EpochEnd):
                self._judge(event, trainer.tables, held_out)
            self.seconds = perf_counter() - start
            if self._kept:
                self._keep(trainer, self._kept, epoch_ended=isinstance(event, EpochEnd), asked=asked())
            if self._patience and len(self.epochs) - (self.best_epoch or 0) >= self._patience:
                return

    def _judge(self, event: EpochEnd, tables: Tables, held_out: HeldOut | None) -> None:
        """Take down what the report says of an epoch, and keep its vectors if they are the best."""
        speed, seconds = round(event.words_per_second), round(event.seconds, 3)
        done: dict[str, Any] = {"loss": event.loss, "words_per_second": speed, "seconds": seconds}
        self.epochs.append(done)
        if held_out:
            done["held_out_loss"] = loss = held_out.loss()
            if loss is not None:
                self.tell(Evaluated(event.epoch, {"held-out loss": loss}))
            if self._patience and self._is_lowest(loss):
                self.best_epoch, self._best = event.epoch, tables.inputs.rows.copy()
        if self._score and (scores := self._score(tables.inputs.rows)):
            done["scores"] = scores
            self.tell(Evaluated(event.epoch, scores))

    def _is_lowest(self, loss: float | None) -> bool:
        """Return whether no epoch had a lower held-out loss. Raises SgnsError if there is none."""
        if loss is None:
            raise SgnsError(
                "patience needs a held-out loss, but the texts held out have no two words near each other after "
                "subsampling. Raise held_out, or set subsample or patience to 0."
            )
        return loss <= min(epoch["held_out_loss"] for epoch in self.epochs)

    def _keep(self, trainer: Trainer, kept: CheckpointManager, *, epoch_ended: bool, asked: bool) -> None:
        """Write a checkpoint if it is time. Raises Interrupted if the user has asked to stop."""
        if asked or kept.is_due(epoch_ended=epoch_ended):
            state = {"place": asdict(trainer.place), "epochs": self.epochs, "seconds": round(self.seconds, 3)}
            best = {} if self._best is None else {"best": self._best}
            kept.save({**state, "best_epoch": self.best_epoch}, {"rows": trainer.tables.rows, **best})
        if asked:
            done = f"{len(self.epochs)} of {trainer.epochs} epochs"
            raise Interrupted(f"Interrupted after {done}. {kept.how_to_go_on()}")
