"""A comparison of two trainings as an HTML page."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from spacy_sgns.comparison.html import document, html_table, html_word
from spacy_sgns.comparison.neighbours import Neighbours
from spacy_sgns.comparison.plot_frame import NARROW, WIDE
from spacy_sgns.comparison.result import (
    EXPLANATION,
    Comparison,
    CountedWords,
    MovedWord,
    format_count,
    moved_table,
    summary,
)
from spacy_sgns.comparison.scatter import scatter_svg
from spacy_sgns.drawing.text import escaped
from spacy_sgns.system.files import written_beside
from spacy_sgns.vectors.scored_words import ScoredWord

NEIGHBOURS_EXPLANATION = (
    "Nearest neighbours among the words that are compared, those on both sides highlighted; then among all "
    "words of each side. Overlap: the number of neighbours on both sides, divided by the number on either side."
)


def write_page(comparison: Comparison, path: Path) -> None:
    """Write a comparison as an HTML file."""
    with written_beside(path) as beside:
        beside.write_text(page(comparison), encoding="utf8")


def page(comparison: Comparison) -> str:
    """Return a comparison as HTML that is also well-formed XML."""
    title = " and ".join(map(escaped, comparison.names))
    return document(title, _body(comparison, title))


def _body(comparison: Comparison, title: str) -> Iterator[str]:
    """Yield the elements of the page. title: HTML."""
    yield f"<h1>{title}</h1>"
    yield f"<p>{escaped(summary(comparison))}</p>"
    for note in comparison.notes:
        yield f"<p><strong>{escaped(note)}</strong></p>"
    yield "<h2>Displacement of words</h2>"
    labelled = [moved.word for moved in comparison.moved]
    yield scatter_svg(comparison.displacements, labelled, WIDE)
    yield scatter_svg(comparison.displacements, labelled, NARROW)
    yield moved_table(comparison)
    yield f'<p class="faint">{" ".join(map(escaped, EXPLANATION))}</p>'
    yield "<h2>Neighbours</h2>"
    yield f'<p class="faint">{NEIGHBOURS_EXPLANATION}</p>'
    for neighbours, moved in zip(comparison.neighbours, comparison.queries, strict=True):
        yield _neighbours(neighbours, moved, comparison.names)
    if any(comparison.only):
        yield "<h2>Words on one side only</h2>"
        yield _only(comparison.only, comparison.names)


def _neighbours(neighbours: Neighbours, moved: MovedWord | None, names: tuple[str, str]) -> str:
    displacement = f"; displacement {moved.displacement:.3f}, percentile {moved.percentile:.1f}" if moved else ""
    compared = [
        [*_scored(a, neighbours.common), *_scored(b, neighbours.common)] for a, b in zip_longest(*neighbours.compared)
    ]
    whole = [[_faint(a), _faint(b)] for a, b in zip_longest(*neighbours.all)]
    tables = (
        html_table([names[0], "cosine", names[1], "cosine"], compared, "lrlr"),
        html_table([f"all of {name}" for name in names], whole, "ll"),
    )
    heading = f"<h3>{html_word(neighbours.word)}</h3>\n<p>Overlap {neighbours.overlap:.2f}{displacement}</p>\n"
    return f'{heading}<div class="beside">{"".join(tables)}</div>'


def _only(only: tuple[CountedWords, CountedWords], names: tuple[str, str]) -> str:
    header = [f"only in {names[0]}", "count", f"only in {names[1]}", "count"]
    rows = [
        [*(cell for side in pair for cell in ((html_word(side[0]), format_count(side[1])) if side else ("", "")))]
        for pair in zip_longest(*only)
    ]
    return html_table(header, rows, "lrlr")


def _scored(pair: ScoredWord | None, common: set[str]) -> tuple[str, str]:
    if pair is None:
        return "", ""
    word = f'<span class="both">{html_word(pair[0])}</span>' if pair[0] in common else html_word(pair[0])
    return word, f"{pair[1]:.3f}"


def _faint(pair: ScoredWord | None) -> str:
    return f'<span class="faint">{html_word(pair[0])}</span>' if pair else ""
