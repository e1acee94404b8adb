"""Lines to texts: what one text of a plain text file is."""

from collections.abc import Iterator

from spacy_sgns.sources import splitting
from spacy_sgns.sources.splitting import Piece, split
from spacy_sgns.sources.stats import Stats


def by_line(lines: Iterator[Piece], stats: Stats) -> Iterator[Piece]:
    """Yield each line as a text. stats: counts `lines_blank`, which are skipped."""
    started = False
    for line, last in lines:
        started = started or bool(line.strip())
        if started:
            yield Piece(line, last)
        elif last:
            stats["lines_blank"] += 1
        started = started and not last


def by_paragraph(lines: Iterator[Piece], stats: Stats) -> Iterator[Piece]:
    """Yield each run of lines between blank lines as a text."""
    return _joined(lines, ends_at_blank=True)


def by_file(lines: Iterator[Piece], stats: Stats) -> Iterator[Piece]:
    """Yield the whole file as one text."""
    return _joined(lines, ends_at_blank=False)


def _joined(lines: Iterator[Piece], *, ends_at_blank: bool) -> Iterator[Piece]:
    """Yield the pieces of texts that consist of several lines, without the blank lines before a text."""
    parts: list[str] = []
    size, line_begins = 0, True
    for line, last in lines:
        blank = line_begins and last and not line.strip()
        if blank and ends_at_blank and parts:
            yield Piece("".join(parts), True)
            parts, size = [], 0
        elif parts or line.strip():
            parts += [line, "\n"] if last else [line]
            size += len(line) + last
        if size > splitting.MAX_PIECE_CHARS:
            *full, (rest, _) = split("".join(parts))
            yield from full
            parts, size = [rest], len(rest)
        line_begins = last
    if parts:
        yield Piece("".join(parts), True)


UNITS = {"line": by_line, "paragraph": by_paragraph, "file": by_file}
