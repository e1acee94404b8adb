"""Files for the TensorBoard projector (https://projector.tensorflow.org), which loads vectors and metadata."""

from pathlib import Path

from spacy_sgns.errors import SgnsError
from spacy_sgns.pictures.table import as_tsv, group_column, word_columns
from spacy_sgns.pictures.word_map import WordMap
from spacy_sgns.system.files import written_beside
from spacy_sgns.vectors.formats.word2vec_common import first_not_finite


def write_projector(word_map: WordMap, output: Path) -> list[str]:
    """Write vectors to `output`, and words with counts and groups to a second file; return notes for the user.

    Raises SgnsError if a file cannot be written or a vector is not finite.
    """
    rows = word_map.vectors.rows[word_map.rows]
    bad = first_not_finite(rows)
    if bad is not None:
        raise SgnsError(f"The vector of {word_map.words[bad]!r} has numbers that are not finite.")
    metadata_path = metadata_file(output)
    with written_beside(output) as vectors, written_beside(metadata_path) as metadata:
        lines = ("\t".join(f"{number:.9g}" for number in row) for row in rows.tolist())
        vectors.write_text("".join(f"{line}\n" for line in lines), encoding="utf8", newline="\n")
        table = as_tsv({**word_columns(word_map), **group_column(word_map)})
        metadata.write_text(table, encoding="utf8", newline="\n")
    return [f"The words are in {metadata_path}; load both files at https://projector.tensorflow.org"]


def metadata_file(output: Path) -> Path:
    """Return the path of the second file."""
    return output.with_suffix(".metadata.tsv")
