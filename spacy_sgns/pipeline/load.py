"""Vectors, and the record of their training, from a file or from any pipeline."""

from pathlib import Path

from spacy.util import get_model_meta, get_package_path, is_package

from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import check_regular
from spacy_sgns.vectors.pipeline_folder import load_vocab
from spacy_sgns.vectors.record import Record, record_of
from spacy_sgns.vectors.word_vectors import WordVectors


def open_vectors(name: str) -> WordVectors:
    """Return the vectors of a file, of a pipeline folder or of an installed pipeline. Raises SgnsError."""
    return WordVectors.load(_path(name))


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
    except Exception as error:  # a package that is no pipeline can fail in any way
        raise SgnsError(f"Cannot load {name}: {' '.join(str(error).split())}") from error
    return package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
