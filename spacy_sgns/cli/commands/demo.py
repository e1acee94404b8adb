"""`sgns demo`: train on Alice in Wonderland within seconds."""

import shlex
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_sgns.cli.console import clean_exit, good
from spacy_sgns.cli.flags import Force
from spacy_sgns.cli.output import check_output_folder
from spacy_sgns.cli.tables import show_scores
from spacy_sgns.settings import Settings

if TYPE_CHECKING:
    from spacy_sgns.runs.train_vectors import Trained

SAMPLE = "sample:alice"
WORDS = ("rabbit", "queen", "hatter")
SETTINGS = Settings(dim=100, epochs=30, learning_rate=0.1)
Output = Annotated[
    Path | None, typer.Argument(metavar="OUTPUT", help="Folder for the pipeline; without it nothing is written")
]


@clean_exit()
def demo_cli(output: Output = None, force: Force = False) -> None:
    """Train on Alice in Wonderland and show nearest words.

    It takes some seconds; the text is part of the package.

    Example: python -m spacy sgns demo
    """
    trained = demo(output, force=force)
    for word in WORDS:
        show_scores(word, "cosine", trained.vectors.most_similar(word, n=8))
    _show_next(output)


def _show_next(output: Path | None) -> None:
    """Print what to do with the pipeline, and how to train on other texts."""
    print()
    if output:
        path = shlex.quote(str(output))
        good(f"Wrote the pipeline to {output}")
        print(f"  python -m spacy sgns similar {path} king")
        print(f"  python -m spacy sgns plot {path} map.html")
    else:
        print("Nothing was written. To keep the vectors:")
        print("  python -m spacy sgns demo ./alice")
    print("To train on texts of your own, a file or a folder:")
    print("  python -m spacy sgns train YOUR_TEXTS ./vectors")


def demo(output: Path | None = None, *, force: bool = False) -> "Trained":
    """Train on the bundled sample; write the pipeline to `output`, if given. Raises SgnsError."""
    from spacy_sgns.cli.progress import RunDisplay
    from spacy_sgns.pipeline.factory import from_language
    from spacy_sgns.pipeline.options import RunOptions
    from spacy_sgns.pipeline.train import train_pipeline
    from spacy_sgns.sources.source import Source

    if output:
        check_output_folder(output, force=force)
    with closing(RunDisplay(SETTINGS)) as display:
        result = train_pipeline(
            Source(Path(SAMPLE), unit="paragraph"),
            from_language("en", {}),
            SETTINGS,
            RunOptions(output, force=force),
            listeners=[display],
            warn=display.warn,
        )
        display.finish(result)
    return result
