"""Optional packages that only pictures need."""

from collections.abc import Iterator
from contextlib import contextmanager

from spacy_sgns.errors import SgnsError

PLOT = "plot"
UMAP = "umap"


@contextmanager
def extra(package: str, name: str = PLOT, *, instead: str = "") -> Iterator[None]:
    """Allow imports of an optional package in this block.

    name: of the extra that the package belongs to. instead: what the user can do without the package. Raises SgnsError
    with the command that installs the package if it is missing.
    """
    try:
        yield
    except ImportError as error:
        raise SgnsError(
            f"{package} is needed and not installed ({error}). {how_to_install(package, name)}"
            + (f", or {instead}." if instead else ".")
        ) from error


def how_to_install(package: str, name: str = PLOT) -> str:
    """Return the command that installs an optional package, wherever this package came from."""
    return f"Install it: python -m pip install {package} (the extra {name!r} includes it)"
