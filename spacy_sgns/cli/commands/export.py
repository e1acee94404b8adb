"""`sgns export`: vectors to a file for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from spacy_sgns.cli.console import clean_end, good
from spacy_sgns.cli.flags import Code, Pipeline
from spacy_sgns.system.plugins import import_code

File = Annotated[Path, typer.Argument(metavar="FILE", help=".vec or .txt for text, .bin for binary")]
Format = Annotated[str, typer.Option(metavar="TEXT", help="Format by name, where the ending does not say it")]


def export_cli(pipeline: Pipeline, file: File, format: Format = "", code: Code = None) -> None:
    """Write the vectors of PIPELINE to FILE, for other tools."""
    with clean_end():
        if code:
            import_code(code)
        good(f"Wrote {export(pipeline, file, format):,} vectors to {file}")


def export(pipeline: str, file: Path, format: str = "") -> int:
    """Write the vectors of a pipeline to `file` and return how many there are. Raises SgnsError."""
    from spacy_sgns.pipeline.load import open_vectors
    from spacy_sgns.vectors.formats.lookup import format_for

    format_for(file, format)
    vectors = open_vectors(pipeline)
    vectors.save(file, format=format)
    return len(vectors)
