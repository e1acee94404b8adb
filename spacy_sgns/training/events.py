"""The events of training, which listeners receive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from spacy_sgns.training.update.tables import Tables


@dataclass(frozen=True)
class BatchDone:
    """A batch is done. tokens: done of the epoch's `total`. loss: mean over the epoch's pairs so far."""

    epoch: int
    epochs: int
    step: int
    tokens: int
    total: int
    loss: float
    learning_rate: float
    seconds: float


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is done. loss: mean per pair. words_per_second: tokens of the corpus per second of wall time."""

    epoch: int
    epochs: int
    loss: float
    words_per_second: float
    seconds: float


@dataclass(frozen=True)
class Finished:
    """All epochs are done."""

    tables: Tables


Event: TypeAlias = BatchDone | EpochEnd | Finished
Listener: TypeAlias = Callable[[Event], None]
