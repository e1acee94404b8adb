"""A comparison of a sequence of trainings as an HTML page."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy_sgns.comparison.html import document, html_table, html_word
from spacy_sgns.comparison.plot_frame import NARROW, WIDE
from spacy_sgns.comparison.sequence_result import (
    SEQUENCE_EXPLANATION,
    SequenceComparison,
    Shift,
    Trajectory,
    moved_through_table,
    sequence_summary,
    step_names,
    trajectory_cells,
    trajectory_header,
)
from spacy_sgns.comparison.trajectories import STYLE, trajectories_svg
from spacy_sgns.drawing.text import escaped
from spacy_sgns.system.files import written_beside


def write_sequence_page(comparison: SequenceComparison, path: Path) -> None:
    """Write a comparison as an HTML file."""
    with written_beside(path) as beside:
        beside.write_text(sequence_page(comparison), encoding="utf8")


def sequence_page(comparison: SequenceComparison) -> str:
    """Return a comparison as HTML that is also well-formed XML."""
    title = ", ".join(map(escaped, comparison.names))
    return document(title, _body(comparison, title), STYLE)


def _body(comparison: SequenceComparison, title: str) -> Iterator[str]:
    """Yield the elements of the page. title: HTML."""
    names = comparison.names
    yield f"<h1>{title}</h1>"
    yield f"<p>{escaped(sequence_summary(comparison))}</p>"
    for note in comparison.notes:
        yield f"<p><strong>{escaped(note)}</strong></p>"
    yield "<h2>Trajectories</h2>"
    yield trajectories_svg(comparison.queries, names, WIDE)
    yield trajectories_svg(comparison.queries, names, NARROW)
    yield "<h2>Moved most</h2>"
    yield moved_through_table(comparison)
    yield f'<p class="faint">{" ".join(map(escaped, SEQUENCE_EXPLANATION))}</p>'
    yield "<h2>Moved most in each step</h2>"
    yield _steps(comparison.moved_by_step, names)
    yield "<h2>Neighbours</h2>"
    for one in comparison.queries:
        yield _trajectory(one, names)


def _steps(moved: Sequence[Sequence[Shift]], names: tuple[str, ...]) -> str:
    rows = [
        [escaped(step), ", ".join(f"{html_word(one.word)} {one.robust_z:.1f}" for one in best)]
        for step, best in zip(step_names(names), moved, strict=True)
    ]
    return html_table(["step", "words, with robust z"], rows, "ll", cards=True)


def _trajectory(one: Trajectory, names: tuple[str, ...]) -> str:
    rows = [
        [escaped(name), *cells, ", ".join(html_word(word) for word, _ in near)]
        for name, cells, near in zip(names, trajectory_cells(one), one.neighbours, strict=True)
    ]
    header = ["side", *trajectory_header(names), "nearest compared words"]
    return f"<h3>{html_word(one.word)}</h3>\n" + html_table(header, rows, "lrrrl", cards=True)
