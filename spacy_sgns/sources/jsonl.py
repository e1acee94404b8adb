"""Files with a JSON object per line, `.jsonl`; a text is a field of an object."""

import json
from collections.abc import Iterator
from typing import Any

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.decoding import SURROGATE
from spacy_sgns.sources.fields import MissingTexts, field_value
from spacy_sgns.sources.lines import decoded_blocks, lines
from spacy_sgns.sources.readers import ReadOptions, TextFile
from spacy_sgns.sources.splitting import Piece, split
from spacy_sgns.sources.stats import Stats, Warn

MAX_RECORD_CHARS = 1 << 24  # a record has to be in memory as a whole


def jsonl_v1() -> "JsonLinesReader":
    """Return the reader of files with a JSON object per line (`.jsonl`), registered as `jsonl.v1`."""
    return JsonLinesReader()


class JsonLinesReader:
    """Reads one text from each line."""

    endings = (".jsonl",)
    max_line_bytes = 1 << 26  # part of a record is not valid JSON

    def pieces(self, file: TextFile, options: ReadOptions, warn: Warn, stats: Stats) -> Iterator[Piece]:
        """Yield the texts of a file, long ones in several pieces. Raises SgnsError if the file cannot be read.

        stats: counts `lines_blank` and `texts_missing`, which are skipped.
        """
        return record_pieces(decoded_blocks(file, options, stats), file, options.field, warn, stats)


def record_pieces(blocks: Iterator[str], file: TextFile, field: str, warn: Warn, stats: Stats) -> Iterator[Piece]:
    """Yield the texts of JSON lines; warn of lines without text. Raises SgnsError as `JsonLinesReader.pieces` does."""
    missing = MissingTexts(field, stats)
    if not file.from_start:
        missing.found()  # a part of a file may have none
    for number, line in enumerate(_whole_lines(blocks, file), 1):
        if not line.strip():
            stats["lines_blank"] += 1
            continue
        place = f"{file.label}, line {number}"
        record = _record(line, place)
        text = field_value(record, field)
        if isinstance(text, str):
            missing.found()
            _check_unicode(line, text, place)
            yield from split(text)
        else:
            missing.skip(record, place)
    missing.check()
    if missing.number:
        warn(
            f"Lines without text in the field {field!r} that were skipped in {file.label}: {missing.number:,}. The "
            f"first is {missing.first_place.removeprefix(f'{file.label}, ')}."
        )


def holds_records(block: str) -> bool:
    """Return whether the first line of a text is a JSON object."""
    try:
        return isinstance(json.loads(block.lstrip().partition("\n")[0]), dict)
    except (ValueError, RecursionError):
        return False


def _whole_lines(blocks: Iterator[str], file: TextFile) -> Iterator[str]:
    """Yield whole lines. Raises SgnsError for one that is too long."""
    parts: list[str] = []
    number, size = 1, 0
    for part, last in lines(blocks):
        parts.append(part)
        size += len(part)
        if size > MAX_RECORD_CHARS:
            raise SgnsError(
                f"{file.label}, line {number}: the line has more than {MAX_RECORD_CHARS:,} characters, the maximum. "
                "Split the text over several lines, or give it as a .txt file."
            )
        if last:
            yield "".join(parts)
            parts, number, size = [], number + 1, 0


def _record(line: str, place: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SgnsError(f"{place}: not valid JSON: {getattr(error, 'msg', error)}.") from error


def _check_unicode(line: str, text: str, place: str) -> None:
    """Raise SgnsError for half of a surrogate pair; unescaped it would not be valid UTF-8."""
    if "\\u" in line and (half := SURROGATE.search(text)):
        raise SgnsError(
            f"{place}: {half[0]!a} is half of a surrogate pair, from a text that was cut within a character. Repair "
            "that line."
        )
