"""Checks of a command's output, before anything is computed."""

import os
from pathlib import Path

from spacy_sgns.errors import SgnsError


def check_output_folder(output: Path, *, force: bool, corpus: Path | None = None) -> None:
    """Raise SgnsError if a pipeline cannot be written to `output`, or would replace something that must stay."""
    from spacy_sgns.pipeline.save import check_output

    target = Path(os.path.realpath(output))
    if Path.cwd().is_relative_to(target):
        raise SgnsError(f"The output {output} is or contains the current folder. Choose another folder.")
    if corpus and target.is_dir() and Path(os.path.realpath(corpus)).is_relative_to(target):
        raise SgnsError(f"The output {output} contains the corpus and would replace it. Choose another folder.")
    check_output(output, force=force)


def check_output_file(path: Path, *, force: bool) -> None:
    """Raise SgnsError if a file exists that must not be replaced."""
    if path.is_file() and not force:  # a folder is never replaced
        raise SgnsError(f"{path} exists. Choose another name, or replace it with --force.")
