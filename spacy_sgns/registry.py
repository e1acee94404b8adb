"""The slots that take alternatives, as catalogue registries open to other packages by entry points.

`architectures` says how examples are formed, `objectives` which question is asked of them, `formats` how vectors are
written to files. What each slot expects of an alternative is a Protocol in the room that uses it. The built-in ones
are advertised by entry points like everyone's (groups `spacy_sgns_architectures`, `_objectives`, `_formats`).
"""

import importlib.util
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import catalogue

from spacy_sgns.errors import SettingError, SgnsError, closest

architectures = catalogue.create("spacy_sgns", "architectures", entry_points=True)
objectives = catalogue.create("spacy_sgns", "objectives", entry_points=True)
formats = catalogue.create("spacy_sgns", "formats", entry_points=True)
SLOTS = {"architecture": architectures, "objective": objectives, "format": formats}


@dataclass(frozen=True)
class Choice:
    """An alternative by name, with its own settings: pure data, so that it can be written to files.

    slot: a key of `SLOTS`. name: as registered, with its version.
    """

    slot: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, slot: str, name: str, settings: Mapping[str, Any] | None = None) -> "Choice":
        """Return the choice of `name`, `skipgram.v1` or `skipgram` for its newest version.

        Raises SettingError if nothing of that name is registered or it has no such settings.
        """
        choice = cls(slot, _newest(slot, name), dict(settings or {}))
        known = inspect.signature(choice._factory()).parameters
        for key in choice.settings:
            if key not in known:
                hint = closest(key, known) or f"It has {', '.join(known) or 'no settings of its own'}."
                raise SettingError(f"{slot} {choice.name} has no setting {key!r}. {hint}")
        return choice

    def make(self) -> Any:
        """Return what the registered factory makes with these settings."""
        return self._factory()(**self.settings)

    def _factory(self) -> Any:
        return SLOTS[self.slot].get(self.name)


def names(slot: str) -> list[str]:
    """Return the registered names of a slot, sorted, without importing what entry points advertise."""
    registry = SLOTS[slot]
    advertised = {e.name for e in entry_points(group="_".join(registry.namespace))}
    registered = {path[-1] for path in catalogue.REGISTRY if path[:-1] == registry.namespace}
    return sorted(advertised | registered)


def import_code(path: str | Path) -> None:
    """Run a Python file, for what it registers. Raises SgnsError if it is missing or fails."""
    path = Path(path)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise SgnsError(f"The code file {path} is missing or no Python file. Give the path of a .py file.")
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    except Exception as error:
        raise SgnsError(f"The code file {path} ended in {type(error).__name__}: {error}") from error


def _newest(slot: str, name: str) -> str:
    known = names(slot)
    if name in known:
        return name
    versions = [k for k in known if re.fullmatch(re.escape(name) + r"\.v\d+", k)]
    if not versions:
        if not known:
            raise SettingError(f"No {slot} is registered: spacy_sgns is not installed. Run pip install spacy-sgns.")
        raise SettingError(f"Unknown {slot} {name!r}. Registered: {', '.join(known)}. {closest(name, known)}".rstrip())
    return max(versions, key=lambda k: int(k.rsplit(".v", 1)[1]))
