"""Inputs of commands: vectors, lists of words, and which pipeline to train with which settings."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy_sgns.cli.console import warn
from spacy_sgns.errors import SettingError, UnknownWord, closest
from spacy_sgns.settings import Settings

if TYPE_CHECKING:
    from spacy_sgns.pipeline.factory import PipelineFactory
    from spacy_sgns.vectors.word_vectors import WordVectors

MAX_DIGITS = 18  # of a number of words; int() refuses thousands of digits
SLOTS = ("architecture", "objective", "weighting", "noise")
COMPONENT = "components.sgns."
_loaded: dict[str, "WordVectors"] = {}


def load_vectors(pipeline: str) -> "WordVectors":
    """Return the vectors of a pipeline or file. Raises SgnsError."""
    from spacy_sgns.pipeline.load import open_vectors

    return _loaded.get(pipeline) or open_vectors(pipeline)


@contextmanager
def keep_loaded(pipeline: str) -> Iterator["WordVectors"]:
    """Yield the vectors of a pipeline or file; within the block `load_vectors` returns them too. Raises SgnsError."""
    _loaded[pipeline] = load_vectors(pipeline)
    try:
        yield _loaded[pipeline]
    finally:
        del _loaded[pipeline]


def known_words(
    words: Sequence[str], vectors: "WordVectors", *, strict: bool = False, required: bool = True, source: str = ""
) -> list[str]:
    """Return the words that have a vector, and warn about the others.

    source: where the words are from, for the message. Raises UnknownWord if no word has a vector and one is `required`,
    or, if `strict`, not all have one.
    """
    from spacy_sgns.vectors.queries import no_vector_for

    unknown = [word for word in words if word not in vectors]
    if unknown:
        message = f"{source}{no_vector_for(unknown, vectors.words)}"
        if strict or (required and len(unknown) == len(words)):
            raise UnknownWord(message)
        warn(message)
    return [word for word in words if word in vectors]


def read_among(text: str, vectors: "WordVectors", *, strict: bool = False) -> int | list[str] | None:
    """Return the value of `--among`: a number of words, the known words of a file, or None if empty.

    Raises SettingError, UnknownWord.
    """
    if not text:
        return None
    if text.isdecimal():
        return int(text[:MAX_DIGITS])
    if not Path(text).is_file():
        raise SettingError(f"--among must be a number or a file with one word per line, got {text!r}.")
    return known_words(read_words(Path(text), "--among"), vectors, strict=strict, source=f"--among {text}: ")


def read_words(path: Path, flag: str) -> list[str]:
    """Return the words of a file, one per line. Raises SgnsError if there are none."""
    from spacy_sgns.system.files import read_lines

    words = [line.strip() for line in read_lines(path) if line.strip()]
    if not words:
        raise SettingError(f"{flag} {path}: the file is empty; it must have one word per line.")
    return words


def joined(words: Sequence[str] | None) -> str:
    """Return `love,king,queen` for `--words love,king --words queen`, and "" without the option."""
    return ",".join(words or ())


def read_word_list(text: str) -> list[str]:
    """Return the words of `--words love,king`. Raises SettingError if the text has commas only."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if text and not words:
        raise SettingError(f"--words must be words separated by commas, got {text!r}.")
    return words


def pipeline_and_settings(
    lang: str | None, base: str | None, config: Path | None, dotted: Sequence[str], flags: Mapping[str, Any]
) -> tuple["PipelineFactory", Settings]:
    """Return the factory of the pipeline and the settings to train with. Raises SgnsError, SettingError.

    dotted: dotted flags and their values, as given. flags: the value of each setting's flag, None if not given. A
    setting comes from its flag, else from a dotted flag, else from the config, else it has its default.
    """
    from spacy.cli._util import parse_config_overrides

    from spacy_sgns.pipeline import factory as pipelines

    if sum(x is not None for x in (lang, base, config)) > 1:
        raise SettingError("Give only one of --lang, --base and --config: each of them chooses the pipeline.")
    overrides = parse_config_overrides(list(dotted))
    component = {
        key.removeprefix(COMPONENT): overrides.pop(key) for key in list(overrides) if key.startswith(COMPONENT)
    }
    alternatives = {key: overrides.pop(key) for key in list(overrides) if key.split(".")[0] in SLOTS}
    if config:
        factory = pipelines.from_config(config, overrides)
    else:
        _check_sections(overrides, *(["components"] if base else []))
        factory = pipelines.from_base(base, overrides) if base else pipelines.from_language(lang or "en", overrides)
    given = {name: value for name, value in flags.items() if value is not None and value != []}
    values = {**_with_dotted(factory.component_settings, component), **given}
    return factory, Settings.of(**_with_dotted(values, alternatives))


def _check_sections(overrides: Mapping[str, Any], *more: str) -> None:
    """Raise SettingError for a dotted flag of an unknown section. more: known sections besides spaCy's defaults."""
    from spacy.language import DEFAULT_CONFIG

    known = (DEFAULT_CONFIG.keys() - {"components"}) | set(more)
    for name in overrides:
        section, _, _ = name.rpartition(".")
        if section.split(".")[0] not in known:
            hint = closest(section, [COMPONENT.rstrip("."), *SLOTS, *sorted(known)], n=1)
            raise SettingError(f"--{name} has no effect: there is no section {section!r}. {hint}".rstrip())


def _with_dotted(values: Mapping[str, Any], dotted: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` updated by dotted flags; `objective.power` goes to the objective that is chosen by then."""
    from spacy.util import dot_to_dict

    from spacy_sgns.pipeline.config import settings_from_config

    result = {**values, **{key: value for key, value in dotted.items() if "." not in key}}
    nested = settings_from_config(dot_to_dict({key: value for key, value in dotted.items() if "." in key}))
    for slot, own in nested.items():
        before = result.get(slot) or (getattr(Settings(), slot).name if slot in SLOTS else "")
        named = {"name": before} if isinstance(before, str) else before
        result[slot] = own if "name" in own else {**named, **own}
    return result
