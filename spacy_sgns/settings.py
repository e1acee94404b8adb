"""The settings of a training run: the only place of their names, ranges, defaults and help texts."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import Field, dataclass, field, fields
from numbers import Integral, Real
from typing import Any, Literal, TypeVar, get_args

from spacy_sgns.errors import SettingError, closest
from spacy_sgns.registry import SLOTS, Choice

R = TypeVar("R")
Auto = Literal["auto"]
Case = Literal["fold", "keep"]
KINDS = ("punct", "number", "stop", "url", "email", "currency")
REGISTERED = "a registered name"
Check = Callable[[str, Any], Any]  # (name, value) -> the value to store; raises SettingError


def _setting(default: Any, check: Check, values: str, text: str) -> Any:
    """Return the field of a setting. values: a description of the allowed values."""
    return field(default=default, metadata={"check": check, "values": values, "help": text})


def _whole(default: Any, low: int, high: int, text: str) -> Any:
    check = _Number(int, low, high, auto=default == "auto")
    return _setting(default, check, check.values, text)


def _real(default: Any, low: float, high: float, text: str) -> Any:
    check = _Number(float, low, high, auto=default == "auto")
    return _setting(default, check, check.values, text)


def _shown(limit: float) -> str:
    return f"{limit:,}" if isinstance(limit, int) else f"{limit:g}"


@dataclass(frozen=True)
class _Number:
    """Checks that a value is a number from `low` to `high`, both included."""

    kind: type[int] | type[float]
    low: float
    high: float
    auto: bool

    @property
    def values(self) -> str:
        """The range, as a description."""
        return f"{_shown(self.low)} to {_shown(self.high)}" + (" or auto" if self.auto else "")

    def __call__(self, name: str, value: Any) -> Any:
        if self.auto and isinstance(value, str) and value == "auto":
            return value
        right_kind = isinstance(value, Integral if self.kind is int else Real) and not isinstance(value, bool)
        if not right_kind or not self.low <= value <= self.high:
            kind = "a whole number" if self.kind is int else "a number"
            raise SettingError(f"{name} must be {kind} from {self.values}, got {value!r}.")
        return self.kind(value)  # a NumPy number cannot be written as JSON


def _true_or_false(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise SettingError(f"{name} must be true or false, got {value!r}.")
    return value


def _one_of(options: tuple[str, ...]) -> Check:
    def check(name: str, value: Any) -> Any:
        if not isinstance(value, str) or value not in options:
            hint = closest(str(value), options)
            raise SettingError(f"{name} must be one of {', '.join(options)}, got {value!r}. {hint}".rstrip())
        return value

    return check


def _kinds(name: str, value: Any) -> tuple[str, ...]:
    """Return the kinds named in text with commas, or in a list of such texts, in the order of `KINDS`."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, Iterable):
        raise SettingError(f"{name} must be a list of {', '.join(KINDS)}, got {value!r}.")
    single = [kind for part in parts for kind in (part.split(",") if isinstance(part, str) else [part])]
    stripped = [kind.strip() if isinstance(kind, str) else kind for kind in single]
    wanted = [_one_of(KINDS)(name, kind) for kind in stripped if kind != ""]
    return tuple(kind for kind in KINDS if kind in wanted)


