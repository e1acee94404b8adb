"""`sgns strip`: a pipeline that keeps its vectors and no longer needs this plugin."""

from pathlib import Path
from typing import Annotated

import typer

from spacy_sgns.cli.console import clean_end, good
from spacy_sgns.cli.flags import Code, Force
from spacy_sgns.cli.output import check_place
from spacy_sgns.system.plugins import import_code

Pipeline = Annotated[str, typer.Argument(metavar="PIPELINE", help="Pipeline with the component sgns, by name or path")]
Output = Annotated[Path, typer.Argument(metavar="OUTPUT", help="Folder for the pipeline without it")]


def strip_cli(pipeline: Pipeline, output: Output, force: Force = False, code: Code = None) -> None:
    """Write PIPELINE to OUTPUT without this plugin.

    The vectors stay; it then loads where the plugin is not installed.
    """
    with clean_end():
        if code:
            import_code(code)
        removed = strip(pipeline, output, force=force)
        good(f"{output} has the vectors and loads without spacy_sgns (removed: {', '.join(removed) or 'nothing'})")


def strip(pipeline: str, output: Path, *, force: bool = False) -> list[str]:
    """Write a pipeline without its components sgns and return their names. Raises SgnsError."""
    from spacy_sgns.pipeline.factory import without_sgns
    from spacy_sgns.pipeline.save import save_pipeline
    from spacy_sgns.runs.work_folder import work_folder

    check_place(output, force=force)
    nlp, removed, record = without_sgns(pipeline)
    with work_folder(output) as folder:
        save_pipeline(nlp, output, folder, record, force=force)
    return removed
