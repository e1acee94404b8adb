"""`sgns trace`: the first training step in detail, then the losses of all epochs."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.console import visible, warn
from spacy_sgns.cli.flags import (
    Base,
    Encoding,
    Errors,
    Lang,
    RereadCorpus,
    SourceKind,
    TextField,
    Unit,
    command,
    with_setting_flags,
)
from spacy_sgns.cli.inputs import pipeline_and_settings
from spacy_sgns.cli.tables import show_table
from spacy_sgns.errors import SettingError

if TYPE_CHECKING:
    from spacy_sgns.pipeline.factory import PipelineFactory
    from spacy_sgns.runs.trace import Trace
    from spacy_sgns.runs.train_vectors import Trained
    from spacy_sgns.settings import Settings

MAX_VOCABULARY_ROWS = 10
MAX_TEXT_WORDS = 12
Pairs = Annotated[int, typer.Option("--pairs", metavar="INT", help="Number of pairs of the first text to show")]


@with_setting_flags
@command
def trace_cli(
    ctx: typer.Context,
    corpus: RereadCorpus,
    lang: Lang = None,
    base: Base = None,
    unit: Unit = "line",
    field: TextField = "text",
    encoding: Encoding = "utf-8",
    errors: Errors = "strict",
    source: SourceKind = "",
    pairs: Pairs = 10,
    **settings: Any,
) -> None:
    """Show the first training step on CORPUS in detail.

    It shows the vocabulary, pairs, noise words, scores and the loss before and after the step; then it trains on all
    of CORPUS and shows the losses. Nothing is written. Its settings are those of `train`.

    Example: python -m spacy sgns trace sample:alice --pairs 5
    """
    factory, chosen = pipeline_and_settings(lang, base, None, ctx.obj, settings)
    reading = {"unit": unit, "field": field, "encoding": encoding, "errors": errors, "source": source}
    show_trace(trace(corpus, chosen, factory, pairs, **reading))
    print("\nAll pairs, all epochs:")
    trained(corpus, factory, chosen, **reading)


def trace(
    corpus: Path,
    settings: "Settings",
    factory: "PipelineFactory | None" = None,
    pairs: int = 10,
    **reading: str,
) -> "Trace":
    """Return the details of the first step on a corpus. Raises SgnsError.

    factory: of the pipeline that splits the texts, by default a blank English one. pairs: the number to list. reading:
    arguments of `Source`.
    """
    from spacy_sgns.pipeline.factory import from_language
    from spacy_sgns.pipeline.train import trace_source
    from spacy_sgns.sources.source import Source

    if str(corpus) == "-":
        raise SettingError("trace reads the corpus twice, so it cannot be standard input. Give a file or a folder.")
    if pairs < 1:
        raise SettingError(f"--pairs must be at least 1, got {pairs}.")
    return trace_source(Source(corpus, **reading), factory or from_language("en", {}), settings, pairs=pairs, warn=warn)


def trained(corpus: Path, factory: "PipelineFactory", settings: "Settings", **reading: str) -> "Trained":
    """Train without writing the result, and return it. reading: arguments of `Source`. Raises SgnsError."""
    from spacy_sgns.cli.progress import RunDisplay
    from spacy_sgns.pipeline.train import train_pipeline
    from spacy_sgns.sources.source import Source

    with closing(RunDisplay(settings)) as display:
        result = train_pipeline(
            Source(corpus, **reading),
            factory,
            settings,
            listeners=[display],
            warn=lambda text: None,  # `trace` has shown the warnings already
        )
        display.finish(result)
    return result


def show_trace(seen: "Trace") -> None:
    """Print a trace in the order of the data flow: text, vocabulary, pairs, noise, scores, loss."""
    print(f"\nThe first text: {visible(_excerpt(seen.text))}")
    print(f"\nThe vocabulary, {len(seen.words):,} words, with probabilities: kept by subsampling, drawn as noise")
    words = [(w.text, f"{w.count:,}", f"{w.kept:.3f}", f"{w.noise:.5f}") for w in seen.words[:MAX_VOCABULARY_ROWS]]
    show_table(("word", "count", "kept", "noise"), words, "lrrr")
    print(f"\nThe first pairs, window {seen.settings.window}, with the weight of each")
    pairs = [(p.centre, p.context, str(p.distance), f"{p.weight:.2f}") for p in seen.pairs]
    show_table(("centre", "context", "distance", "weight"), pairs, "llrr")
    _show_step(seen)


def _show_step(seen: "Trace") -> None:
    rate, centre = seen.settings.learning_rate, seen.pairs[0].centre
    chance = {word.text: word.noise for word in seen.words}
    print(f"\n{centre!r} is scored with its context and with {seen.settings.negative} words drawn as noise")
    rows = [
        (s.text, "context" if s.label else "noise", "" if s.label else f"{chance[s.text]:.5f}", *_scores(s))
        for s in seen.scored
    ]
    show_table(("word", "", "noise", "score", "σ(score)", "wanted", "after the step"), rows, "llrrrrr")
    print(f"\nloss {seen.loss:.6f} before, {seen.loss_after:.6f} after the step, at learning rate {rate:g}")


def _scores(scored: Any) -> tuple[str, str, str, str]:
    return f"{scored.score:.6f}", f"{scored.probability:.6f}", str(scored.label), f"{scored.after:.6f}"


def _excerpt(words: Sequence[str]) -> str:
    return " ".join(words[:MAX_TEXT_WORDS]) + (f" ... ({len(words):,} words)" if len(words) > MAX_TEXT_WORDS else "")
