"""Where a command may write."""

import os
from pathlib import Path

from spacy_sgns.errors import SgnsError


def check_place(output: Path, *, force: bool, corpus: Path | None = None) -> None:
    """Raise SgnsError if a pipeline cannot be written to `output`, or would replace what must stay."""
    from spacy_sgns.pipeline.save import check_output

    place = Path(os.path.realpath(output))
    if Path.cwd().is_relative_to(place):
        raise SgnsError(f"The output {output} is, or holds, the folder you are in. Give a folder of its own.")
    if corpus and place.is_dir() and Path(os.path.realpath(corpus)).is_relative_to(place):
        raise SgnsError(f"The output {output} holds the corpus, which it would replace. Choose another one.")
    check_output(output, force=force)
