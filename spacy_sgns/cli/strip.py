"""`sgns strip`: a pipeline that keeps its vectors and no longer needs this plugin."""

from pathlib import Path
from typing import Annotated

import typer

from spacy_sgns.cli.messages import clean_end, msg
from spacy_sgns.cli.train import Force

Pipeline = Annotated[str, typer.Argument(help="Pipeline with the component sgns, by name or path")]
Output = Annotated[Path, typer.Argument(help="Folder for the pipeline without it")]


def strip_cli(pipeline: Pipeline, output: Output, force: Force = False) -> None:
    """Write PIPELINE to OUTPUT without its component sgns; the vectors stay."""
    with clean_end():
        removed = strip(pipeline, output, force=force)
        msg.good(f"{output} has the vectors and loads without spacy_sgns (removed: {', '.join(removed) or 'nothing'})")


def strip(pipeline: str, output: Path, *, force: bool = False) -> list[str]:
    """Write a pipeline without its components sgns and return their names. Raises SgnsError."""
    from spacy_sgns.files import work_folder
    from spacy_sgns.pipeline.blueprint import without_sgns
    from spacy_sgns.pipeline.save import check_output, save_pipeline

    check_output(output, force=force)
    nlp, removed, record = without_sgns(pipeline)
    with work_folder(output) as folder:
        save_pipeline(nlp, output, folder, record)
    return removed
