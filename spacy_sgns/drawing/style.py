"""The style of all matplotlib figures, and how they are saved: the same input gives the same bytes on all machines."""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy_sgns.drawing.extras import extra
from spacy_sgns.system.files import written_beside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, FAINT, REST = "#1f2328", "#59636e", "#b4bac1"  # text and lines, axes and notes, points without a group
ACCENT = "#c2410c"
SMALL, TITLE = 8.0, 11.0  # font sizes in points
DPI = 220
POINTS_PER_INCH = 72
STYLE = {
    "svg.hashsalt": "sgns",
    "pdf.fonttype": 42,  # TrueType, which all programs take
    "svg.fonttype": "path",  # text as outlines, as wide on all machines as it was measured
    "text.color": INK,
    "text.parse_math": False,  # a word may have a $
    "axes.edgecolor": FAINT,
    "axes.labelcolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "font.size": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
}
METADATA: dict[str, dict[str, Any]] = {  # no date and no version
    "svg": {"Date": None, "Creator": "spacy_sgns"},
    "png": {"Software": "spacy_sgns"},
    "pdf": {"Creator": "spacy_sgns", "Producer": None, "CreationDate": None},
}


@contextmanager
def figure_style(families: Sequence[str]) -> Iterator[None]:
    """Apply the style to figures made in this block, whatever the user's own settings are. families: of fonts."""
    with extra("matplotlib"):
        import matplotlib as mpl
    style: Any = {**STYLE, "font.family": list(families)}
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # one note covers all missing characters
        mpl.rcdefaults()
        mpl.rcParams.update(style)
        with _without_font_log():
            yield


@contextmanager
def _without_font_log() -> Iterator[None]:
    """Keep matplotlib from logging that a font has no bold variant."""
    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def save_figure(figure: "Figure", output: Path) -> None:
    """Write a figure as `.png`, `.svg` or `.pdf`; on an error the file stays as it was. Raises SgnsError."""
    kind = output.suffix.lower().removeprefix(".")
    with written_beside(output) as beside:
        figure.savefig(beside, format=kind, dpi=DPI, facecolor="white", metadata=METADATA[kind])
