"""Saving a pipeline: as a whole or not at all."""

import json
import os
import shutil
from pathlib import Path

from spacy.language import Language

from spacy_sgns.errors import SgnsError
from spacy_sgns.runs.work_folder import put
from spacy_sgns.vectors.record import record_of

FOLDER, REPORT_FILE, WORDS_FILE = "sgns", "report.json", "words.json"


def check_output(output: Path, *, force: bool) -> None:
    """Raise SgnsError if a pipeline cannot be written to `output`, or must not replace its content."""
    if output.exists() and not output.is_dir():
        raise SgnsError(f"The output {output} is a file; give the path of a folder.")
    if output.is_symlink():
        raise SgnsError(f"The output {output} is a link, which would be replaced. Give the folder that it points to.")
    if output.is_dir() and any(output.iterdir()):
        _check_replaced(output, force=force)
    parent = output.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir():
        raise SgnsError(f"The output {output} cannot be written: {parent} is a file.")
    for place in (parent, output):
        if place.exists() and not os.access(place, os.W_OK):
            raise SgnsError(f"The output {output} cannot be written: no permission to write in {place}.")


def _check_replaced(output: Path, *, force: bool) -> None:
    """Raise SgnsError if a folder's content must not be replaced: without --force, or if it is not a pipeline."""
    if not force:
        raise SgnsError(f"The output {output} is not empty. Choose another folder, or replace it with --force.")
    if not (output / "meta.json").is_file():
        raise SgnsError(
            f"The output {output} does not contain a pipeline, so --force does not replace it. Choose another folder."
        )


def save_pipeline(nlp: Language, output: Path, folder: Path, *, force: bool = False) -> None:
    """Write a pipeline to the work folder `folder`, then move it to `output`.

    The report of training, and its words with their counts, are also written as files, for people and other programs;
    a pipeline does not read them. force: replace a pipeline in `output`. Raises SgnsError if the pipeline cannot be
    written, also if another process has written to `output` meanwhile; the previous content of `output` is then
    unchanged.
    """
    made = folder / "pipeline"
    shutil.rmtree(made, ignore_errors=True)  # left by a run that was killed
    try:
        nlp.to_disk(made)
        _write_record(nlp, made)
        check_output(output, force=force)
        put(made, output, folder)
    except OSError as error:
        why = error.strerror or f"the disk may be full ({error})"  # NumPy reports only the number of items written
        raise SgnsError(f"Cannot write the pipeline {output}: {why}.") from error
    except UnicodeError as error:  # a lone surrogate in the base's meta
        raise SgnsError(
            f"Cannot write the pipeline {output}: it has text that is not valid Unicode ({error})."
        ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write_record(nlp: Language, pipeline: Path) -> None:
    if record := record_of(nlp.vocab):
        folder = pipeline / FOLDER
        folder.mkdir(exist_ok=True)
        report = json.dumps(record.report, indent=2, ensure_ascii=False) + "\n"
        for name, text in ((REPORT_FILE, report), (WORDS_FILE, record.words)):
            (folder / name).write_text(text, encoding="utf8")
