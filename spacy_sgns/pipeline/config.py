"""Registries for spaCy's configs: blocks such as `@sgns_architectures` resolve to a `Choice`.

A choice is a name with parameters, so spaCy can save it in a config. Training calls the registered factory.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import catalogue
import spacy

from spacy_sgns.registry import SLOTS, Choice
from spacy_sgns.settings import Settings

SLOT_OF_REGISTRY = {
    "sgns_architectures": "architecture",
    "sgns_objectives": "objective",
    "sgns_weightings": "weighting",
    "sgns_noises": "noise",
}


class ChoiceRegistry(catalogue.Registry):
    """A registry that returns the choice of a registered factory instead of calling the factory."""

    def __init__(self, slot: str) -> None:
        super().__init__(SLOTS[slot].namespace, entry_points=True)
        self.slot = slot

    def get(self, name: str) -> Callable[..., Choice]:
        """Return a function that has the parameters of the factory registered as `name` and returns its choice."""
        return self._chooser(name, super().get(name))

    def get_all(self) -> dict[str, Callable[..., Choice]]:
        """Return the function of `get` for each registered name."""
        return {name: self._chooser(name, factory) for name, factory in super().get_all().items()}

    def _chooser(self, name: str, factory: Callable[..., Any]) -> Callable[..., Choice]:
        @wraps(factory)
        def choose(**settings: Any) -> Choice:
            return Choice(self.slot, name, settings)

        return choose


def register() -> None:
    """Add the registries to spaCy's; a repeated call has no effect."""
    for name, slot in SLOT_OF_REGISTRY.items():
        if not hasattr(spacy.registry, name):
            setattr(spacy.registry, name, ChoiceRegistry(slot))


def as_config(settings: Settings) -> dict[str, Any]:
    """Return settings as the block `[components.sgns]` of a config, without its factory."""
    block = {**settings.as_dict(), "workers": "auto"}  # the number depends on the machine, not on the pipeline
    for registry, slot in SLOT_OF_REGISTRY.items():
        choice: Choice = getattr(settings, slot)
        block[slot] = {f"@{registry}": choice.name, **choice.settings}
    return block


def settings_from_config(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a config block for `Settings.of`; a slot may be a block with `@` and a registered name."""
    values = dict(block)
    for registry, slot in SLOT_OF_REGISTRY.items():
        own = values.get(slot)
        if isinstance(own, Mapping) and f"@{registry}" in own:
            values[slot] = {"name": own[f"@{registry}"], **{k: v for k, v in own.items() if not k.startswith("@")}}
    return values
