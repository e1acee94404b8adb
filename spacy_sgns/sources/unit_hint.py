"""A hint for a folder of documents, each of whose lines would be a text of its own."""

from collections.abc import Sequence
from itertools import islice

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.readers import SourceFile, TextFile
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.text import TextFileReader

MIN_FILES = 20  # fewer are hardly one document each
CHECKED_FILES = 20  # spread over all
MIN_LINES, MAX_LINES = 1.5, 100  # per file on average; a file with more lines is a collection


def unit_hint(source: Source, files: Sequence[SourceFile]) -> str:
    """Return a hint at `--unit file` if the files of a source look like documents of several lines; "" if not."""
    texts = [file for file in files if isinstance(file, TextFile) and isinstance(file.reader, TextFileReader)]
    if source.unit != "line" or len(texts) < MIN_FILES:
        return ""
    try:
        lines = [_lines(source, file) for file in texts[:: len(texts) // CHECKED_FILES]]
    except SgnsError:
        return ""  # errors in files are reported when the whole corpus is read
    mean = sum(lines) / len(lines)
    if not MIN_LINES <= mean <= MAX_LINES:
        return ""
    return (
        f"Each line of the {len(texts):,} text files is a text of its own, about {mean:.0f} in a file. To make one "
        "text of each file, give --unit file."
    )


def _lines(source: Source, file: TextFile) -> int:
    """Return the number of lines with text, as far as it matters."""
    pieces = source.pieces(file, lambda text: None)
    return sum(last for _, last in islice(pieces, 10 * MAX_LINES))
