"""The state of a run: everything that a resumed run must know."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.runs.checkpoint import Checkpoint, CorruptCheckpoint
from spacy_sgns.training.trainer import TrainingState
from spacy_sgns.training.update.tables import Tables


@dataclass
class RunState:
    """The state of a run between two events; a checkpoint holds it as JSON and arrays.

    training: the position in the corpus. epochs: the report's entry of each finished epoch. seconds: training time,
    earlier runs included. best_epoch, best_rows: the epoch with the lowest held-out loss and its input rows, `(V, d)`,
    if early stopping is on. stopped: set by a listener to end training; not part of a checkpoint.
    """

    training: TrainingState = field(default_factory=TrainingState)
    epochs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    best_epoch: int | None = None
    best_rows: Floats | None = None
    stopped: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the state as plain values, without its arrays."""
        return {
            "training": asdict(self.training),
            "epochs": self.epochs,
            "seconds": round(self.seconds, 3),
            "best_epoch": self.best_epoch,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "RunState":
        """Return the state of which `to_json` made these values. Raises KeyError, TypeError, ValueError."""
        training, epochs = TrainingState(**plain["training"]), list(plain["epochs"])
        return cls(training, epochs, float(plain["seconds"]), plain["best_epoch"])

    @classmethod
    def from_checkpoint(cls, checkpoint: Checkpoint) -> "RunState":
        """Return the state that a checkpoint holds, without its arrays. Raises CorruptCheckpoint."""
        try:
            return cls.from_json(checkpoint.state)
        except (KeyError, TypeError, ValueError) as error:
            raise CorruptCheckpoint(f"{checkpoint.path} lacks a part of the run's state: {error}.") from error

    def arrays(self, tables: Tables) -> dict[str, Floats]:
        """Return the arrays that a checkpoint holds."""
        return {"rows": tables.rows} | ({} if self.best_rows is None else {"best": self.best_rows})

    def read_arrays(self, checkpoint: Checkpoint, tables: Tables) -> None:
        """Read the arrays of a checkpoint into the tables and into this state. Raises CorruptCheckpoint."""
        checkpoint.read_into("rows", tables.rows)
        if "best" in checkpoint:
            self.best_rows = np.empty_like(tables.inputs.rows)
            checkpoint.read_into("best", self.best_rows)
