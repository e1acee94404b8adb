"""Registries of alternatives, open to other packages by entry points.

`architectures` form training examples, `objectives` compute the loss, `weightings` weight context words by distance,
`noises` are the distributions of noise words, `sources` read files of texts, and `formats` read and write files of
vectors. The interface of an
alternative is a Protocol in the room that uses it. The built-in alternatives are advertised by entry points, as those
of any other package (groups `spacy_sgns_architectures`, `spacy_sgns_objectives` and so on).
"""

import inspect
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import entry_points
from typing import Any

import catalogue

from spacy_sgns.errors import SettingError, SgnsError, closest


class Slot(catalogue.Registry):  # type: ignore[misc]
    """The registry of one kind of alternative. A registered name cannot be taken by another factory."""

    def register(self, name: str, *, func: Callable[..., Any] | None = None) -> Any:
        """Register a factory, as a decorator or with `func`. Raises SettingError if another factory has the name."""
        return partial(self._register, name) if func is None else self._register(name, func)

    def registered(self, name: str) -> Callable[..., Any] | None:
        """Return the factory that was registered under a name in this process, or None."""
        return catalogue.REGISTRY.get((*self.namespace, name))

    def owners(self, name: str) -> set[str]:
        """Return `module:qualname` of each factory that is registered or advertised under a name."""
        factory = self.registered(name)
        return self.advertised(name) | ({_address(factory)} if factory else set())

    def advertised(self, name: str) -> set[str]:
        """Return `module:qualname` of each factory that an installed package advertises under a name."""
        return {entry.value.replace(" ", "") for entry in entry_points(group=self.entry_point_namespace, name=name)}

    def _register(self, name: str, func: Callable[..., Any]) -> Any:
        others = self.owners(name) - {_address(func)}  # running a notebook cell again registers its factory again
        if others:
            raise SettingError(
                f"{name!r} in {self.namespace[-1]} is taken by {', '.join(sorted(others))}. Register {_address(func)} "
                "under another name, or a higher version."
            )
        return super().register(name, func=func)


architectures = Slot(("spacy_sgns", "architectures"), entry_points=True)
objectives = Slot(("spacy_sgns", "objectives"), entry_points=True)
weightings = Slot(("spacy_sgns", "weightings"), entry_points=True)
noises = Slot(("spacy_sgns", "noises"), entry_points=True)
sources = Slot(("spacy_sgns", "sources"), entry_points=True)
formats = Slot(("spacy_sgns", "formats"), entry_points=True)
SLOTS = {
    "architecture": architectures,
    "objective": objectives,
    "weighting": weightings,
    "noise": noises,
    "source": sources,
    "format": formats,
}


@dataclass(frozen=True)
class Choice:
    """The name of an alternative with its own settings; plain data that can be written to files.

    slot: a key of `SLOTS`. name: the registered name, with its version.
    """

    slot: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, slot: str, name: str, settings: Mapping[str, Any] | None = None) -> "Choice":
        """Return the choice of a name: `skipgram.v1`, or `skipgram` for its newest version.

        The alternative is made once, so that it can check its own settings. Raises SettingError if the name is not
        registered, or if the alternative rejects the settings.
        """
        choice = cls(slot, _newest(slot, name), dict(settings or {}))
        choice._check_names()
        choice.make()
        choice._check_plain()
        return choice

    def make(self) -> Any:
        """Return the alternative that the registered factory makes with these settings. Raises SgnsError."""
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
        except Exception as error:  # whatever the module of another package raises
            raise SgnsError(f"{self.slot} {self.name} cannot be loaded: {type(error).__name__}: {error}") from error

    def _check_names(self) -> None:
        """Raise SettingError for a setting that is not a parameter of the factory."""
        parameters = inspect.signature(self._factory()).parameters
        if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            return
        known = [name for name in parameters if name != "name"]  # `name` is the name of the alternative
        for key in self.settings:
            if key not in known:
                hint = closest(str(key), known) or f"It has {', '.join(known) or 'no settings of its own'}."
                raise SettingError(f"{self.slot} {self.name} has no setting {key!r}. {hint}")

    def _check_plain(self) -> None:
        """Raise SettingError for a value that cannot be written to a config or a report."""
        try:
            json.dumps(dict(self.settings))
        except (TypeError, ValueError) as error:
            wanted = "numbers, text, lists and the like"
            raise SettingError(f"The settings of {self.slot} {self.name} must be {wanted}: {error}.") from error


def names(slot: str) -> list[str]:
    """Return the registered and advertised names of a slot, sorted; no entry point is loaded."""
    registry = SLOTS[slot]
    advertised = {entry.name for entry in entry_points(group=registry.entry_point_namespace)}
    registered = {path[-1] for path in catalogue.REGISTRY if path[:-1] == registry.namespace}
    return sorted(advertised | registered)


def unversioned(name: str) -> str:
    """Return a registered name without its version: `skipgram` for `skipgram.v1`."""
    return re.sub(r"\.v\d+$", "", name)


def _newest(slot: str, name: str) -> str:
    """Return `name` if it is registered, or the registered name with its highest version."""
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
            f"{slot} {found} is provided more than once: {', '.join(sorted(owners))}. Uninstall all but one."
        )
    return found


def _address(factory: Any) -> str:
    return f"{getattr(factory, '__module__', '')}:{getattr(factory, '__qualname__', repr(factory))}"
