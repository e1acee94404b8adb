"""Word vectors for spaCy, trained in pure NumPy: skip-gram with negative sampling.

Importing this package loads neither NumPy nor spaCy: each public name is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy_sgns.comparison.compare import compare
    from spacy_sgns.errors import SgnsError, SgnsWarning, UnknownWord
    from spacy_sgns.pipeline.train import train
    from spacy_sgns.settings import Settings
    from spacy_sgns.vectors.word_vectors import WordVectors

__version__ = "0.1.0"
__all__ = ["Settings", "SgnsError", "SgnsWarning", "UnknownWord", "WordVectors", "compare", "train"]
LOCATIONS = {  # public name -> module
    "Settings": "settings",
    "SgnsError": "errors",
    "SgnsWarning": "errors",
    "UnknownWord": "errors",
    "WordVectors": "vectors.word_vectors",
    "compare": "comparison.compare",
    "train": "pipeline.train",
}


def __getattr__(name: str) -> Any:
    if name not in LOCATIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{LOCATIONS[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
