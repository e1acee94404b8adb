"""Every setting of a training run: one name and one range, in Python, configs, flags and files alike."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any, Literal, TypeVar, get_args, get_origin

from spacy_sgns.errors import SettingError, closest
from spacy_sgns.registry import SLOTS, Choice

R = TypeVar("R")
Auto = Literal["auto"]
Case = Literal["fold", "keep"]
KINDS = ("punct", "number", "stop", "url", "email", "currency")


def _number(default: Any, low: float, high: float, text: str) -> Any:
    return field(default=default, metadata={"range": (low, high), "help": text})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a training run, checked. Raises SettingError for a value out of range.

    >>> Settings(dim=50).window
    5
    """

    dim: int = _number(100, 1, 4096, "Numbers in a vector.")
    window: int = _number(5, 1, 100, "Furthest neighbour that counts as context; nearer ones count more.")
    negative: int = _number(5, 1, 100, "Noise words per pair.")
    epochs: int | Auto = _number("auto", 1, 100_000, "Passes over the corpus; auto: more, the smaller it is.")
    learning_rate: float | Auto = _number("auto", 1e-6, 1, "Size of the first steps; falls to almost 0.")
    min_count: int = _number(5, 1, 10**9, "Rarer words are left out.")
    max_words: int = _number(0, 0, 10**9, "Keep at most so many words, the most frequent; 0: all.")
    subsample: float = _number(1e-4, 0, 1, "Frequency above which words are thinned out; 0: never.")
    noise_exponent: float = _number(0.75, -2, 2, "Noise words are drawn by frequency to this power.")
    case: Case = field(default="fold", metadata={"help": "fold: one vector for Word, word and WORD; keep: one each."})
    drop: tuple[str, ...] = field(default=("punct",), metadata={"help": f"Kinds left out: {', '.join(KINDS)}."})
    within_sentences: bool = field(default=False, metadata={"help": "No context beyond the sentence."})
    lanes: int | Auto = _number("auto", 1, 1024, "Chunks computed from the same tables before they are added.")
    chunk_size: int | Auto = _number("auto", 64, 1 << 16, "Tokens computed at once, a power of two.")
    seed: int = _number(0, 0, 2**63 - 1, "Start of all random draws.")
    architecture: Choice = field(
        default=Choice("architecture", "skipgram.v1"), metadata={"help": "How examples are formed."}
    )
    objective: Choice = field(
        default=Choice("objective", "negative_sampling.v1"), metadata={"help": "The question asked of an example."}
    )

    def __post_init__(self) -> None:
        for f in fields(self):
            if "range" in f.metadata:
                _check_number(f.name, getattr(self, f.name), f.type, f.metadata["range"])
            elif get_origin(f.type) is Literal:
                _check_option(f.name, getattr(self, f.name), get_args(f.type))
        if not isinstance(self.within_sentences, bool):
            raise SettingError(f"within_sentences must be true or false, got {self.within_sentences!r}.")
        for kind in self.drop:
            _check_option("drop", kind, KINDS)
        if self.chunk_size != "auto" and self.chunk_size & (self.chunk_size - 1):
            raise SettingError(f"chunk_size must be a power of two, got {self.chunk_size}.")

    @classmethod
    def of(cls, **values: Any) -> "Settings":
        """Return settings from names and plain values, as they come from a config, from flags or from a report.

        An alternative may be given by name or as a mapping with `name` and its own settings; `drop` as text with
        commas. Raises SettingError, also for a name that no setting has.
        """
        known = [f.name for f in fields(cls)]
        for name in values:
            if name not in known:
                raise SettingError(f"Unknown setting {name!r}. {closest(name, known) or f'There are: {known}.'}")
        if "drop" in values:
            values["drop"] = _kinds(values["drop"])
        for slot in SLOTS.keys() & values.keys():
            values[slot] = _choice(slot, values[slot])
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, from which `Settings.of` makes the same ones."""
        plain = {**asdict(self), "drop": list(self.drop)}
        for slot in SLOTS.keys() & plain.keys():
            choice: Choice = getattr(self, slot)
            plain[slot] = {"name": choice.name, **choice.settings}
        return plain


def with_settings(function: Callable[..., R], parameter: Callable[[Field[Any]], inspect.Parameter]) -> Callable[..., R]:
    """Return `function` with a parameter for each setting in place of its `**settings`, for tools that read signatures.

    parameter: makes it from the field of `Settings`.
    """
    own = [p for p in inspect.signature(function).parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    every = [*own, *(parameter(f) for f in fields(Settings))]
    function.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in every}
    return function


def _check_number(name: str, value: Any, kind: Any, limits: tuple[float, float]) -> None:
    auto, whole = Auto in get_args(kind), float not in (kind, *get_args(kind))
    if auto and value == "auto":
        return
    low, high = limits
    wanted = f"{'a whole number' if whole else 'a number'} from {low:g} to {high:g}" + (" or auto" if auto else "")
    right_kind = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not right_kind or not low <= value <= high:
        raise SettingError(f"{name} must be {wanted}, got {value!r}.")


def _check_option(name: str, value: Any, options: tuple[str, ...]) -> None:
    if value not in options:
        raise SettingError(
            f"{name} must be one of {', '.join(options)}, got {value!r}. {closest(str(value), options)}".rstrip()
        )


def _kinds(value: str | Iterable[str]) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip() for part in parts if part.strip())


def _choice(slot: str, value: Choice | str | Mapping[str, Any]) -> Choice:
    if isinstance(value, Choice):
        return value
    if isinstance(value, str):
        return Choice.of(slot, value)
    own = dict(value)
    return Choice.of(slot, own.pop("name", ""), own)
