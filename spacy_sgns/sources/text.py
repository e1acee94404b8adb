"""Plain text files, `.txt`; a text is a line, a paragraph or a file."""

from collections.abc import Iterator
from itertools import chain, pairwise

from spacy_sgns.sources.compression import STANDARD_INPUT
from spacy_sgns.sources.jsonl import holds_records, record_pieces
from spacy_sgns.sources.lines import decoded_blocks, lines
from spacy_sgns.sources.readers import ReadOptions, TextFile
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.sources.stats import Stats, Warn
from spacy_sgns.sources.units import UNITS

CHECKED_LINES = 500
MIN_CHECKED_LINES = 20
SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "।", "۔", "؟")


def text_v1() -> "TextFileReader":
    """Return the reader of plain text files (`.txt`), registered as `text.v1`."""
    return TextFileReader()


class TextFileReader:
    """Reads plain text."""

    endings = (".txt",)
    max_line_bytes = 0

    def pieces(self, file: TextFile, options: ReadOptions, warn: Warn, stats: Stats) -> Iterator[Piece]:
        """Yield the texts of a file, long ones in several pieces. Raises SgnsError if the file cannot be read.

        Standard input whose first line is a JSON object is read as JSON lines, unless `options.source` is set.
        """
        blocks = decoded_blocks(file, options, stats)
        if file.path == STANDARD_INPUT and not options.source:
            first = next(blocks, "")
            blocks = chain([first], blocks)
            if holds_records(first):
                warn(
                    f"{file.label} is read as JSON lines, field {options.field!r}, because its first line is a JSON "
                    "object. To read it as plain text, give --source text."
                )
                yield from record_pieces(blocks, file, options.field, warn, stats)
                return
        if options.unit == "line":
            blocks = _checked(blocks, file, warn)
        yield from UNITS[options.unit](lines(blocks), stats)


def looks_wrapped(lines: list[str]) -> bool:
    """Return whether the first lines of a file look like paragraphs wrapped at a fixed width."""
    running = [line for line, following in pairwise(lines) if line.strip() and following.strip()]
    if len(running) < MIN_CHECKED_LINES:
        return False
    lengths = sorted(len(line) for line in running)
    widest = lengths[int(0.95 * len(lengths))]
    finished = sum(line.rstrip().endswith(SENTENCE_ENDS) for line in running)
    return 20 <= widest <= 100 and lengths[len(lengths) // 2] > 0.75 * widest and finished < len(running) / 2


def _checked(blocks: Iterator[str], file: TextFile, warn: Warn) -> Iterator[str]:
    """Yield the blocks; warn if the first one looks hard-wrapped, or like JSON."""
    first = next(blocks, "")
    if first.startswith('{"'):
        warn(
            f"{file.label} looks like JSON, but is read as text, field names included. To read JSON lines, give "
            "--source jsonl."
        )
    elif looks_wrapped(first.split("\n", CHECKED_LINES)[:CHECKED_LINES]):
        warn(f"{file.label} looks hard-wrapped, and each line counts as a text of its own: try --unit paragraph.")
    yield first
    yield from blocks
