"""The events of training, which listeners receive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from spacy_sgns.training.update.tables import Tables


@dataclass(frozen=True)
class BatchDone:
    """A batch is done.

    epoch: the current one, from 1.
    epochs: the number of all, unless training stops early.
    step: the steps taken so far in all epochs.
    tokens: done of this epoch.
    total: tokens of an epoch.
    loss: mean over the pairs of this epoch so far.
    learning_rate: of this batch.
    seconds: since this epoch began.
    """

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
    """An epoch is done.

    epoch: the one that has ended, from 1.
    epochs: the number of all, unless training stops early.
    loss: mean per pair.
    words_per_second: tokens with vectors, before subsampling, per second.
    seconds: of this epoch.
    """

    epoch: int
    epochs: int
    loss: float
    words_per_second: float
    seconds: float


@dataclass(frozen=True)
class Finished:
    """Training is done.

    tables: the trained rows of all words, input and output.
    """

    tables: Tables


Event: TypeAlias = BatchDone | EpochEnd | Finished
Listener: TypeAlias = Callable[[Event], None]
