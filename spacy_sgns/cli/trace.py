"""`sgns trace`: one step of training seen from near, then the losses of the epochs."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.messages import clean_end, show_table
from spacy_sgns.cli.options import Code, setting_flag
from spacy_sgns.cli.train import Corpus, FieldName, Lang, Unit, plan, show_epochs
from spacy_sgns.errors import SettingError
from spacy_sgns.registry import import_code
from spacy_sgns.settings import with_settings

if TYPE_CHECKING:
    from spacy_sgns.flow import Trained
    from spacy_sgns.settings import Settings
    from spacy_sgns.trace import Trace

WORDS_SHOWN = 10
TEXT_SHOWN = 12
First = Annotated[int, typer.Option("--pairs", metavar="INT", help="How many pairs of the first text are shown")]


def trace_cli(
    corpus: Corpus,
    lang: Lang = None,
    unit: Unit = "line",
    field: FieldName = "text",
    pairs: First = 10,
    code: Code = None,
    **settings: Any,
) -> None:
    """Show what the first step on CORPUS is made of, then train and show the losses; nothing is written.

    Settings are flags, as of train.
    """
    with clean_end():
        if code:
            import_code(code)
        _, chosen = plan(lang, None, None, (), settings)
        seen, trained = trace(corpus, chosen, lang or "en", unit, field, pairs)
        show_trace(seen)
        print("\nAll epochs, all pairs:")
        show_epochs(trained)


trace_cli = with_settings(trace_cli, setting_flag)


def trace(
    corpus: Path, settings: "Settings", lang: str = "en", unit: str = "line", field: str = "text", pairs: int = 10
) -> tuple["Trace", "Trained"]:
    """Return what the first step on a corpus is made of, and a training on it. Raises SgnsError."""
    from spacy_sgns.cli.watch import Watcher
    from spacy_sgns.pipeline.blueprint import from_language
    from spacy_sgns.pipeline.read import Source
    from spacy_sgns.pipeline.train import trace_source, train_pipeline

    if str(corpus) == "-":
        raise SettingError("trace reads the corpus twice, so it cannot be standard input. Give a file or a folder.")
    if pairs < 1:
        raise SettingError(f"--pairs must be at least 1, got {pairs}.")
    source, blueprint = Source(corpus, unit, field), from_language(lang, {})
    with closing(Watcher(settings)) as watcher:
        seen = trace_source(source, blueprint, settings, pairs=pairs, tell=watcher.warn)
        return seen, train_pipeline(source, blueprint, settings, output=None, listeners=[watcher], tell=watcher.warn)


def show_trace(seen: "Trace") -> None:
    """Print a trace, the data's way: text, vocabulary, pairs, noise, scores, loss."""
    print(f"\nThe first text: {_some(seen.text)}")
    print(f"\nThe vocabulary, {len(seen.words):,} words; kept: the chance to survive subsampling; noise: to be drawn")
    words = [(w.text, f"{w.count:,}", f"{w.kept:.3f}", f"{w.noise:.5f}") for w in seen.words[:WORDS_SHOWN]]
    show_table(("word", "count", "kept", "noise"), words, "lrrr")
    print(f"\nThe first pairs, window {seen.settings.window}; weight: the chance that the drawn window reaches so far")
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
    return f"{scored.score:.4f}", f"{scored.chance:.4f}", str(scored.wanted), f"{scored.after:.4f}"


def _some(words: Sequence[str]) -> str:
    return " ".join(words[:TEXT_SHOWN]) + (f" ... ({len(words):,} words)" if len(words) > TEXT_SHOWN else "")
