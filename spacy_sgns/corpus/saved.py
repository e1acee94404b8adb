"""An encoded corpus and its vocabulary on disk, from which a run resumes without reading the texts again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.corpus.encoder import Encoding
from spacy_sgns.corpus.vocabulary import Excluded, Vocabulary
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import BLOCK, written_through

CORPUS_FILE, VOCABULARY_FILE = "corpus.json", "vocabulary.json"


def save_corpus(folder: Path, encoding: Encoding) -> None:
    """Write the files that `load_corpus` needs into the corpus's folder. Raises OSError.

    The ids are not fsynced: if a power cut damages them, their checksums tell, and the texts are read again.
    """
    with written_through(folder / VOCABULARY_FILE) as file:
        file.write(json.dumps({**vars(encoding.vocabulary), "counts": encoding.vocabulary.counts.tolist()}).encode())
    parts = {"corpus": encoding.corpus, "held_out": encoding.held_out}
    digests = {VOCABULARY_FILE: _digest(folder / VOCABULARY_FILE)}
    for part in filter(None, parts.values()):
        ids, ends = part.files()
        digests |= {ids: part.sha256, ends: _digest(folder / ends)}
    metadata = {
        **{key: part and {**asdict(part), "folder": None} for key, part in parts.items()},
        "counts": asdict(encoding.counts),
        "sha256": digests,
    }
    with written_through(folder / CORPUS_FILE) as file:
        file.write(json.dumps(metadata).encode())


def load_corpus(folder: Path, digest: str) -> Encoding:
    """Return a saved encoding. digest: its `corpus_digest` then. Raises SgnsError if a file has changed since."""
    try:
        if corpus_digest(folder) != digest:
            raise ValueError(f"the checksum of {CORPUS_FILE} is wrong")
        metadata = json.loads((folder / CORPUS_FILE).read_bytes())
        corpus, held_out = (
            EncodedCorpus(**{**metadata[part], "folder": folder}) if metadata[part] else None
            for part in ("corpus", "held_out")
        )
        if corpus is None:
            raise ValueError("it holds no corpus")
        for name in [*corpus.files(), *(held_out.files() if held_out else ()), VOCABULARY_FILE]:
            if _digest(folder / name) != metadata["sha256"][name]:
                raise ValueError(f"the checksum of {name} is wrong")
        counts = CorpusCounts(**metadata["counts"])
        return Encoding(corpus, held_out, _vocabulary(json.loads((folder / VOCABULARY_FILE).read_bytes())), counts)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SgnsError(f"The encoded corpus in {folder} is damaged ({error}).") from error


def corpus_digest(folder: Path) -> str:
    """Return a SHA-256 that covers all files of a saved corpus, by their checksums. Raises OSError."""
    return _digest(folder / CORPUS_FILE)


def _vocabulary(plain: Mapping[str, Any]) -> Vocabulary:
    counts = np.array(plain["counts"], np.int64)
    return Vocabulary(
        plain["words"], counts, plain["forms"], Excluded(*plain["rare"]), Excluded(*plain["over_max_words"])
    )


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
