"""Choosing what to write by the ending of a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from spacy_sgns.errors import SettingError

Writer = TypeVar("Writer")


def by_ending(writers: Mapping[str, Writer], output: Path) -> Writer:
    """Return the writer for the ending of a path, the longest that fits. Raises SettingError if there is none."""
    fitting = [ending for ending in writers if output.name[1:].lower().endswith(ending)]
    if not fitting:
        raise SettingError(f"A picture's name must end in one of {', '.join(writers)}; got {str(output)!r}.")
    return writers[max(fitting, key=len)]
