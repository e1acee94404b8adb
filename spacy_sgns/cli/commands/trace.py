"""`sgns trace`: one step of training seen from near, then the losses of the epochs."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.commands.train import Encoding, Errors, FieldName, Lang, Unit, requested, show_epochs
from spacy_sgns.cli.console import clean_end, show_table, visible, warn
from spacy_sgns.cli.flags import Code, setting_flag
from spacy_sgns.errors import SettingError
from spacy_sgns.settings import with_settings
from spacy_sgns.system.plugins import import_code

if TYPE_CHECKING:
    from spacy_sgns.runs.trace import Trace
    from spacy_sgns.runs.train_vectors import Trained
    from spacy_sgns.settings import Settings

WORDS_SHOWN = 10
TEXT_SHOWN = 12
Corpus = Annotated[Path, typer.Argument(metavar="CORPUS", help=".txt, .jsonl, .spacy (each also packed), or a folder")]
First = Annotated[int, typer.Option("--pairs", metavar="INT", help="How many pairs of the first text are shown")]


def trace_cli(
    corpus: Corpus,
    lang: Lang = None,
    unit: Unit = "line",
    field: FieldName = "text",
    encoding: Encoding = "utf-8",
    errors: Errors = "strict",
    pairs: First = 10,
    code: Code = None,
    **settings: Any,
) -> None:
    """Show what the first step of training on CORPUS is made of.

    Then train on all of it and show the losses; nothing is written. Settings are flags, as of train.
    """
    with clean_end():
        if code:
            import_code(code)
        _, chosen = requested(lang, None, None, (), settings)
        reading = {"unit": unit, "field": field, "encoding": encoding, "errors": errors}
        show_trace(trace(corpus, chosen, lang or "en", pairs, **reading))
        print("\nAll pairs, all epochs:")
        show_epochs(trained(corpus, chosen, lang or "en", **reading))


trace_cli = with_settings(trace_cli, setting_flag)


def trace(corpus: Path, settings: "Settings", lang: str = "en", pairs: int = 10, **reading: str) -> "Trace":
    """Return what the first step on a corpus is made of. Raises SgnsError.

    pairs: how many to list. reading: how `Source` reads the corpus.
    """
    from spacy_sgns.pipeline.factory import from_language
    from spacy_sgns.pipeline.train import trace_source
    from spacy_sgns.sources.source import Source

    if str(corpus) == "-":
        raise SettingError("trace reads the corpus twice, so it cannot be standard input. Give a file or a folder.")
    if pairs < 1:
        raise SettingError(f"--pairs must be at least 1, got {pairs}.")
    return trace_source(Source(corpus, **reading), from_language(lang, {}), settings, pairs=pairs, tell=warn)


def trained(corpus: Path, settings: "Settings", lang: str = "en", **reading: str) -> "Trained":
    """Return the result of a training that is written nowhere. reading: as of `trace`. Raises SgnsError."""
    from spacy_sgns.cli.progress import Watcher
    from spacy_sgns.pipeline.factory import from_language
    from spacy_sgns.pipeline.train import train_pipeline
    from spacy_sgns.sources.source import Source

    with closing(Watcher(settings)) as watcher:
        return train_pipeline(
            Source(corpus, **reading),
            from_language(lang, {}),
            settings,
            output=None,
            listeners=[watcher],
            tell=lambda text: None,  # it was said when the corpus was read for the first time
        )


def show_trace(seen: "Trace") -> None:
    """Print a trace, the data's way: text, vocabulary, pairs, noise, scores, loss."""
    print(f"\nThe first text: {visible(_some(seen.text))}")
    print(f"\nThe vocabulary, {len(seen.words):,} words; kept: the chance to survive subsampling; noise: to be drawn")
    words = [(w.text, f"{w.count:,}", f"{w.kept:.3f}", f"{w.noise:.5f}") for w in seen.words[:WORDS_SHOWN]]
    show_table(("word", "count", "kept", "noise"), words, "lrrr")
    print(f"\nThe first pairs, window {seen.settings.window}; weight: how much a pair counts")
    pairs = [(p.centre, p.context, str(p.distance), f"{p.weight:.2f}") for p in seen.pairs]
    show_table(("centre", "context", "distance", "weight"), pairs, "llrr")
    _show_step(seen)


def _show_step(seen: "Trace") -> None:
    rate, centre = seen.settings.learning_rate, seen.pairs[0].centre
    chance = {word.text: word.noise for word in seen.words}
    print(f"\n{centre!r} is asked about its context and {seen.settings.negative} words drawn as noise")
    rows = [
        (s.text, "context" if s.wanted else "noise", "" if s.wanted else f"{chance[s.text]:.5f}", *_scores(s))
        for s in seen.scored
    ]
    show_table(("word", "", "noise", "score", "σ(score)", "wanted", "after a step"), rows, "llrrrrr")
    print(f"\nloss {seen.loss:.6f} before, {seen.loss_after:.6f} after one step at learning rate {rate:g}")


def _scores(scored: Any) -> tuple[str, str, str, str]:
    return f"{scored.score:.6f}", f"{scored.chance:.6f}", str(scored.wanted), f"{scored.after:.6f}"


def _some(words: Sequence[str]) -> str:
    return " ".join(words[:TEXT_SHOWN]) + (f" ... ({len(words):,} words)" if len(words) > TEXT_SHOWN else "")
