"""Our registries, as spaCy's configs see them: `@sgns_architectures` and its like resolve to a `Choice`.

A block in a config then stays a name with settings, which can be written down again, until training makes it.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import catalogue
import spacy

from spacy_sgns.registry import SLOTS, Choice
from spacy_sgns.settings import Settings

BOUND = {
    "sgns_architectures": "architecture",
    "sgns_objectives": "objective",
    "sgns_weightings": "weighting",
    "sgns_noises": "noise",
}


class ChoiceRegistry(catalogue.Registry):
    """A registry whose functions return the choice of an alternative, instead of the alternative."""

    def __init__(self, slot: str) -> None:
        super().__init__(SLOTS[slot].namespace, entry_points=True)
        self.slot = slot

    def get(self, name: str) -> Callable[..., Choice]:
        """Return a function with the parameters of the factory registered as `name`."""
        return self._chooser(name, super().get(name))

    def get_all(self) -> dict[str, Callable[..., Choice]]:
        """Return such a function for each registered name."""
        return {name: self._chooser(name, factory) for name, factory in super().get_all().items()}

    def _chooser(self, name: str, factory: Callable[..., Any]) -> Callable[..., Choice]:
        @wraps(factory)
        def choose(**settings: Any) -> Choice:
            return Choice(self.slot, name, settings)

        return choose


def bind() -> None:
    """Make our registries known to spaCy; again is harmless."""
    for name, slot in BOUND.items():
        if not hasattr(spacy.registry, name):
            setattr(spacy.registry, name, ChoiceRegistry(slot))


def as_config(settings: Settings) -> dict[str, Any]:
    """Return settings as the block `[components.sgns]`, without its factory."""
    block = {**settings.as_dict(), "workers": "auto"}  # how many is no matter of the pipeline, but of a machine
    for registry, slot in BOUND.items():
        choice: Choice = getattr(settings, slot)
        block[slot] = {f"@{registry}": choice.name, **choice.settings}
    return block


def settings_from_config(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values for `Settings.of` that a block gives; alternatives may stand there by `@` and name."""
    values = dict(block)
    for registry, slot in BOUND.items():
        own = values.get(slot)
        if isinstance(own, Mapping) and f"@{registry}" in own:
            values[slot] = {"name": own[f"@{registry}"], **{k: v for k, v in own.items() if not k.startswith("@")}}
    return values
