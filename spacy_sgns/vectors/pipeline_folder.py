"""Vectors in the folder of a pipeline, read without loading the pipeline."""

from pathlib import Path
from typing import Any

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import check_regular, check_regular_within
from spacy_sgns.vectors.forms import form_rows
from spacy_sgns.vectors.record import ADVICE, TABLE, Record, read_words

VOCAB = Path("vocab")
LOOKUPS_FILE, KEYS_FILE, TABLE_FILE = VOCAB / "lookups.bin", VOCAB / "key2row", VOCAB / "vectors"


def read_pipeline_folder(path: Path) -> dict[str, Any] | None:
    """Return `words`, `rows`, `counts` and `row_of` of a pipeline folder, without importing spaCy.

    Returns None if the vectors are not exactly those that this package trained: from elsewhere, or changed since. Then
    `load_vocab` reads them. Raises SgnsError if the folder is damaged.
    """
    try:
        if (record := _read_record(path)) is None:
            return None
        content = read_words(record.words)
        row_of = form_rows(content["words"], content["forms"], invent=content["invent"])
        keys, rows = _unpacked(path / KEYS_FILE), _read_table(path / TABLE_FILE)
        unchanged = list(keys.values()) == list(row_of.values()) and len(rows) == len(content["words"])
    except (OSError, ValueError) as error:
        reason = str(error).removesuffix(ADVICE).rstrip(". ")
        raise SgnsError(f"The pipeline {path} is damaged: {reason}. {ADVICE}") from error
    if not unchanged:
        return None
    return {"words": content["words"], "rows": rows, "counts": content["counts"], "row_of": row_of}


def load_vocab(path: Path) -> Any:
    """Return the vocab of any pipeline folder, without its components. Raises SgnsError."""
    from spacy.vocab import Vocab

    if not (path / VOCAB).is_dir():
        raise SgnsError(f"{path} is not a spaCy pipeline: it has no folder {VOCAB}.")
    check_regular_within(path / VOCAB)
    try:
        return Vocab().from_disk(path / VOCAB)
    except Exception as error:  # spaCy raises many kinds
        raise SgnsError(f"The pipeline {path} is damaged: {' '.join(str(error).split())}") from error


def _read_record(path: Path) -> Record | None:
    """Return the record of training in a pipeline folder, or None. Raises SgnsError if it is damaged."""
    if not (path / LOOKUPS_FILE).exists():
        return None
    if (table := _unpacked(path / LOOKUPS_FILE).get(TABLE)) is None:
        return None
    return Record.from_entry(next(iter(table.values()), None) if isinstance(table, dict) else table)


def _unpacked(path: Path) -> dict[Any, Any]:
    """Return the dict that spaCy saved in a file. Raises SgnsError if it is damaged."""
    from srsly import msgpack

    check_regular(path)
    try:
        value = msgpack.loads(path.read_bytes(), raw=False)
        if not isinstance(value, dict):
            raise TypeError(f"expected a dict, got {type(value).__name__}")
        return value
    except Exception as error:  # damaged bytes can fail in any way
        raise SgnsError(f"{path.name} cannot be read: {type(error).__name__}: {error}.") from error


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
