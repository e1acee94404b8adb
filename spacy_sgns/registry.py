"""The slots that take alternatives, as catalogue registries open to other packages by entry points.

`architectures` says how examples are formed, `objectives` which question is asked of them, `weightings` how much a
neighbour counts, `noises` where noise words come from, `formats` how vectors are written to files. What each slot
expects of an alternative is a Protocol in the room that uses it. The built-in ones are advertised by entry points like
everyone's (groups `spacy_sgns_architectures`, `_objectives` and so on).
"""

import inspect
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import FrameType
from typing import Any

import catalogue

from spacy_sgns.errors import SettingError, SgnsError, closest


class Slot(catalogue.Registry):  # type: ignore[misc]
    """The alternatives of one kind, by name. A name that is taken stays with who took it."""

    def __init__(self, namespace: tuple[str, ...]) -> None:
        super().__init__(namespace, entry_points=True)
        self._homes: dict[str, str] = {}

    def register(self, name: str, *, func: Callable[..., Any] | None = None) -> Any:
        """Register a factory, as a decorator or with `func`. Raises SettingError if another one has the name."""
        take = partial(self._take, name, _home(sys._getframe(1)))
        return take if func is None else take(func)

    def owners(self, name: str) -> set[str]:
        """Return `module:function` of all factories that are registered or advertised under a name."""
        here = catalogue.REGISTRY.get((*self.namespace, name))
        return self.advertised(name) | ({_address(here)} if here else set())

    def advertised(self, name: str) -> set[str]:
        """Return `module:function` of all factories that installed packages advertise under a name."""
        return {entry.value.replace(" ", "") for entry in entry_points(group=self.entry_point_namespace, name=name)}

    def home(self, name: str) -> str:
        """Return what to give `import_target`, in another process, so that a name is registered there; "" if nothing."""
        return self._homes.get(name, "")

    def _take(self, name: str, home: str, func: Callable[..., Any]) -> Any:
        others = self.owners(name) - {_address(func)}  # a cell of a notebook, run again, registers the same once more
        if others:
            raise SettingError(
                f"{name!r} in {self.namespace[-1]} is taken by {', '.join(sorted(others))}. Register {_address(func)} "
                "under another name, or a higher version."
            )
        self._homes[name] = home
        return super().register(name, func=func)


architectures = Slot(("spacy_sgns", "architectures"))
objectives = Slot(("spacy_sgns", "objectives"))
weightings = Slot(("spacy_sgns", "weightings"))
noises = Slot(("spacy_sgns", "noises"))
formats = Slot(("spacy_sgns", "formats"))
MAIN = {"__main__", "__mp_main__"}  # the program that was started, also as `multiprocessing` runs it in its processes
SLOTS = {
    "architecture": architectures,
    "objective": objectives,
    "weighting": weightings,
    "noise": noises,
    "format": formats,
}


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

        It is made once, so that it can check its own settings. Raises SettingError if nothing of that name is
        registered or it does not take these settings.
        """
        choice = cls(slot, _newest(slot, name), dict(settings or {}))
        choice._check_names()
        choice.make()
        choice._check_plain()
        return choice

    def make(self) -> Any:
        """Return what the registered factory makes with these settings. Raises SgnsError."""
        factory = self._factory()
        try:
            return factory(**self.settings)
        except SgnsError:
            raise
        except (TypeError, ValueError) as error:
            raise SettingError(f"{self.slot} {self.name} does not take {dict(self.settings)}: {error}.") from error

    def _factory(self) -> Callable[..., Any]:
        try:
            return SLOTS[self.slot].get(self.name)
        except Exception as error:  # whatever the module of another package does when it is imported
            raise SgnsError(f"{self.slot} {self.name} cannot be loaded: {type(error).__name__}: {error}") from error

    def _check_names(self) -> None:
        """Raise SettingError for a setting that the factory has no parameter for."""
        parameters = inspect.signature(self._factory()).parameters
        if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            return
        known = [name for name in parameters if name != "name"]  # which is the alternative's
        for key in self.settings:
            if key not in known:
                hint = closest(str(key), known) or f"It has {', '.join(known) or 'no settings of its own'}."
                raise SettingError(f"{self.slot} {self.name} has no setting {key!r}. {hint}")

    def _check_plain(self) -> None:
        """Raise SettingError for a value that cannot stand in a config or a report."""
        try:
            json.dumps(dict(self.settings))
        except (TypeError, ValueError) as error:
            wanted = "numbers, text, lists and the like"
            raise SettingError(f"The settings of {self.slot} {self.name} must be {wanted}: {error}.") from error


def names(slot: str) -> list[str]:
    """Return the registered names of a slot, sorted, without importing what entry points advertise."""
    registry = SLOTS[slot]
    advertised = {entry.name for entry in entry_points(group=registry.entry_point_namespace)}
    registered = {path[-1] for path in catalogue.REGISTRY if path[:-1] == registry.namespace}
    return sorted(advertised | registered)


def unversioned(name: str) -> str:
    """Return a registered name without its version, `skipgram` of `skipgram.v1`."""
    return re.sub(r"\.v\d+$", "", name)


def _newest(slot: str, name: str) -> str:
    """Return a registered name, or the one with the highest version where `name` has none."""
    known = names(slot)
    versions = [k for k in known if k == name or re.fullmatch(re.escape(str(name)) + r"\.v\d+", k)]
    if not known:
        raise SettingError(f"No {slot} is registered: spacy_sgns is not installed. Run pip install spacy-sgns.")
    if not versions:
        hint = closest(unversioned(str(name)), dict.fromkeys(map(unversioned, known)))
        raise SettingError(f"Unknown {slot} {name!r}. Registered: {', '.join(known)}. {hint}".rstrip())
    found = name if name in versions else max(versions, key=lambda k: int(k.rsplit(".v", 1)[1]))
    owners = SLOTS[slot].owners(found)
    if len(owners) > 1:
        raise SettingError(
            f"{slot} {found} is there more than once: {', '.join(sorted(owners))}. Uninstall all but one."
        )
    return found


def _home(frame: FrameType | None) -> str:
    """Return the name of the module that runs in a frame, its path where no import finds it, or "" if none could."""
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] == "catalogue":
        frame = frame.f_back
    place: Mapping[str, Any] = frame.f_globals if frame else {}
    name, path = str(place.get("__name__")), place.get("__file__")
    if name in MAIN:
        return ""
    if getattr(sys.modules.get(name), "__dict__", None) is place:
        return name
    return str(Path(path).absolute()) if path else ""


def _address(factory: Any) -> str:
    return f"{getattr(factory, '__module__', '')}:{getattr(factory, '__qualname__', repr(factory))}"
