"""The pipeline that gets the vectors: a blank one, one from a config, or an existing one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import spacy
from spacy import util
from spacy.language import Language
from thinc.api import Config

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.pipeline.attach import check_replaceable
from spacy_sgns.pipeline.config import as_config, settings_from_config
from spacy_sgns.settings import Settings
from spacy_sgns.system.files import check_regular_within
from spacy_sgns.tokenization.docs import DocMaker

NAME = "sgns"


@dataclass(frozen=True)
class PipelineFactory:
    """Makes new copies of a pipeline, to split texts and to write as the output.

    make: returns the pipeline, possibly with the component sgns. component_settings: of the component in a config.
    component: its name if it stands in the pipeline of a config, from which `make` leaves it out. sentencizer: whether
    to add one if sentences are needed, because the pipeline is blank.
    """

    make: Callable[[], Language]
    component_settings: Mapping[str, Any]
    component: str = ""
    sentencizer: bool = False

    def for_docs(self, *, sentences: bool) -> Language:
        """Return the pipeline that makes Docs. sentences: whether the Docs need sentence boundaries."""
        nlp = self.make()
        if sentences and self.sentencizer:
            nlp.add_pipe("sentencizer")
        return nlp

    def doc_maker(self, *, sentences: bool) -> DocMaker:
        """Return a maker of Docs with tokens and, with `sentences`, sentence boundaries."""
        return DocMaker(lambda: self.for_docs(sentences=sentences), sentences=sentences)

    def for_output(self, settings: Settings, *, component: bool) -> Language:
        """Return the pipeline to write: with the component sgns last, if it had the component or with `component`."""
        nlp = self.make()
        check_replaceable(nlp)
        names = [*_remove_sgns(nlp), self.component or NAME]
        if component or self.component or len(names) > 1:
            nlp.add_pipe("sgns", name=names[0], config=as_config(settings), last=True)
        return nlp


def from_language(lang: str, overrides: Mapping[str, Any]) -> PipelineFactory:
    """Return the factory of a blank pipeline. Raises SgnsError for a language that spaCy does not know."""
    try:
        util.get_lang_class(lang)
    except ImportError as error:
        raise SgnsError(
            f"spaCy has no language {lang!r}. Give its code, such as en, de or zh; xx is for languages that it lacks."
        ) from error
    config = Config({"nlp": {"lang": lang, "pipeline": []}, "components": {NAME: {"factory": "sgns"}}})
    return _from_config(config.merge(Config(nested(overrides))), f"the language {lang}")


def from_config(path: Path, overrides: Mapping[str, Any]) -> PipelineFactory:
    """Return the factory of a config with [nlp] and [components.sgns]. Raises SgnsError if it is not valid."""
    if str(path) != "-" and not path.is_file():
        raise SgnsError(f"There is no config file {path}.")
    try:
        config = util.load_config(path, overrides=dict(overrides), interpolate=True)
    except Exception as error:
        raise SgnsError(f"The config {path} is not valid: {_one_line(error)}") from error
    for section in ("nlp", "components"):
        if section not in config:
            raise SgnsError(f"The config {path} has no section [{section}]. It needs [nlp] and [components.sgns].")
    return _from_config(config, f"the config {path}")


def from_base(base: str, overrides: Mapping[str, Any]) -> PipelineFactory:
    """Return the factory of a pipeline, installed or in a folder. Its `make` raises SgnsError if loading fails."""

    def make() -> Language:
        check_regular_within(Path(base))
        return _loaded(lambda: spacy.load(base, config=dict(overrides)), f"the base {base}")

    return PipelineFactory(make, {})


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{"a": {"b": 1}}` for `{"a.b": 1}`. Raises SettingError if a name is both a value and a section."""
    tree: dict[str, Any] = {}
    for key, value in flat.items():
        *sections, last = key.split(".")
        inner = tree
        for section in sections:
            inner = inner.setdefault(section, {})
            if not isinstance(inner, dict):
                raise SettingError(
                    f"--{key} needs a section {section}, but another flag gives it a value. Give only one of the two."
                )
        if last in inner:
            raise SettingError(f"--{key} is a section, and another flag gives a part of it. Give only one of the two.")
        inner[last] = value
    return tree


def _from_config(config: Config, what: str) -> PipelineFactory:
    components = config.get("components", {})
    sgns = [name for name, block in components.items() if isinstance(block, dict) and block.get("factory") == "sgns"]
    if not sgns:
        raise SgnsError(f'There is no component sgns in {what}: add [components.sgns] with factory = "sgns".')
    settings = settings_from_config(
        {key: v for key, v in components[sgns[0]].items() if key not in ("factory", "scorer")}
    )
    without = Config(config)
    without["components"] = {name: block for name, block in components.items() if name not in sgns}
    without["nlp"] = {**config["nlp"], "pipeline": [n for n in config["nlp"].get("pipeline", []) if n not in sgns]}
    in_pipeline = sgns[0] if sgns[0] in config["nlp"].get("pipeline", []) else ""
    blank = not without["nlp"]["pipeline"]
    make = partial(_loaded, lambda: util.load_model_from_config(without, auto_fill=True), what)
    return PipelineFactory(make, settings, in_pipeline, blank)


def _loaded(load: Callable[[], Language], what: str) -> Language:
    try:
        return load()
    except Exception as error:  # spaCy and its components raise many kinds
        raise SgnsError(f"Cannot load {what}: {_one_line(error)}") from error


def _remove_sgns(nlp: Language) -> list[str]:
    """Remove the components sgns from a pipeline and return their names."""
    names = [name for name in nlp.component_names if nlp.get_pipe_meta(name).factory == "sgns"]
    for name in names:
        nlp.remove_pipe(name)
    return names


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
