"""Optional packages that only pictures need."""

from collections.abc import Iterator
from contextlib import contextmanager

from spacy_sgns.errors import SgnsError

PLOT = "'spacy-sgns[plot]'"
UMAP = "'spacy-sgns[umap]'"


@contextmanager
def extra(package: str, requirement: str = PLOT, *, instead: str = "") -> Iterator[None]:
    """Allow imports of an optional package in this block. instead: what the user can do without the package.

    Raises SgnsError with the command that installs the package if it is missing.
    """
    try:
        yield
    except ImportError as error:
        alternative = f", or {instead}" if instead else ""
        raise SgnsError(
            f"{package} is needed and not installed ({error}). pip install {requirement}{alternative}."
        ) from error
