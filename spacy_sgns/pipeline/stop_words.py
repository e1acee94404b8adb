"""The stop words of a pipeline's language."""

from collections.abc import Set
from pathlib import Path

import srsly
from spacy.util import get_lang_class, get_package_path, is_package


def stop_words(name: str) -> Set[str]:
    """Return the stop words of the language of a pipeline, by name or path; none for a file or an unknown language."""
    path = get_package_path(name) if is_package(name) else Path(name)
    try:
        lang = srsly.read_json(path / "meta.json")["lang"]
        return get_lang_class(lang).Defaults.stop_words
    except (OSError, ValueError, KeyError, TypeError, ImportError):
        return frozenset()
