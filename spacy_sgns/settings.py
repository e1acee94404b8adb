"""The settings of a training run: the only place of their names, ranges, defaults and help texts."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import Field, dataclass, field, fields
from numbers import Integral, Real
from typing import Any, Literal, Protocol, TypeVar, get_args

from spacy_sgns.errors import SettingError, closest
from spacy_sgns.registry import SLOTS, Choice

R = TypeVar("R")
Auto = Literal["auto"]
Case = Literal["fold", "keep"]
KINDS = ("punct", "number", "stop", "url", "email", "currency")
VOCABULARY, MODEL, TRAINING, SPEED = GROUPS = ("Vocabulary", "Model", "Training", "Speed")


class Check(Protocol):
    """Checks a value of a setting."""

    @property
    def values(self) -> str:
        """What is allowed, as a description."""

    def __call__(self, name: str, value: Any) -> Any:
        """Return the value to store, or raise SettingError."""


def _setting(default: Any, check: Check, help: str, *, group: str, when: str) -> Any:
    """Return the field of a setting. check: its `values` describe what is allowed. when: to change it, and the effect.

    Measured effects come from examples/benchmarks/README.md: one of its corpora is 17 M words of an encyclopedia.
    """
    return field(default=default, metadata={"check": check, "help": help, "group": group, "when": when})


def _whole(default: Any, limits: tuple[int, int], help: str, **about: str) -> Any:
    return _setting(default, _Number(int, *limits, auto=default == "auto"), help, **about)


def _real(default: Any, limits: tuple[float, float], help: str, **about: str) -> Any:
    return _setting(default, _Number(float, *limits, auto=default == "auto"), help, **about)


def _alternative(slot: str, name: str, help: str, **about: str) -> Any:
    return _setting(Choice(slot, name), _Chosen(slot), help, **about)


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
        kind = "a whole number" if self.kind is int else "a number"
        return f"{kind} from {_shown(self.low)} to {_shown(self.high)}" + (" or auto" if self.auto else "")

    def __call__(self, name: str, value: Any) -> Any:
        if self.auto and isinstance(value, str) and value == "auto":
            return value
        right_kind = isinstance(value, Integral if self.kind is int else Real) and not isinstance(value, bool)
        if not right_kind or not self.low <= value <= self.high:
            raise SettingError(f"{name} must be {self.values}, got {value!r}.")
        return self.kind(value)  # a NumPy number cannot be written as JSON


@dataclass(frozen=True)
class _TrueOrFalse:
    """Checks that a value is true or false."""

    values = "true or false"

    def __call__(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise SettingError(f"{name} must be {self.values}, got {value!r}.")
        return value


@dataclass(frozen=True)
class _OneOf:
    """Checks that a value is one of some texts."""

    options: tuple[str, ...]

    @property
    def values(self) -> str:
        """The options, as a description."""
        return f"one of {', '.join(self.options)}"

    def __call__(self, name: str, value: Any) -> Any:
        if not isinstance(value, str) or value not in self.options:
            hint = closest(str(value), self.options)
            raise SettingError(f"{name} must be {self.values}, got {value!r}. {hint}".rstrip())
        return value


@dataclass(frozen=True)
class _SomeOf:
    """Returns the options named in text with commas, or in a list of such texts, in their order."""

    options: tuple[str, ...]

    @property
    def values(self) -> str:
        """The options, as a description."""
        return f"a list of {', '.join(self.options)}"

    def __call__(self, name: str, value: Any) -> tuple[str, ...]:
        parts = [value] if isinstance(value, str) else value
        if not isinstance(parts, Iterable):
            raise SettingError(f"{name} must be {self.values}, got {value!r}.")
        single = [option for part in parts for option in (part.split(",") if isinstance(part, str) else [part])]
        stripped = [option.strip() if isinstance(option, str) else option for option in single]
        wanted = [_OneOf(self.options)(name, option) for option in stripped if option != ""]
        return tuple(option for option in self.options if option in wanted)


@dataclass(frozen=True)
class _Chosen:
    """Checks that a value is a choice for a slot; its name is checked where it is imported, in `Choice.of`."""

    slot: str
    values = "a registered name"

    def __call__(self, name: str, value: Any) -> Choice:
        if not isinstance(value, Choice) or value.slot != self.slot:
            raise SettingError(f"{name} must be a Choice, got {value!r}. Settings.of takes names.")
        return value


ELSEWHERE = {  # names of the same settings in gensim, fastText and word2vec
    "vector_size": "dim",
    "size": "dim",
    "iter": "epochs",
    "alpha": "learning_rate",
    "lr": "learning_rate",
    "sample": "subsample",
    "ns_exponent": "noise_exponent",
    "ws": "window",
    "neg": "negative",
    "sg": "architecture",
    "cbow": "architecture",
    "hs": "objective",
    "minCount": "min_count",
    "max_final_vocab": "max_words",
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a training run. Raises SettingError for an invalid value.

    >>> Settings(dim=50).window
    5
    """

    dim: int = _whole(
        100,
        (1, 4096),
        "Dimensions of the vectors.",
        group=MODEL,
        when="Raise it for a large corpus, lower it for smaller files: on 17 M words, 50 dimensions got .324 of the "
        "analogies right, 100 got .406. Time and memory grow with it: 50, 100, 200, 300 dimensions trained 3.5, 2.6, "
        "1.5, 1.2 M words/s on 4 M tokens.",
    )
    window: int = _whole(
        5,
        (1, 100),
        "Maximum distance, in words, between a word and its context.",
        group=MODEL,
        when="Lower it for neighbours that can replace each other, raise it for neighbours of the same topic. On 17 M "
        "words, 2, 5 and 10 gave SimLex-999 .315, .304 and .278, and analogies .355, .406 and .421.",
    )
    negative: int = _whole(
        5,
        (1, 100),
        "Noise words for each pair.",
        group=MODEL,
        when="Raise it where quality counts for more than time: on 17 M words, 10 gave a mean score of .484, 5 of "
        ".471, with one seed.",
    )
    epochs: int | Auto = _whole(
        "auto",
        (1, 100_000),
        "Passes over the corpus; auto: more for smaller corpora.",
        group=TRAINING,
        when="Raise it if a warning says that training did not get far; lower it to try things out. Auto: 5 for 17 M "
        "tokens, 16 for 1 M, 79 for Alice. On 17 M words, 1 and 5 epochs gave a mean score of .359 and .473; on 1 M "
        "words, 32 epochs agreed less with vectors of a large corpus than 16 (.40, .47).",
    )
    learning_rate: float | Auto = _real(
        "auto",
        (1e-6, 1),
        "Initial learning rate; it decays linearly to almost 0.",
        group=TRAINING,
        when="Raise it for few epochs, lower it if training diverges. Auto: .035 for more than 4 M tokens, else .025; "
        "up to .07 where you set fewer epochs than auto would.",
    )
    min_count: int = _whole(
        5,
        (1, 10**9),
        "Minimum frequency of a word; rarer words get no vector.",
        group=VOCABULARY,
        when="Lower it for a small corpus; raise it where rare words crowd the neighbours. Alice has 2,681 words, 671 "
        "that occur at least 5 times, 377 at least 10 times; `plan` counts those of your corpus.",
    )
    max_words: int = _whole(
        0,
        (0, 10**9),
        "Maximum size of the vocabulary; the most frequent words are kept; 0: no limit.",
        group=VOCABULARY,
        when="Set it to bound memory: training on 100,000, 500,000 and 1,000,000 words of 100 dimensions took 228, "
        "899 and 1,796 MiB.",
    )
    subsample: float = _real(
        1e-4,
        (0, 1),
        "Relative frequency above which words are subsampled; 0: no subsampling.",
        group=MODEL,
        when="Raise it, or set 0, for a tiny corpus, so that enough pairs are left: the default leaves 26 % of the "
        "tokens of Alice. Higher values are slower: 1e-3 took 46 s on 20 M tokens, 1e-4 36 s.",
    )
    noise_exponent: float = _real(
        0.75,
        (-2, 2),
        "Exponent of the word frequencies from which noise words are drawn.",
        group=MODEL,
        when="Leave it, as a rule: lower values draw rare words more often. It serves the noise `unigram` alone.",
    )
    case: Case = _setting(
        "fold",
        _OneOf(get_args(Case)),
        "fold: one vector for Word, word and WORD; keep: a vector for each spelling.",
        group=VOCABULARY,
        when="Choose keep where case tells words apart, as in names and German nouns. Each spelling then has to reach "
        "min_count.",
    )
    drop: tuple[str, ...] = _setting(
        ("punct",),
        _SomeOf(KINDS),
        f"Kinds of token to leave out: {', '.join(KINDS)}.",
        group=VOCABULARY,
        when="Leave it empty where a tagger or parser takes the vectors, since it also meets punctuation. With stop, "
        "windows reach further, and function words have no vector. Of the 34,513 tokens of Alice, 7,220 are punct.",
    )
    within_sentences: bool = _setting(
        False,
        _TrueOrFalse(),
        "Restrict the context of a word to its sentence.",
        group=VOCABULARY,
        when="Set it where texts are lists of unrelated sentences. It takes the pipeline's sentences, or those of a "
        "rule-based sentencizer.",
    )
    drop_duplicates: bool = _setting(
        False,
        _TrueOrFalse(),
        "Leave out texts whose tokens duplicate those of an earlier text.",
        group=VOCABULARY,
        when="Set it for scraped texts, in which a repeated notice counts as often as it is repeated. Duplicates are "
        "counted even where they are kept.",
    )
    held_out: float = _real(
        0.0,
        (0, 0.5),
        "Share of the texts that is held out from training, to evaluate each epoch.",
        group=TRAINING,
        when="Set it to 0.01 on a large corpus, to 0.1 on a small one, to see when more epochs no longer help.",
    )
    patience: int = _whole(
        0,
        (0, 100_000),
        "Epochs without a lower held-out loss before training stops; 0: never stop early.",
        group=TRAINING,
        when="Set it, with held_out, where you do not know how many epochs are enough. Not too low: the loss often "
        "falls once more as the learning rate decays. On Alice, 2 stopped after 7 of 30 epochs, too early.",
    )
    chunks_per_step: int | Auto = _whole(
        "auto",
        (1, 1024),
        "Chunks that are computed in parallel in one step; as many workers can train.",
        group=SPEED,
        when="Raise it to employ more cores, at the cost of quality: 1, 2, 4, 8 and 16 gave a mean score of .474, "
        ".471, .468, .461 and .455 on 17 M words. Auto: 2 for more than 4 M tokens, else 1.",
    )
    chunk_size: int | Auto = _whole(
        "auto",
        (64, 1 << 16),
        "Tokens of a chunk, which are computed at once; a power of two.",
        group=SPEED,
        when="Leave it, as a rule: auto fits it to a core's cache, and to 64 steps in an epoch of a small corpus. At "
        "100 dimensions, chunks of 512 or 2,048 instead of 1,024 tokens were up to 15 % slower.",
    )
    workers: int | Auto = _whole(
        "auto",
        (1, 1024),
        "Processes that train; auto: one for each core. Vectors do not depend on it.",
        group=SPEED,
        when="Lower it to leave cores to other work. Two workers trained 3.9 M words/s where one trained 2.4 M. "
        "Reading employs all of them, training at most chunks_per_step.",
    )
    seed: int = _whole(
        0,
        (0, 2**63 - 1),
        "Seed of the random number generators.",
        group=TRAINING,
        when="Change it to see how much a result owes to chance: mean scores of three seeds on 17 M words lay between "
        ".471 and .475.",
    )
    architecture: Choice = _alternative(
        "architecture",
        "skipgram.v1",
        "How training examples are formed: skipgram or cbow.",
        group=MODEL,
        when="Choose cbow to compare with other tools: on 17 M words it got .324 of the analogies right, skipgram "
        ".405.",
    )
    objective: Choice = _alternative(
        "objective",
        "negative_sampling.v1",
        "Loss function: negative_sampling or hierarchical_softmax.",
        group=MODEL,
        when="Choose hierarchical_softmax for a loss that is minus the log of a probability. It trained 0.5 M "
        "words/s, negative_sampling 3.3 M.",
    )
    weighting: Choice = _alternative(
        "weighting",
        "linear.v1",
        "Weight of a context word by its distance: linear, dynamic, harmonic or flat.",
        group=MODEL,
        when="Choose dynamic to draw window sizes at random as word2vec does. On 17 M words, SimLex-999 was .308 with "
        "linear, .291 with dynamic, .312 with harmonic, .285 with flat.",
    )
    noise: Choice = _alternative(
        "noise",
        "unigram.v1",
        "Distribution of the noise words of negative sampling: unigram, in_batch or uniform.",
        group=MODEL,
        when="Choose in_batch for a corpus of millions of words, where analogies matter more than word pairs: "
        "analogies .430 instead of .405, WordSim-353 .669 instead of .703.",
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
                hint = f"It is called {ELSEWHERE[name]} here." if name in ELSEWHERE else hint
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
