"""The record of a training run, saved in a pipeline: the report, and each word's count and forms."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
from spacy.vocab import Vocab

from spacy_sgns.errors import SgnsError
from spacy_sgns.runs.train_vectors import Trained
from spacy_sgns.system.files import read_text
from spacy_sgns.vectors.pipeline_folder import WORDS_FILE, read_words, words_as_json

REPORT = "report.json"


@dataclass(frozen=True)
class Record:
    """The record of a run. words: the content of `WORDS_FILE`."""

    report: dict[str, Any]
    words: str

    @classmethod
    def of(cls, trained: Trained) -> "Record":
        """Return the record of a finished run."""
        vectors = trained.vectors
        invent = trained.report["settings"]["case"] == "fold"
        counts = [] if vectors.counts is None else vectors.counts.tolist()
        report = {**trained.report, "versions": {**trained.report["versions"], "spacy": spacy.__version__}}
        return cls(report, words_as_json(vectors.words, counts, trained.forms, invent=invent))

    @classmethod
    def from_disk(cls, folder: Path) -> "Record":
        """Read a record from its folder. Raises SgnsError if it is damaged."""
        try:
            return cls(_object(read_text(folder / REPORT)), read_text(folder / WORDS_FILE.name))
        except (OSError, ValueError, RecursionError) as error:
            raise SgnsError(f"The record of training in {folder} is damaged: {error}. Train it again.") from error

    def to_disk(self, folder: Path) -> None:
        """Write the record into `folder`, which is created if missing."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / REPORT).write_text(json.dumps(self.report, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
        (folder / WORDS_FILE.name).write_text(self.words, encoding="utf8")

    def to_json(self) -> str:
        """Return the record as JSON text, for `from_json`."""
        return json.dumps({"report": self.report, "words": self.words})

    @classmethod
    def from_json(cls, text: str | bytes) -> "Record":
        """Return the record from the text of `to_json`. Raises SgnsError if it is damaged."""
        try:
            found = _object(text)
            if found.keys() != {"report", "words"} or not isinstance(found["words"], str):
                raise ValueError(f"wanted report and words, got {', '.join(found)[:200] or 'nothing'}")
            return cls(_checked(found["report"]), found["words"])
        except (ValueError, RecursionError) as error:
            raise SgnsError(f"The record of training is damaged: {error}. Train it again.") from error

    def describes(self, vocab: Vocab) -> bool:
        """Return whether the vectors of a vocab are still those of the run, neither pruned nor replaced."""
        strings, table = vocab.strings, vocab.vectors
        return {strings[key]: row for key, row in table.key2row.items()} == read_words(self.words)["row_of"]

    def counts(self) -> dict[str, int]:
        """Return the count of each word."""
        found = read_words(self.words)
        return dict(zip(found["words"], found["counts"].tolist(), strict=True))


def _object(text: str | bytes) -> dict[str, Any]:
    """Return the object of a JSON text. Raises ValueError, RecursionError."""
    return _checked(json.loads(text))


def _checked(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"wanted an object, got {type(value).__name__}")
    return value
