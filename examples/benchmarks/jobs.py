"""A measurement: one tool on one corpus with one choice of settings, and the task given to the tool."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpora import Corpus

EQUAL = {"window": 5, "negative": 5, "subsample": 1e-3, "learning_rate": 0.025, "min_count": 5}


@dataclass(frozen=True)
class Job:
    """One measurement. environment: variables set for it. scored: whether its vectors go against the gold sets.

    label: what tables call it.
    """

    tool: str
    label: str
    corpus: "Corpus"
    settings: Mapping[str, Any]
    workers: int
    seed: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    scored: bool = False

    def key(self) -> dict[str, Any]:
        """Return what decides the result, as plain values."""
        return {
            "tool": self.tool,
            "corpus": self.corpus.key(),
            "settings": dict(self.settings),
            "workers": self.workers,
            "seed": self.seed,
            "environment": dict(self.environment),
        }


@dataclass(frozen=True)
class Task:
    """What a tool gets, as plain values. corpus: a file, of `tokens` tokens in `texts` lines.

    kept: tokens of words that occur often enough. folder: of its own, to write to. vectors: whether they are wanted.
    program: of a compiled tool.
    """

    tool: str
    corpus: str
    tokens: int
    texts: int
    kept: int
    settings: dict[str, Any]
    workers: int
    cores: list[int]
    seed: int
    folder: str
    vectors: bool
    program: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a tool says. seconds: of the training alone, for all `kept` tokens in all epochs; 0 if not taken.

    words: how many have vectors. vectors: their file. phases: seconds of the parts of a whole way. more: to be stored.
    """

    seconds: float
    words: int
    vectors: str = ""
    phases: dict[str, float] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
