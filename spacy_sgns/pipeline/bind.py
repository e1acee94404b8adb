"""Our registries, as spaCy's configs see them: `@sgns_architectures` and `@sgns_objectives` resolve to a `Choice`.

A block in a config then stays a name with settings, which can be written down again, until training makes it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import catalogue
import spacy

from spacy_sgns.registry import SLOTS, Choice

BOUND = {"sgns_architectures": "architecture", "sgns_objectives": "objective"}


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
