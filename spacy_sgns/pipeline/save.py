"""A pipeline onto disk: whole or not at all."""

import os
import shutil
from pathlib import Path

from spacy.language import Language

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.record import Record
from spacy_sgns.runs.work_folder import put

FOLDER = "sgns"


def check_output(output: Path, *, force: bool) -> None:
    """Raise SgnsError if a pipeline cannot be written to `output`, or must not replace what is there."""
    if output.exists() and not output.is_dir():
        raise SgnsError(f"The output {output} is a file; give the path of a folder.")
    if output.is_symlink():
        raise SgnsError(f"The output {output} is a link, which would be replaced. Give the folder that it leads to.")
    if output.is_dir() and any(output.iterdir()):
        _check_replaced(output, force=force)
    parent = output.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir():
        raise SgnsError(f"The output {output} cannot be written: {parent} is a file.")
    for place in (parent, output):
        if place.exists() and not os.access(place, os.W_OK):
            raise SgnsError(f"The output {output} cannot be written: no right to write in {place}.")


def _check_replaced(output: Path, *, force: bool) -> None:
    """Raise SgnsError if what is in a folder must not be replaced: anything without --force, or what is no pipeline."""
    if not force:
        raise SgnsError(f"The output {output} is not empty. Choose another one, or replace it with --force.")
    if not (output / "meta.json").is_file():
        raise SgnsError(f"The output {output} holds no pipeline, so --force does not replace it. Choose another one.")


def save_pipeline(
    nlp: Language, output: Path, folder: Path, record: Record | None = None, *, force: bool = False
) -> None:
    """Write a pipeline to `output`, by way of the work folder `folder` beside it.

    record: written with it, also where no component does it. force: replace a pipeline that is there. Raises SgnsError
    if it cannot be written, also because somebody has put something there meanwhile; what was at `output` before is
    then still there.
    """
    made = folder / "pipeline"
    shutil.rmtree(made, ignore_errors=True)  # of a run that was killed meanwhile
    try:
        nlp.to_disk(made)
        if record:
            record.to_disk(made / FOLDER)
        check_output(output, force=force)
        put(made, output, folder)
    except OSError as error:
        why = error.strerror or f"there may be no room left ({error})"  # NumPy says only how much was written
        raise SgnsError(f"Cannot write the pipeline {output}: {why}.") from error
    except UnicodeError as error:  # half a character in the meta of a base
        raise SgnsError(f"Cannot write the pipeline {output}: something in it is no text ({error}).") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
