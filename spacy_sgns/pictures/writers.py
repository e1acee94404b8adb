"""Writers of word maps and learning curves, by the ending of the file."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from spacy_sgns.pictures.chart import draw_curve, draw_map
from spacy_sgns.pictures.page import write_page
from spacy_sgns.pictures.projector import write_projector
from spacy_sgns.pictures.word_map import WordMap

WriteMap: TypeAlias = Callable[[WordMap, Path], list[str]]  # returns notes for the user
WriteCurve: TypeAlias = Callable[[Sequence[Mapping[str, Any]], str, Path], None]

MAPS: dict[str, WriteMap] = {".png": draw_map, ".svg": draw_map, ".html": write_page, ".tsv": write_projector}
CURVES: dict[str, WriteCurve] = {".png": draw_curve, ".svg": draw_curve}
