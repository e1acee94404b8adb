"""Writers of pictures of a comparison, by the ending of the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from spacy_sgns.comparison.chart import check_matplotlib, write_chart
from spacy_sgns.comparison.page import write_page
from spacy_sgns.comparison.sequence_chart import write_sequence_chart
from spacy_sgns.comparison.sequence_page import write_sequence_page
from spacy_sgns.drawing.endings import by_ending

WriteComparison: TypeAlias = Callable[[Any, Path], None]  # Comparison, or SequenceComparison of more sides
WRITERS: dict[str, WriteComparison] = {
    ".html": write_page,
    ".png": write_chart,
    ".svg": write_chart,
    ".pdf": write_chart,
}
SEQUENCE_WRITERS: dict[str, WriteComparison] = {
    ".html": write_sequence_page,
    ".png": write_sequence_chart,
    ".svg": write_sequence_chart,
    ".pdf": write_sequence_chart,
}


def writer_for(path: Path, sides: int = 2) -> WriteComparison:
    """Return the function that writes a comparison of this number of sides to a file with this ending.

    Raises SettingError for an unknown ending, and SgnsError if a package that it needs is not installed.
    """
    write = by_ending(WRITERS if sides == 2 else SEQUENCE_WRITERS, path)
    if write in (write_chart, write_sequence_chart):
        check_matplotlib()
    return write
