"""The kinds of picture, by the ending of their file."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from spacy_sgns.errors import SettingError
from spacy_sgns.pictures.chart import draw_curve, draw_map
from spacy_sgns.pictures.page import write_page
from spacy_sgns.pictures.projector import write_projector
from spacy_sgns.pictures.word_map import WordMap

DrawMap: TypeAlias = Callable[[WordMap, Path], list[str]]
DrawCurve: TypeAlias = Callable[[Sequence[Mapping[str, Any]], str, Path], list[str]]
Kind = TypeVar("Kind")

MAPS: dict[str, DrawMap] = {".png": draw_map, ".svg": draw_map, ".html": write_page, ".tsv": write_projector}
CURVES: dict[str, DrawCurve] = {".png": draw_curve, ".svg": draw_curve}


def kind_for(kinds: Mapping[str, Kind], output: Path) -> Kind:
    """Return what of `kinds` goes by the ending of a path. Raises SettingError."""
    try:
        return kinds[output.suffix.lower()]
    except KeyError:
        raise SettingError(
            f"No kind of picture goes by the ending of {output}: there are {', '.join(kinds)}."
        ) from None
