"""A comparison as a page for a browser: one file that asks for no other, without a script."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import zip_longest
from pathlib import Path

from spacy_sgns.comparison.neighbours import Neighbours
from spacy_sgns.comparison.result import METHOD, Comparison, Counted, Moved, cells, columns, summary, written
from spacy_sgns.comparison.scatter import scatter
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
.usual { fill: none; stroke: var(--text); stroke-width: 1.5; }
.leader { stroke: var(--moved); stroke-width: 0.7; }
.r2 { fill: var(--others); fill-opacity: 0.45; }
.r4 { fill: var(--moved); }
"""
SAFE = "default-src 'none'; style-src 'unsafe-inline'"  # the browser itself lets the page ask for nothing
JOINERS = "\u200c\u200d"  # not seen, but part of how some scripts are written


def page_writer() -> Callable[[Comparison, Path], None]:
    """Return `write_page`."""
    return write_page


def write_page(found: Comparison, path: Path) -> None:
    """Write a comparison as an HTML file."""
    with written_beside(path) as beside:
        beside.write_text(page(found), encoding="utf8")


def page(found: Comparison) -> str:
    """Return a comparison as HTML, which is also well-formed XML."""
    a, b = map(shown, found.names)
    parts = [
        f"<h1>{a} and {b}</h1>",
        f"<p>{shown(summary(found))}</p>",
        *(f"<p><strong>{shown(note)}</strong></p>" for note in found.notes),
        "<h2>How far words moved</h2>",
        scatter(found.cloud, [one.word for one in found.moved], shown),
        _moved_table(found.moved, found.names),
        f'<p class="faint">{" ".join(map(shown, METHOD))}</p>',
        "<h2>Neighbours</h2>",
        '<p class="faint">Among the words that are compared, those that both sides name are marked; beside them, '
        "faint, among all words of each side. Overlap: neighbours that both name, of those that either names.</p>",
        *(_neighbours(one, moved, found.names) for one, moved in zip(found.neighbours, found.asked, strict=True)),
        *(("<h2>Words of one side alone</h2>", _only(found.only, found.names)) if any(found.only) else ()),
    ]
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
        f'<meta http-equiv="Content-Security-Policy" content="{SAFE}" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{a} and {b}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def shown(text: str) -> str:
    """Return a text that means nothing but its letters in HTML."""
    return escape(printable(text))


def printable(text: str) -> str:
    """Return a text with a sign in place of each letter that cannot be shown, or steers how others are."""
    return "".join(letter if letter.isprintable() or letter in JOINERS else "\ufffd" for letter in text)


def _moved_table(moved: Sequence[Moved], names: tuple[str, str]) -> str:
    return _table(["word", *columns(names)], [[_word(one.word), *cells(one)] for one in moved], "l" + "r" * 7)


def _neighbours(one: Neighbours, moved: Moved | None, names: tuple[str, str]) -> str:
    far = f"; displacement {moved.displacement:.3f}, percentile {moved.percentile:.1f}" if moved else ""
    header = [names[0], "cosine", names[1], "cosine", f"all of {names[0]}", f"all of {names[1]}"]
    rows = [
        [*_scored(a, one.common), *_scored(b, one.common), _faint(whole_a), _faint(whole_b)]
        for a, b, whole_a, whole_b in zip_longest(*one.shared, *one.plain)
    ]
    return f"<h3>{_word(one.word)}</h3>\n<p>Overlap {one.overlap:.2f}{far}</p>\n" + _table(header, rows, "lrlrll")


def _only(only: tuple[Counted, Counted], names: tuple[str, str]) -> str:
    header = [f"only in {names[0]}", "count", f"only in {names[1]}", "count"]
    rows = [
        [*(cell for side in both for cell in ((_word(side[0]), written(side[1])) if side else ("", "")))]
        for both in zip_longest(*only)
    ]
    return _table(header, rows, "lrlr")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], aligns: str) -> str:
    """Return a table. header: texts. rows: HTML."""
    kinds = [' class="number"' if align == "r" else "" for align in aligns]
    head = "".join(f"<th{kind}>{shown(text)}</th>" for kind, text in zip(kinds, header, strict=True))
    lines = ("".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) for row in rows)
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
    """Return a word whose direction of writing stays its own."""
    return f"<bdi>{shown(word)}</bdi>"
