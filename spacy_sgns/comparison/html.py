"""Parts of the pages of comparisons: a single file without scripts that requests nothing from the network."""

from collections.abc import Iterable, Sequence

from spacy_sgns.drawing.text import escaped

STYLE = """
:root { color-scheme: light dark; --text: #1f2328; --faint: #59636e; --line: #d1d9e0; --page: #ffffff;
  --moved: #c2410c; --others: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9198a1; --line: #3d444d; --page: #0d1117;
  --moved: #ff922b; --others: #818b98; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
.scroll { overflow-x: auto; }
.beside { display: flex; flex-wrap: wrap; column-gap: 2rem; }
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
.narrow { display: none; }
@media (max-width: 40rem) {
  body { margin: 1rem auto; overflow-wrap: anywhere; }
  .wide { display: none; }
  .narrow { display: block; }
  th, td { padding-right: 0.5rem; }
  .cards thead { display: none; }
  .cards, .cards tbody { display: block; }
  .cards tr { display: grid; grid-template-columns: repeat(3, 1fr); column-gap: 0.5rem; padding: 0.5rem 0;
    border-bottom: 1px solid var(--line); }
  .cards td { border: 0; padding: 0.1rem 0; text-align: left; font-size: 14px; }
  .cards td:not(.number) { grid-column: 1 / -1; }
  .cards td:first-child { font-weight: 600; font-size: 15px; }
  .cards td[data-label]::before { content: attr(data-label); display: block; color: var(--faint); font-size: 12px; }
}
"""
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # the browser blocks all requests


def document(title: str, body: Iterable[str], style: str = "") -> str:
    """Return a page as HTML that is also well-formed XML. title: HTML. style: CSS after the common one."""
    content = "\n".join(body)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{title}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n"
        f"{content}\n</body>\n</html>\n"
    )


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]], aligns: str, *, cards: bool = False) -> str:
    """Return a table as HTML. header: plain texts. rows: HTML. aligns: `l` or `r` for each column.

    cards: on a narrow screen, show each row as a card with the header before each value, for tables of many columns.
    """
    classes = [' class="number"' if align == "r" else "" for align in aligns]
    head = "".join(f"<th{kind}>{escaped(text)}</th>" for kind, text in zip(classes, header, strict=True))
    labels = [f' data-label="{escaped(text)}"' if cards and i else "" for i, text in enumerate(header)]
    lines = (
        "".join(f"<td{kind}{name}>{cell}</td>" for kind, name, cell in zip(classes, labels, row, strict=True))
        for row in rows
    )
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    kind = ' class="cards"' if cards else ""
    return f'<div class="scroll"><table{kind}>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'


def html_word(word: str) -> str:
    """Return a word as HTML, isolated from the writing direction of the text around it."""
    return f"<bdi>{escaped(word)}</bdi>"
