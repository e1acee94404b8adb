"""The record of a training run, kept in the lookups of a vocab, which spaCy saves and copies with the vectors."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from warnings import warn

import numpy as np

from spacy_sgns.errors import SgnsError, SgnsWarning

TABLE, ENTRY = "spacy_sgns", "record"
ADVICE = "Train it again."
CHANGED = (
    "The vectors of this pipeline are no longer those that spacy_sgns trained: they were pruned or replaced. The "
    "counts and the report of the training run are ignored."
)


@dataclass(frozen=True)
class Record:
    """The record of a run. words: the JSON text of `words_as_json`, which is parsed only when it is needed."""

    report: dict[str, Any]
    words: str

    @classmethod
    def from_entry(cls, entry: Any) -> "Record":
        """Return the record from what `entry` returned. Raises SgnsError if it is damaged."""
        try:
            if not isinstance(entry, dict) or not isinstance(entry.get("words"), str):
                raise TypeError(f"expected a report and words, got {type(entry).__name__}")
            report = json.loads(entry["report"])
            if not isinstance(report, dict):
                raise TypeError(f"the report must be an object, got {type(report).__name__}")
            return cls(report, entry["words"])
        except Exception as error:  # a damaged entry can fail in any way
            raise damaged(error) from error

    def entry(self) -> dict[str, str]:
        """Return the record as two JSON texts: a string takes much less memory and time to load than its content."""
        return {"report": json.dumps(self.report), "words": self.words}

    def attach(self, vocab: Any) -> None:
        """Put the record into the lookups of a vocab, in place of an earlier one."""
        detach(vocab)
        vocab.lookups.add_table(TABLE, {ENTRY: self.entry()})

    def describes(self, vocab: Any) -> bool:
        """Return whether each word of the run still has its row; words added later do not matter."""
        strings, key2row = vocab.strings, vocab.vectors.key2row
        return all(key2row.get(strings[word]) == row for row, word in enumerate(read_words(self.words)["words"]))


def detach(vocab: Any) -> None:
    """Remove the record, if there is one, from the lookups of a vocab."""
    if vocab.lookups.has_table(TABLE):
        vocab.lookups.remove_table(TABLE)


def record_of(vocab: Any) -> Record | None:
    """Return the record of the run that trained the vectors of a vocab, or None without one.

    Warns and returns None if the vectors were pruned or replaced since. Raises SgnsError if the record is damaged.
    """
    if not vocab.lookups.has_table(TABLE):
        return None
    record = Record.from_entry(vocab.lookups.get_table(TABLE).get(ENTRY))
    if record.describes(vocab):
        return record
    warn(CHANGED, SgnsWarning, stacklevel=3)
    return None


def words_as_json(words: Sequence[str], counts: Sequence[int], forms: Sequence[Sequence[str]], *, invent: bool) -> str:
    """Return words, their counts and their forms in the corpus as a JSON text. invent: see `form_rows`."""
    return json.dumps(
        {"words": list(words), "counts": list(counts), "forms": [list(f) for f in forms], "invent": invent},
        ensure_ascii=False,
    )


def read_words(text: str) -> dict[str, Any]:
    """Return `words`, `counts` `(V,)`, `forms` and `invent` from the output of `words_as_json`.

    Raises SgnsError if it is damaged.
    """
    try:
        content = json.loads(text)
        words, forms = _strings(content["words"]), [_strings(seen) for seen in content["forms"]]
        counts = np.array(content["counts"], np.int64)
        if len(words) != len(forms) or counts.shape != (len(words),):
            raise ValueError(f"{len(words)} words, counts of shape {counts.shape}, forms of {len(forms)} words")
        return {"words": words, "counts": counts, "forms": forms, "invent": bool(content["invent"])}
    except Exception as error:  # a damaged text can fail in any way
        raise damaged(error) from error


def damaged(error: Exception) -> SgnsError:
    """Return the error for a damaged record."""
    return SgnsError(f"The record of training is damaged: {type(error).__name__}: {error}. {ADVICE}")


def _strings(value: Any) -> list[str]:
    """Return a list of strings as it is. Raises TypeError if it is anything else, UnicodeError for lone surrogates."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError("not a list of strings")
    "".join(value).encode()
    return value
