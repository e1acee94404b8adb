"""Files of vectors: by format, and as this package leaves them in a pipeline folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import check_regular, read_text
from spacy_sgns.vectors.forms import form_rows

WORDS_FILE = Path("sgns") / "words.json"
TABLE_FILE = Path("vocab") / "vectors"


def words_as_json(words: Sequence[str], counts: Sequence[int], forms: Sequence[Sequence[str]], *, invent: bool) -> str:
    """Return words, counts and seen forms as text for `WORDS_FILE`."""
    return json.dumps(
        {"words": list(words), "counts": list(counts), "forms": [list(f) for f in forms], "invent": invent},
        ensure_ascii=False,
    )


def read_words(text: str) -> dict[str, Any]:
    """Return `words`, `counts` `(V,)` and `row_of`, of text by `words_as_json`. Raises SgnsError if it is damaged."""
    try:
        found = json.loads(text)
        words, forms = _texts(found["words"]), [_texts(each) for each in found["forms"]]
        counts = np.array(found["counts"], np.int64)
        if len(words) != len(forms) or counts.shape != (len(words),):
            raise ValueError(f"{len(words)} words, counts of shape {counts.shape}, forms of {len(forms)} words")
        return {"words": words, "counts": counts, "row_of": form_rows(words, forms, invent=bool(found["invent"]))}
    except Exception as error:  # what is damaged may be wrong in any way
        raise SgnsError(f"{WORDS_FILE} is damaged: {type(error).__name__}: {error}.") from error


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
        found = read_words(read_text(path / WORDS_FILE))
        rows = _read_table(path / TABLE_FILE)
    except (OSError, ValueError) as error:
        raise SgnsError(f"The pipeline {path} is damaged: {str(error).rstrip('.')}. Train it again.") from error
    if len(rows) != len(found["words"]):
        raise SgnsError(
            f"The vectors in {path} are no longer those that spacy_sgns trained: {len(rows)} rows for "
            f"{len(found['words'])} words. Use WordVectors.from_pipeline(spacy.load(path))."
        )
    return {**found, "rows": rows}


def _read_table(path: Path) -> Floats:
    """Return the table `(V, d)` that spaCy saved."""
    try:
        check_regular(path)
        with np.errstate(over="ignore"):  # of a size that it only claims; how large it is, is seen by mapping it
            mapped = np.lib.format.open_memmap(path, mode="r")
        if mapped.ndim != 2 or mapped.dtype.kind != "f":
            raise ValueError(f"an array of shape {mapped.shape} and type {mapped.dtype}")
        return np.array(mapped)
    except Exception as error:
        raise SgnsError(f"{TABLE_FILE} is no table of vectors: {str(error).rstrip('.')}.") from error


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("not a list of texts")
    "".join(value).encode()  # half a character could be neither written nor shown
    return value
