"""`sgns strip`: a pipeline that keeps its vectors but no longer needs this plugin."""

from pathlib import Path
from typing import Annotated

import typer

from spacy_sgns.cli.console import good
from spacy_sgns.cli.flags import Force, command
from spacy_sgns.cli.output import check_output_folder

Pipeline = Annotated[
    str, typer.Argument(metavar="PIPELINE", help="A pipeline with the component sgns, by name or path")
]
Output = Annotated[Path, typer.Argument(metavar="OUTPUT", help="Folder for the new pipeline")]


@command
def strip_cli(pipeline: Pipeline, output: Output, force: Force = False) -> None:
    """Write a copy of PIPELINE that loads without this plugin.

    The component sgns is removed; the vectors stay.

    Example: python -m spacy sgns strip ./alice ./alice_vectors
    """
    removed = strip(pipeline, output, force=force)
    good(
        f"Wrote {output}: it has the vectors and loads without spacy_sgns (removed: {', '.join(removed) or 'nothing'})"
    )


def strip(pipeline: str, output: Path, *, force: bool = False) -> list[str]:
    """Write a pipeline without its components sgns and return their names. Raises SgnsError."""
    from spacy_sgns.pipeline.factory import without_sgns
    from spacy_sgns.pipeline.save import save_pipeline
    from spacy_sgns.runs.work_folder import work_folder

    check_output_folder(output, force=force)
    nlp, removed, record = without_sgns(pipeline)
    with work_folder(output) as folder:
        save_pipeline(nlp, output, folder, record, force=force)
    return removed
