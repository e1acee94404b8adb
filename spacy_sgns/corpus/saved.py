"""An encoded corpus and its vocabulary, saved for a run that goes on later: the texts are not read again."""

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
from spacy_sgns.corpus.vocabulary import Amount, Vocabulary
from spacy_sgns.errors import SgnsError
from spacy_sgns.system.files import BLOCK, written_through

CORPUS, VOCABULARY = "corpus.json", "vocabulary.json"


def save_corpus(folder: Path, encoding: Encoding) -> None:
    """Write what `load_corpus` reads into the corpus's folder. Raises OSError.

    The ids are left to the system to bring to the disk: what a power cut takes of them is seen, and read anew.
    """
    with written_through(folder / VOCABULARY) as file:
        file.write(json.dumps({**vars(encoding.vocabulary), "counts": encoding.vocabulary.counts.tolist()}).encode())
    parts = {"corpus": encoding.corpus, "held_out": encoding.held_out}
    digests = {VOCABULARY: _digest(folder / VOCABULARY)}
    for part in filter(None, parts.values()):
        ids, ends = part.files()
        digests |= {ids: part.sha256, ends: _digest(folder / ends)}
    about = {
        **{key: part and {**asdict(part), "folder": None} for key, part in parts.items()},
        "counts": asdict(encoding.counts),
        "sha256": digests,
    }
    with written_through(folder / CORPUS) as file:
        file.write(json.dumps(about).encode())


def load_corpus(folder: Path, digest: str) -> Encoding:
    """Return what is saved in a folder. Raises SgnsError if it is not as it was when it had this `corpus_digest`."""
    try:
        if corpus_digest(folder) != digest:
            raise ValueError(f"the checksum of {CORPUS} is wrong")
        about = json.loads((folder / CORPUS).read_bytes())
        corpus, held_out = (
            EncodedCorpus(**{**about[part], "folder": folder}) if about[part] else None
            for part in ("corpus", "held_out")
        )
        if corpus is None:
            raise ValueError("there is no corpus")
        for name in [*corpus.files(), *(held_out.files() if held_out else ()), VOCABULARY]:
            if _digest(folder / name) != about["sha256"][name]:
                raise ValueError(f"the checksum of {name} is wrong")
        counts = CorpusCounts(**about["counts"])
        return Encoding(corpus, held_out, _vocabulary(json.loads((folder / VOCABULARY).read_bytes())), counts)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SgnsError(f"The encoded corpus in {folder} is damaged ({error}).") from error


def corpus_digest(folder: Path) -> str:
    """Return the SHA-256 of all that `save_corpus` wrote. Raises OSError."""
    return _digest(folder / CORPUS)


def _vocabulary(plain: Mapping[str, Any]) -> Vocabulary:
    counts = np.array(plain["counts"], np.int64)
    return Vocabulary(plain["words"], counts, plain["forms"], Amount(*plain["rare"]), Amount(*plain["beyond"]))


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
