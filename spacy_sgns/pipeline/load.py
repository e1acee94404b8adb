"""Loading vectors from a file or from any pipeline."""

from pathlib import Path

import spacy
from spacy.util import is_package

from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import check_regular, check_regular_within
from spacy_sgns.vectors.pipeline_folder import WORDS_FILE
from spacy_sgns.vectors.word_vectors import WordVectors


def open_vectors(name: str) -> WordVectors:
    """Return the vectors of a file, of a pipeline folder or of an installed pipeline. Raises SgnsError."""
    path = Path(name)
    if path.is_file() or (path / WORDS_FILE).is_file():
        return WordVectors.load(path)
    check_regular(path)
    if not path.exists() and not is_package(name):
        raise SgnsError(f"There is no pipeline or file {name}.")
    check_regular_within(path)
    try:
        nlp = spacy.load(name)
    except Exception as error:  # spaCy and its components raise many kinds
        raise SgnsError(f"Cannot load {name}: {' '.join(str(error).split())}") from error
    if not nlp.vocab.vectors.n_keys:
        raise SgnsError(f"The pipeline {name} has no vectors. Train some: python -m spacy sgns train CORPUS OUTPUT")
    return WordVectors.from_pipeline(nlp)
