"""`sgns export`: vectors to a file for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from spacy_sgns.cli.console import good
from spacy_sgns.cli.flags import ForceFile, Pipeline, command
from spacy_sgns.cli.output import check_output_file

File = Annotated[Path, typer.Argument(metavar="FILE", help="A .vec or .txt file (text) or a .bin file (binary)")]
Format = Annotated[
    str, typer.Option(metavar="NAME", help="Format of FILE: word2vec_text or word2vec_binary; else from its ending")
]


@command
def export_cli(pipeline: Pipeline, file: File, format: Format = "", force: ForceFile = False) -> None:
    """Write the vectors of PIPELINE to FILE in word2vec's formats.

    gensim, fastText and `spacy init vectors` read them.

    Example: python -m spacy sgns export ./alice alice.vec
    """
    good(f"Wrote {export(pipeline, file, format, force=force):,} vectors to {file}")


def export(pipeline: str, file: Path, format: str = "", *, force: bool = False) -> int:
    """Write the vectors of a pipeline to `file` and return how many there are. Raises SgnsError.

    force: replace the file if it exists.
    """
    from spacy_sgns.pipeline.load import open_vectors
    from spacy_sgns.vectors.formats.lookup import format_for

    format_for(file, format)
    check_output_file(file, force=force)
    vectors = open_vectors(pipeline)
    vectors.save(file, format=format)
    return len(vectors)
