"""Packages that only pictures need, so that nobody else has to install them."""

from collections.abc import Iterator
from contextlib import contextmanager

from spacy_sgns.errors import SgnsError


@contextmanager
def extra(package: str, install: str = "'spacy-sgns[plot]'", *, instead: str = "") -> Iterator[None]:
    """Import in this block what a package has. instead: what can be done without it.

    Raises SgnsError where it is missing, with the command that installs it.
    """
    try:
        yield
    except ImportError as error:
        way_out = f", or {instead}" if instead else ""
        raise SgnsError(f"This takes {package}, which is missing ({error}). pip install {install}{way_out}.") from error
