"""Files with a JSON object per line, `.jsonl`; a text is a field of an object."""

import json
from collections.abc import Iterator

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.decoding import SURROGATE
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

        stats: counts `lines_blank`, which are skipped.
        """
        for number, record in enumerate(_records(file, options, stats), 1):
            if record.strip():
                yield from split(_text(record, options.field, f"{file.label}, line {number}"))
            else:
                stats["lines_blank"] += 1


def _records(file: TextFile, options: ReadOptions, stats: Stats) -> Iterator[str]:
    """Yield whole lines. Raises SgnsError for one that is too long."""
    parts: list[str] = []
    number, size = 1, 0
    for part, last in lines(decoded_blocks(file, options, stats)):
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


def _text(record: str, field: str, place: str) -> str:
    try:
        found = json.loads(record)
    except (ValueError, RecursionError) as error:
        raise SgnsError(f"{place}: not valid JSON: {getattr(error, 'msg', error)}.") from error
    if not isinstance(found, dict) or not isinstance(found.get(field), str):
        has = ", ".join(found) if isinstance(found, dict) else type(found).__name__
        raise SgnsError(f"{place}: expected an object with text in the field {field!r}, got {has[:200]}.")
    text = str(found[field])
    if "\\u" in record and (half := SURROGATE.search(text)):  # unescaped it would not be valid UTF-8
        raise SgnsError(
            f"{place}: {half[0]!a} is half of a surrogate pair, from a text that was cut within a character. Repair "
            "that line."
        )
    return text
