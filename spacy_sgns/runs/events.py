"""The events of a run beyond those of the trainer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.settings import Settings
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished

HELD_OUT_LOSS = "held-out loss"  # the name of this score in `Evaluated`


@dataclass(frozen=True)
class TokensRead:
    """A batch of the corpus has been read.

    texts: read so far.
    tokens: read so far, without the kinds that are dropped.
    seconds: since reading began.
    """

    texts: int
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Encoded:
    """The whole corpus has been read, or taken from the run that is resumed; training begins.

    counts: of the corpus, as in the report.
    settings: with every "auto" replaced.
    workers: the number that trains.
    workers_note: for the user, why it is not higher; otherwise empty.
    """

    counts: CorpusCounts
    settings: Settings
    workers: int = 1
    workers_note: str = ""


@dataclass(frozen=True)
class Resumed:
    """Training continues from a checkpoint.

    epoch: the next one; epochs + 1 if all of them are done.
    epochs: the number of all.
    """

    epoch: int
    epochs: int


@dataclass(frozen=True)
class Evaluated:
    """The vectors of an epoch have been scored.

    epoch: the one that has just ended, from 1.
    scores: by name of the gold set, or `held-out loss`; None for a score that is undefined.
    """

    epoch: int
    scores: dict[str, float | None]


Event: TypeAlias = TokensRead | Encoded | Resumed | BatchDone | EpochEnd | Evaluated | Finished
Listener: TypeAlias = Callable[[Event], None]
