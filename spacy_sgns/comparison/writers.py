"""Writers of pictures of a comparison, by the ending of the file."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from spacy_sgns.comparison.chart import check_matplotlib, write_chart
from spacy_sgns.comparison.page import write_page
from spacy_sgns.comparison.result import Comparison
from spacy_sgns.drawing.endings import by_ending

WriteComparison: TypeAlias = Callable[[Comparison, Path], None]
WRITERS: dict[str, WriteComparison] = {".html": write_page, ".png": write_chart, ".svg": write_chart}


def writer_for(path: Path) -> WriteComparison:
    """Return the function that writes a comparison to a file with this ending.

    Raises SettingError for an unknown ending, and SgnsError if a package that it needs is not installed.
    """
    write = by_ending(WRITERS, path)
    if write is write_chart:
        check_matplotlib()
    return write