def _chosen(slot: str, value: Any) -> Choice:
    """Return the choice unchanged; its name is checked where the alternative is imported, in `Choice.of`."""
    if not isinstance(value, Choice) or value.slot != slot:
        raise SettingError(f"{slot} must be a Choice, got {value!r}. Settings.of takes names.")
    return value


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a training run. Raises SettingError for an invalid value.

    >>> Settings(dim=50).window
    5
    """

    dim: int = _whole(100, 1, 4096, "Dimensions of the vectors.")
    window: int = _whole(5, 1, 100, "Maximum distance, in words, between a word and its context.")
    negative: int = _whole(5, 1, 100, "Noise words for each pair.")
    epochs: int | Auto = _whole("auto", 1, 100_000, "Passes over the corpus; auto: more for smaller corpora.")
    learning_rate: float | Auto = _real("auto", 1e-6, 1, "Initial learning rate; it decays linearly to almost 0.")
    min_count: int = _whole(5, 1, 10**9, "Minimum frequency of a word; rarer words get no vector.")
    max_words: int = _whole(
        0, 0, 10**9, "Maximum size of the vocabulary; the most frequent words are kept; 0: no limit."
    )
    subsample: float = _real(1e-4, 0, 1, "Relative frequency above which words are subsampled; 0: no subsampling.")
    noise_exponent: float = _real(0.75, -2, 2, "Exponent of the word frequencies from which noise words are drawn.")
    case: Case = _setting(
        "fold",
        _one_of(get_args(Case)),
        "fold or keep",
        "fold: one vector for Word, word and WORD; keep: a vector for each spelling.",
    )
    drop: tuple[str, ...] = _setting(
        ("punct",), _kinds, f"any of {', '.join(KINDS)}", f"Kinds of token to leave out: {', '.join(KINDS)}."
    )
    within_sentences: bool = _setting(
        False, _true_or_false, "true or false", "Restrict the context of a word to its sentence."
    )
    drop_duplicates: bool = _setting(
        False, _true_or_false, "true or false", "Leave out texts whose tokens duplicate those of an earlier text."
    )
    held_out: float = _real(0.0, 0, 0.5, "Share of the texts that is held out from training, to evaluate each epoch.")
    patience: int = _whole(
        0, 0, 100_000, "Epochs without a lower held-out loss before training stops; 0: never stop early."
    )
    chunks_per_step: int | Auto = _whole("auto", 1, 1024, "Chunks that are computed in parallel in one step.")
    chunk_size: int | Auto = _whole("auto", 64, 1 << 16, "Tokens of a chunk; a power of two.")
    workers: int | Auto = _whole(
        "auto", 1, 1024, "Processes that train; auto: one for each core. Vectors do not depend on it."
    )
    seed: int = _whole(0, 0, 2**63 - 1, "Seed of the random number generators.")
    architecture: Choice = _setting(
        Choice("architecture", "skipgram.v1"),
        _chosen,
        REGISTERED,
        "How training examples are formed: skipgram or cbow.",
    )
    objective: Choice = _setting(
        Choice("objective", "negative_sampling.v1"),
        _chosen,
        REGISTERED,
        "Loss function: negative_sampling or hierarchical_softmax.",
    )
    weighting: Choice = _setting(
        Choice("weighting", "linear.v1"),
        _chosen,
        REGISTERED,
        "Weight of a context word by its distance: linear, dynamic, harmonic or flat.",
    )
    noise: Choice = _setting(
        Choice("noise", "unigram.v1"),
        _chosen,
        REGISTERED,
        "Distribution of the noise words of negative sampling: unigram, in_batch or uniform.",
    )

    def __post_init__(self) -> None:
        for f in fields(self):
            object.__setattr__(self, f.name, f.metadata["check"](f.name, getattr(self, f.name)))
        if self.max_words == 1:
            raise SettingError("max_words must be 0 for all words or at least 2, got 1: one word has no neighbours.")
        if self.patience and not self.held_out:
            raise SettingError(f"patience={self.patience} needs held-out texts: set held_out, for example to 0.01.")
        if self.chunk_size != "auto" and self.chunk_size & (self.chunk_size - 1):
            raise SettingError(f"chunk_size must be a power of two, got {self.chunk_size}.")

    @property
    def choices(self) -> list[Choice]:
        """The chosen alternatives."""
        return [value for f in fields(self) if isinstance(value := getattr(self, f.name), Choice)]

    @classmethod
    def of(cls, **values: Any) -> "Settings":
        """Return settings from names and plain values, as they come from a config, from flags or from a report.

        An alternative is given by name or as a mapping with `name` and its own settings; `drop` may be text with
        commas. Raises SettingError, also for an unknown setting.
        """
        known = [f.name for f in fields(cls)]
        for name in values:
            if name not in known:
                hint = closest(name, known) or f"Settings: {', '.join(known)}."
                raise SettingError(f"Unknown setting {name!r}. {hint}")
        for slot in SLOTS.keys() & values.keys():
            values[slot] = _choice(slot, values[slot])
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain values that `Settings.of` accepts."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        plain["drop"] = list(self.drop)
        for slot in SLOTS.keys() & plain.keys():
            choice: Choice = plain[slot]
            plain[slot] = {"name": choice.name, **deepcopy(dict(choice.settings))}
        return plain


def with_settings(function: Callable[..., R], parameter: Callable[[Field[Any]], inspect.Parameter]) -> Callable[..., R]:
    """Replace `**settings` in the signature of `function` by a parameter for each setting, and return the function.

    parameter: returns the parameter for a field of `Settings`. Tools such as typer read the signature.
    """
    own = [p for p in inspect.signature(function).parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    every = [*own, *(parameter(f) for f in fields(Settings))]
    function.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in every}
    return function


def _choice(slot: str, value: Any) -> Choice:
    """Return the choice given as a name, a mapping with `name`, or a choice. Raises SettingError."""
    if isinstance(value, Choice):
        return Choice.of(slot, value.name, value.settings) if value.slot == slot else value
    if isinstance(value, str):
        return Choice.of(slot, value)
    if not isinstance(value, Mapping):
        raise SettingError(f"{slot} must be a name, or a mapping with name and its own settings, got {value!r}.")
    own = dict(value)
    return Choice.of(slot, own.pop("name", ""), own)
