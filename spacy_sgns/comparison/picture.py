"""Pictures of a comparison, by the ending of the file."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from spacy_sgns.comparison.chart import chart_writer
from spacy_sgns.comparison.page import page_writer
from spacy_sgns.comparison.result import Comparison
from spacy_sgns.errors import SettingError

Writer: TypeAlias = Callable[[Comparison, Path], None]
WRITERS: dict[str, Callable[[], Writer]] = {".html": page_writer, ".png": chart_writer, ".svg": chart_writer}


def picture_writer(path: Path) -> Writer:
    """Return what writes a comparison to a file with such an ending; the file is there whole or not at all.

    Raises SettingError for any other ending, and SgnsError if what it takes is not installed.
    """
    make = WRITERS.get(path.suffix.lower())
    if make is None:
        raise SettingError(f"A picture has a name that ends in {', '.join(WRITERS)}, got {str(path)!r}.")
    return make()
