"""A comparison as an HTML page: a single file without scripts that requests nothing from the network."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from spacy_sgns.comparison.neighbours import Neighbours
from spacy_sgns.comparison.result import (
    EXPLANATION,
    Comparison,
    CountedWords,
    MovedWord,
    format_count,
    moved_cells,
    moved_header,
    summary,
)
from spacy_sgns.comparison.scatter import scatter_svg
from spacy_sgns.drawing.text import escaped
from spacy_sgns.system.files import written_beside
from spacy_sgns.vectors.word_vectors import ScoredWord

STYLE = """
:root { color-scheme: light dark; --text: #1f2328; --faint: #59636e; --line: #d1d9e0; --page: #ffffff;
  --moved: #c2410c; --others: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9198a1; --line: #3d444d; --page: #0d1117;
  --moved: #ff922b; --others: #818b98; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0.8rem 0.15rem 0; text-align: left; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--faint); vertical-align: bottom; }
.number { text-align: right; }
.both { font-weight: 600; color: var(--moved); }
.faint { color: var(--faint); }
svg { width: 100%; height: auto; }
svg text { fill: var(--faint); font: 12px system-ui, sans-serif; }
svg .name { fill: var(--text); }
.grid { stroke: var(--line); }
.median { fill: none; stroke: var(--text); stroke-width: 1.5; }
.leader { stroke: var(--moved); stroke-width: 0.7; }
.r2 { fill: var(--others); fill-opacity: 0.45; }
.r4 { fill: var(--moved); }
"""
NEIGHBOURS_EXPLANATION = (
    "Nearest neighbours among the words that are compared, those on both sides highlighted; on the right, among all "
    "words of each side. Overlap: the number of neighbours on both sides, divided by the number on either side."
)
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # the browser blocks all requests


def write_page(comparison: Comparison, path: Path) -> None:
    """Write a comparison as an HTML file."""
    with written_beside(path) as beside:
        beside.write_text(page(comparison), encoding="utf8")


def page(comparison: Comparison) -> str:
    """Return a comparison as HTML that is also well-formed XML."""
    title = " and ".join(map(escaped, comparison.names))
    body = "\n".join(_body(comparison, title))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(comparison: Comparison, title: str) -> Iterator[str]:
    """Yield the elements of the page. title: HTML."""
    yield f"<h1>{title}</h1>"
    yield f"<p>{escaped(summary(comparison))}</p>"
    for note in comparison.notes:
        yield f"<p><strong>{escaped(note)}</strong></p>"
    yield "<h2>Displacement of words</h2>"
    yield scatter_svg(comparison.displacements, [moved.word for moved in comparison.moved])
    yield _moved_table(comparison.moved, comparison.names)
    yield f'<p class="faint">{" ".join(map(escaped, EXPLANATION))}</p>'
    yield "<h2>Neighbours</h2>"
    yield f'<p class="faint">{NEIGHBOURS_EXPLANATION}</p>'
    for neighbours, moved in zip(comparison.neighbours, comparison.queries, strict=True):
        yield _neighbours(neighbours, moved, comparison.names)
    if any(comparison.only):
        yield "<h2>Words on one side only</h2>"
        yield _only(comparison.only, comparison.names)


def _moved_table(words: Sequence[MovedWord], names: tuple[str, str]) -> str:
    rows = [[_word(moved.word), *moved_cells(moved)] for moved in words]
    return _table(["word", *moved_header(names)], rows, "l" + "r" * 7)


def _neighbours(neighbours: Neighbours, moved: MovedWord | None, names: tuple[str, str]) -> str:
    displacement = f"; displacement {moved.displacement:.3f}, percentile {moved.percentile:.1f}" if moved else ""
    header = [names[0], "cosine", names[1], "cosine", f"all of {names[0]}", f"all of {names[1]}"]
    rows = [
        [*_scored(a, neighbours.common), *_scored(b, neighbours.common), _faint(all_a), _faint(all_b)]
        for a, b, all_a, all_b in zip_longest(*neighbours.compared, *neighbours.all)
    ]
    heading = f"<h3>{_word(neighbours.word)}</h3>\n<p>Overlap {neighbours.overlap:.2f}{displacement}</p>\n"
    return heading + _table(header, rows, "lrlrll")


def _only(only: tuple[CountedWords, CountedWords], names: tuple[str, str]) -> str:
    header = [f"only in {names[0]}", "count", f"only in {names[1]}", "count"]
    rows = [
        [*(cell for side in pair for cell in ((_word(side[0]), format_count(side[1])) if side else ("", "")))]
        for pair in zip_longest(*only)
    ]
    return _table(header, rows, "lrlr")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], aligns: str) -> str:
    """Return a table as HTML. header: plain texts. rows: HTML. aligns: `l` or `r` for each column."""
    classes = [' class="number"' if align == "r" else "" for align in aligns]
    head = "".join(f"<th{kind}>{escaped(text)}</th>" for kind, text in zip(classes, header, strict=True))
    lines = ("".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(classes, row, strict=True)) for row in rows)
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'


def _scored(pair: ScoredWord | None, common: set[str]) -> tuple[str, str]:
    if pair is None:
        return "", ""
    word = f'<span class="both">{_word(pair[0])}</span>' if pair[0] in common else _word(pair[0])
    return word, f"{pair[1]:.3f}"


def _faint(pair: ScoredWord | None) -> str:
    return f'<span class="faint">{_word(pair[0])}</span>' if pair else ""


def _word(word: str) -> str:
    """Return a word as HTML, isolated from the writing direction of the text around it."""
    return f"<bdi>{escaped(word)}</bdi>"
