"""Writers of word maps and learning curves, by the ending of the file."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from spacy_sgns.pictures.chart import draw_curve, draw_map
from spacy_sgns.pictures.page import write_page
from spacy_sgns.pictures.projector import metadata_file, write_projector
from spacy_sgns.pictures.table import write_table
from spacy_sgns.pictures.word_map import WordMap

WriteMap: TypeAlias = Callable[[WordMap, Path], list[str]]  # returns notes for the user
WriteCurve: TypeAlias = Callable[[Sequence[Mapping[str, Any]], str, Path], None]

MAPS: dict[str, WriteMap] = {
    ".html": write_page,
    ".png": draw_map,
    ".svg": draw_map,
    ".pdf": draw_map,
    ".tsv": write_table,
    ".projector.tsv": write_projector,
}
CURVES: dict[str, WriteCurve] = {".png": draw_curve, ".svg": draw_curve, ".pdf": draw_curve}


def written_files(write: WriteMap, output: Path) -> list[Path]:
    """Return the files that a writer of maps writes."""
    return [output, metadata_file(output)] if write is write_projector else [output]
