"""Where a command may write."""

from pathlib import Path

from spacy_sgns.errors import SgnsError


def check_place(output: Path, *, force: bool, corpus: Path | None = None) -> None:
    """Raise SgnsError if a pipeline cannot be written to `output`, or would replace what must stay."""
    from spacy_sgns.pipeline.save import check_output

    place = output.resolve()
    if Path.cwd().is_relative_to(place):
        raise SgnsError(f"The output {output} is, or holds, the folder you are in. Give a folder of its own.")
    if corpus and place.is_dir() and corpus.resolve().is_relative_to(place):
        raise SgnsError(f"The output {output} holds the corpus, which it would replace. Choose another one.")
    check_output(output, force=force)
