"""Print one report of what the bundled texts allow: a book and four plays, trained, queried, compared and drawn.

Usage: python overview.py [FOLDER]. The pipelines and a map are written to FOLDER, or removed without one.
"""

import sys
from contextlib import redirect_stdout
from importlib.resources import files
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from spacy_sgns import Settings, WordVectors
from spacy_sgns.cli.commands.analogy import analogy
from spacy_sgns.cli.commands.compare import compare
from spacy_sgns.cli.commands.plot import plot
from spacy_sgns.cli.commands.trace import show_trace, trace
from spacy_sgns.cli.commands.train import train
from spacy_sgns.cli.comparison_tables import show_comparison
from spacy_sgns.cli.inputs import pipeline_and_settings
from spacy_sgns.cli.tables import show_scores

BOOK = Path(str(files("spacy_sgns") / "sample" / "alice.txt"))
PLAYS = Path(__file__).parent / "project" / "assets"
SETTINGS = {"dim": 100, "epochs": 30, "learning_rate": 0.1, "workers": 1}


def main(folder: Path) -> None:
    """Print the report."""
    book, plays = str(folder / "alice"), str(folder / "plays")
    title("Two trainings")
    for corpus, output, unit in ((BOOK, book, "paragraph"), (PLAYS, plays, "paragraph")):
        report = trained(corpus, output, unit)
        losses = [epoch["loss"] for epoch in report["epochs"]]
        print(
            f"{Path(output).name}: {report['corpus']['words']:,} words of {report['corpus']['tokens']:,} tokens, ",
            end="",
        )
        print(f"loss {losses[0]:.3f} in the first epoch, {losses[-1]:.3f} in the last of {len(losses)}")
    title("Neighbours, sums, the odd one out")
    vectors = WordVectors.load(book)
    for word in ("rabbit", "queen", "hatter"):
        show_scores(word, "cosine", vectors.most_similar(word, n=5))
    answer = analogy(book, ["duchess + baby - cat"], n=5)
    show_scores(answer.question, "cosine", answer.found)
    odd = vectors.odd_one_out(["hatter", "hare", "dormouse", "queen"])
    show_scores("odd one out", "mean cosine", odd)
    title("The first training step in detail")
    show_trace(trace(BOOK, Settings(**SETTINGS), unit="paragraph", pairs=5))
    title("King and time in the book and in the plays")
    show_comparison(compare([book, plays], ["king", "time"], n=5, min_count=10))
    title("A map")
    drawn, _ = plot(book, folder / "alice.html", top=200, method="pca")
    print(f"{len(drawn.rows)} words in {drawn.name}.html, a page that opens in any browser")


def trained(corpus: Path, output: str, unit: str) -> dict:
    """Train and return the report, without the command's output."""
    factory, settings = pipeline_and_settings("en", None, None, (), SETTINGS)
    with redirect_stdout(StringIO()):
        return train(corpus, Path(output), factory, settings, unit=unit).report


def title(text: str) -> None:
    """Print the title of a section."""
    print(f"\n{text}\n{'=' * len(text)}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with TemporaryDirectory() as place:
            main(Path(place))
