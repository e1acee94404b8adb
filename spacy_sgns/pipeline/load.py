"""Vectors, and the record of their training, from a file or from any pipeline."""

from collections.abc import Callable
from pathlib import Path

import spacy
from spacy.tokens import Doc
from spacy.util import get_model_meta, get_package_path, is_package

from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import check_regular, check_regular_within
from spacy_sgns.vectors.pipeline_folder import load_vocab
from spacy_sgns.vectors.record import Record, record_of
from spacy_sgns.vectors.word_vectors import WordVectors


def open_vectors(name: str) -> WordVectors:
    """Return the vectors of a file, of a pipeline folder or of an installed pipeline. Raises SgnsError."""
    return WordVectors.load(_path(name))


def open_tokenizer(name: str) -> Callable[[str], Doc]:
    """Return the tokenizer of a pipeline, without its components; for a file, that of no language. Raises SgnsError."""
    path = _path(name)
    if path.is_file():
        return spacy.blank("xx").tokenizer
    check_regular_within(path)
    try:
        return spacy.load(path, exclude=[*get_model_meta(path)["pipeline"], "vocab"]).tokenizer
    except Exception as error:  # spaCy and tokenizers raise many kinds
        raise SgnsError(f"Cannot load the tokenizer of {name}: {' '.join(str(error).split())}") from error


def open_record(name: str) -> Record:
    """Return the record of training of a pipeline folder or of an installed pipeline. Raises SgnsError."""
    record = record_of(load_vocab(_path(name)))
    if record is None:
        raise SgnsError(f"{name} has no record of training: its vectors are not those of a run of spacy_sgns.")
    return record


def _path(name: str) -> Path:
    """Return a file or folder as it is, and the data folder of an installed pipeline. Raises SgnsError."""
    path = Path(name)
    check_regular(path)
    if path.exists():
        return path
    if not is_package(name):
        raise SgnsError(f"There is no pipeline or file {name}.")
    try:
        package = get_package_path(name)
        meta = get_model_meta(package)
    except Exception as error:  # a package that is not a pipeline can fail in any way
        raise SgnsError(f"Cannot load {name}: {' '.join(str(error).split())}") from error
    return package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
