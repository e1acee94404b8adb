"""An encoded corpus and its vocabulary, saved for a run that goes on later: the texts are not read again."""

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.corpus.vocabulary import Vocabulary
from spacy_sgns.errors import SgnsError
from spacy_sgns.files import BLOCK, written_through

CORPUS, VOCABULARY = "corpus.json", "vocabulary.json"


def save_corpus(corpus: EncodedCorpus, vocabulary: Vocabulary) -> None:
    """Write what `saved_corpus` reads into the corpus's folder, all of it down to the disk. Raises OSError."""
    folder = corpus.folder
    with written_through(folder / VOCABULARY) as file:
        words = {"words": vocabulary.words, "counts": vocabulary.counts.tolist(), "forms": vocabulary.forms}
        file.write(json.dumps(words).encode())
    for name in corpus.files():
        with (folder / name).open("rb+") as file:
            os.fsync(file.fileno())
    plain = {key: value for key, value in asdict(corpus).items() if key != "folder"}
    digests = {name: _digest(folder / name) for name in (*corpus.files(), VOCABULARY)}
    with written_through(folder / CORPUS) as file:
        file.write(json.dumps({"corpus": plain, "sha256": digests}).encode())


def saved_corpus(folder: Path) -> tuple[EncodedCorpus, Vocabulary]:
    """Return the corpus and the vocabulary in a folder. Raises SgnsError if they are not as they were written."""
    try:
        about = json.loads((folder / CORPUS).read_bytes())
        corpus = EncodedCorpus(folder, **about["corpus"])
        for name in (*corpus.files(), VOCABULARY):
            if _digest(folder / name) != about["sha256"][name]:
                raise ValueError(f"the checksum of {name} is wrong")
        words: dict[str, Any] = json.loads((folder / VOCABULARY).read_bytes())
        return corpus, Vocabulary(words["words"], np.array(words["counts"], np.int64), words["forms"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SgnsError(f"The encoded corpus in {folder} is damaged ({error}).") from error


def corpus_digest(folder: Path) -> str:
    """Return the SHA-256 of all that `save_corpus` wrote. Raises OSError."""
    return _digest(folder / CORPUS)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
