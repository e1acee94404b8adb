"""Files for the TensorBoard projector (https://projector.tensorflow.org), which loads vectors and their words."""

from pathlib import Path

from spacy_sgns.errors import SgnsError
from spacy_sgns.pictures.word_map import WordMap
from spacy_sgns.system.files import written_beside
from spacy_sgns.vectors.formats.word2vec_common import first_not_finite


def write_projector(drawn: WordMap, output: Path) -> list[str]:
    """Write vectors to `output` and words with their counts and groups beside it; return what is to be said of it.

    Raises SgnsError if a place cannot be written to or a vector is not finite.
    """
    rows = drawn.vectors.rows[drawn.rows]
    wrong = first_not_finite(rows)
    if wrong is not None:
        raise SgnsError(f"The vector of {drawn.words[wrong]!r} has numbers that are not finite.")
    beside = output.with_suffix(".metadata.tsv")
    with written_beside(output) as vectors, written_beside(beside) as metadata:
        lines = ("\t".join(f"{number:.9g}" for number in row) for row in rows.tolist())
        vectors.write_text("".join(f"{line}\n" for line in lines), encoding="utf8", newline="\n")
        metadata.write_text("".join(f"{line}\n" for line in _about(drawn)), encoding="utf8", newline="\n")
    return [f"Their words are in {beside}; load both at https://projector.tensorflow.org"]


def _about(drawn: WordMap) -> list[str]:
    """Return the lines that say which word a vector is of; a single column has no head there."""
    columns = {"word": [_cell(word) for word in drawn.words]}
    if drawn.counts is not None:
        columns["count"] = drawn.counts.tolist()
    if drawn.grouping.given:
        columns["group"] = [_cell(drawn.grouping.names[of]) if of >= 0 else "" for of in drawn.grouping.of.tolist()]
    lines = ["\t".join(map(str, line)) for line in zip(*columns.values(), strict=True)]
    return lines if len(columns) == 1 else ["\t".join(columns), *lines]


def _cell(text: str) -> str:
    """Return a text that neither ends a cell nor a line, and can be written."""
    return " ".join(text.split()).encode("utf8", "replace").decode("utf8") or "\ufffd"
