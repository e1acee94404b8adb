"""Files of vectors: by format, and as this package leaves them in a pipeline folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spacy_sgns.errors import SgnsError
from spacy_sgns.registry import Choice, names
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.protocols import VectorFormat

WORDS_FILE = Path("sgns") / "words.json"
TABLE_FILE = Path("vocab") / "vectors"


def format_for(path: Path, name: str = "") -> VectorFormat:
    """Return the format of that name or, without one, the format that goes by the ending of `path`.

    Raises SgnsError if no format does.
    """
    if name:
        return Choice.of("format", name).make()  # type: ignore[no-any-return]
    known: dict[str, VectorFormat] = {}
    for each in names("format"):
        made: VectorFormat = Choice("format", each).make()
        known.update(dict.fromkeys(made.endings, made))
    if path.suffix not in known:
        raise SgnsError(f"No format goes by the ending of {path}: there are {', '.join(sorted(known))}.")
    return known[path.suffix]


def words_as_json(words: Sequence[str], counts: Sequence[int], forms: Sequence[Sequence[str]], *, invent: bool) -> str:
    """Return words, counts and seen forms as text for `WORDS_FILE`."""
    return json.dumps(
        {"words": list(words), "counts": list(counts), "forms": [list(f) for f in forms], "invent": invent},
        ensure_ascii=False,
    )


def read_words(text: str) -> dict[str, Any]:
    """Return `words`, `counts` `(V,)`, `row_of` and what they were made from, of text by `words_as_json`."""
    found = json.loads(text)
    counts = np.array(found["counts"], np.int64)
    return {
        "words": found["words"],
        "counts": counts,
        "row_of": form_rows(found["words"], found["forms"], invent=found["invent"]),
    }


def read_pipeline_folder(path: Path) -> dict[str, Any]:
    """Return `words`, `rows`, `counts` and `row_of` of a pipeline folder, without loading the pipeline.

    Raises SgnsError if it holds no vectors of this package or is damaged.
    """
    if not (path / WORDS_FILE).is_file():
        raise SgnsError(
            f"{path} is no pipeline with vectors by spacy_sgns: {WORDS_FILE} is missing. For other pipelines: "
            "WordVectors.from_pipeline(spacy.load(path))."
        )
    try:
        found = read_words((path / WORDS_FILE).read_text(encoding="utf8"))
        rows = np.load(path / TABLE_FILE, allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SgnsError(f"The pipeline {path} is damaged: {error}. Train it again.") from error
    return {**found, "rows": rows}
