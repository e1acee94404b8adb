"""Vectors in a pipeline folder that this package wrote, read without loading the pipeline."""

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
    """Return the content of `WORDS_FILE`: words, their counts and their forms in the corpus."""
    return json.dumps(
        {"words": list(words), "counts": list(counts), "forms": [list(f) for f in forms], "invent": invent},
        ensure_ascii=False,
    )


def read_words(text: str) -> dict[str, Any]:
    """Return `words`, `counts` `(V,)` and `row_of` from the output of `words_as_json`.

    Raises SgnsError if it is damaged.
    """
    try:
        content = json.loads(text)
        words, forms = _strings(content["words"]), [_strings(seen) for seen in content["forms"]]
        counts = np.array(content["counts"], np.int64)
        if len(words) != len(forms) or counts.shape != (len(words),):
            raise ValueError(f"{len(words)} words, counts of shape {counts.shape}, forms of {len(forms)} words")
        return {"words": words, "counts": counts, "row_of": form_rows(words, forms, invent=bool(content["invent"]))}
    except Exception as error:  # a damaged file can fail in any way
        raise SgnsError(f"{WORDS_FILE} is damaged: {type(error).__name__}: {error}.") from error


def read_pipeline_folder(path: Path) -> dict[str, Any]:
    """Return `words`, `rows`, `counts` and `row_of` of a pipeline folder, without loading the pipeline.

    Raises SgnsError if it has no vectors of this package or is damaged.
    """
    if not (path / WORDS_FILE).is_file():
        raise SgnsError(
            f"{path} is not a pipeline with vectors from spacy_sgns: {WORDS_FILE} is missing. For other pipelines: "
            "WordVectors.from_pipeline(spacy.load(path))."
        )
    try:
        content = read_words(read_text(path / WORDS_FILE))
        rows = _read_table(path / TABLE_FILE)
    except (OSError, ValueError) as error:
        raise SgnsError(f"The pipeline {path} is damaged: {str(error).rstrip('.')}. Train it again.") from error
    if len(rows) != len(content["words"]):
        raise SgnsError(
            f"The vectors in {path} are no longer those that spacy_sgns trained: {len(rows)} rows for "
            f"{len(content['words'])} words. Use WordVectors.from_pipeline(spacy.load(path))."
        )
    return {**content, "rows": rows}


def _read_table(path: Path) -> Floats:
    """Return the table `(V, d)` that spaCy saved."""
    try:
        check_regular(path)
        with np.errstate(over="ignore"):  # a damaged header may claim any size; mapping the file checks it
            mapped = np.lib.format.open_memmap(path, mode="r")
        if mapped.ndim != 2 or mapped.dtype.kind != "f":
            raise ValueError(f"an array of shape {mapped.shape} and type {mapped.dtype}")
        return np.array(mapped)
    except Exception as error:
        raise SgnsError(f"{TABLE_FILE} is not a table of vectors: {str(error).rstrip('.')}.") from error


def _strings(value: Any) -> list[str]:
    """Return a list of strings as it is. Raises TypeError if it is anything else, UnicodeError for lone surrogates."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError("not a list of strings")
    "".join(value).encode()
    return value
