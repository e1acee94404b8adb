"""Charts of the trajectories of words through a sequence, `.png`, `.svg` or `.pdf`, drawn with matplotlib."""

from pathlib import Path
from typing import TYPE_CHECKING

from spacy_sgns.comparison.chart import check_matplotlib
from spacy_sgns.comparison.sequence_result import SequenceComparison
from spacy_sgns.drawing.colours import LIGHT, MARKERS, group_style
from spacy_sgns.drawing.fonts import font_families
from spacy_sgns.drawing.style import DPI, TITLE, figure_style, save_figure
from spacy_sgns.drawing.text import label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MIN_WIDTH, WIDTH_PER_SIDE, HEIGHT = 7.0, 0.9, 4.5  # inches
WORDS_PER_COLUMN = 20  # of the legend


def write_sequence_chart(comparison: SequenceComparison, path: Path) -> None:
    """Write the displacements of the query words from the first side to each one."""
    check_matplotlib()
    words = (one.word for one in comparison.queries)
    families, _ = font_families("".join(map(label, [*comparison.names, *words])))
    with figure_style(families):
        save_figure(sequence_figure(comparison), path)


def sequence_figure(comparison: SequenceComparison) -> "Figure":
    """Return the figure of a comparison."""
    from matplotlib.figure import Figure

    names, queries = [label(name) for name in comparison.names], comparison.queries
    figure = Figure(figsize=(max(MIN_WIDTH, WIDTH_PER_SIDE * len(names)), HEIGHT), dpi=DPI, layout="constrained")
    axes = figure.subplots()
    figure.suptitle(f"Displacement of words from {names[0]}", x=0.01, ha="left", fontsize=TITLE)
    for i, one in enumerate(queries):
        colour, marker = group_style(i)
        line = axes.plot(range(len(names)), one.from_first, color=LIGHT[colour], label=label(one.word))
        line[0].set(marker=MARKERS[marker], markersize=4, linewidth=1.2)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylabel("displacement")
    axes.set_ylim(bottom=0)
    columns = -(-len(queries) // WORDS_PER_COLUMN)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), ncols=columns)
    return figure
