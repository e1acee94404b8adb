"""The options of a run that do not change its vectors."""

from dataclasses import dataclass
from pathlib import Path

from spacy_sgns.errors import SettingError

MAX_CHECKPOINT_MINUTES = 10_000


@dataclass(frozen=True)
class RunOptions:
    """What a run writes, and whether it can be resumed. Raises SettingError for an invalid combination.

    output: folder of the pipeline; None: write nothing. force: replace a pipeline in `output`, and start over where a
    run could be resumed. component: add the component sgns, with which the pipeline
    needs this package to load. checkpoint_every: minutes
    between checkpoints; 0: keep none. resume: continue the interrupted run of `output`.
    """

    output: Path | None = None
    force: bool = False
    component: bool = False
    checkpoint_every: float = 10
    resume: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.checkpoint_every <= MAX_CHECKPOINT_MINUTES:
            limits = f"from 0 to {MAX_CHECKPOINT_MINUTES:,} minutes"
            raise SettingError(f"checkpoint_every must be {limits}, got {self.checkpoint_every}.")
        if self.resume and not self.checkpoint_every:
            raise SettingError("resume needs checkpoints, got checkpoint_every 0. Leave it out.")
