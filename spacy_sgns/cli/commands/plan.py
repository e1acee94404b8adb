"""`sgns plan`: time, memory and disk of a training run, before it starts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from spacy_sgns.cli.console import warn
from spacy_sgns.cli.flags import (
    Base,
    Encoding,
    Errors,
    Json,
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
from spacy_sgns.settings import Settings
from spacy_sgns.system.machine import shown_bytes, shown_duration

if TYPE_CHECKING:
    from spacy_sgns.pipeline.factory import PipelineFactory
    from spacy_sgns.planning.plan import Plan

MIN_ERROR = 0.05  # relative error of extrapolated numbers of words


@with_setting_flags
@command
def plan_cli(
    ctx: typer.Context,
    corpus: RereadCorpus,
    lang: Lang = None,
    base: Base = None,
    unit: Unit = "line",
    field: TextField = "text",
    encoding: Encoding = "utf-8",
    errors: Errors = "strict",
    source: SourceKind = "",
    as_json: Json = False,
    **settings: Any,
) -> None:
    """Estimate time, memory and disk of training on CORPUS.

    It reads a sample, trains on it for some seconds and shows the expected size of the vocabulary too. Nothing is
    written. Its settings are those of `train`.

    Example: python -m spacy sgns plan sample:alice --dim 200
    """
    factory, chosen = pipeline_and_settings(lang, base, None, ctx.obj, settings)
    made = plan(corpus, factory, chosen, unit=unit, field=field, encoding=encoding, errors=errors, source=source)
    for text in made.warnings:
        warn(text)
    if as_json:
        print(json.dumps(_plain(made), ensure_ascii=False))
    else:
        show_plan(made)


def plan(corpus: Path, factory: "PipelineFactory", settings: Settings, **reading: str) -> "Plan":
    """Return the plan for training on a corpus. reading: arguments of `Source`. Raises SgnsError."""
    from spacy_sgns.planning.plan import plan_source
    from spacy_sgns.sources.source import Source

    return plan_source(Source(corpus, **reading), factory.doc_maker(sentences=settings.within_sentences), settings)


def show_plan(plan: "Plan") -> None:
    """Print a plan in the order of the data flow: corpus, vocabulary, stages, settings."""
    expected, settings, exact = plan.expected, plan.expected.settings, plan.sample == 1
    error = "" if exact else f"; numbers of words are accurate to about {_error(plan):.0%}"
    print(
        f"{'All' if exact else f'{plan.sample:.1%}'} of the corpus was read, in {shown_duration(plan.seconds)}{error}."
    )
    dropped = "left out" + (f" ({', '.join(settings.drop)})" if settings.drop else "")
    sizes = expected.sizes
    corpus = {"texts": sizes.texts, "tokens": sizes.tokens + expected.dropped, dropped: expected.dropped}
    show_table(("corpus", ""), [(name, _count(number, exact)) for name, number in corpus.items()], "lr")
    rows = [
        (f"{w.min_count:,}", _count(w.words, exact), _count(w.kept, exact), "*" * (w.min_count == settings.min_count))
        for w in expected.vocabulary
    ]
    show_table(("min_count", "words", "tokens kept", ""), rows, "rrrl")
    show_table(("", "workers", "time", "memory", "disk"), list(_stages(plan)), "lrrrr")
    free = ["unknown" if free is None else shown_bytes(free) for free in (plan.free_memory, plan.free_disk)]
    print(f"\nFree: {free[0]} of memory, {free[1]} of disk in this folder.")
    print(f"Subsampling leaves {_count(expected.trained)} tokens per epoch ({expected.trained / sizes.kept:.0%}).")
    print(
        f"Settings: dim {settings.dim}, epochs {settings.epochs}, learning_rate {settings.learning_rate:g}, "
        f"chunks_per_step {settings.chunks_per_step}, chunk_size {settings.chunk_size}."
    )


def _stages(plan: "Plan") -> Iterator[tuple[str, str, str, str, str]]:
    workers, epochs = str(plan.speed.workers), plan.expected.settings.epochs
    yield (
        "encoding",
        str(plan.encoders),
        shown_duration(plan.encoding),
        shown_bytes(plan.memory.encoding),
        shown_bytes(plan.disk.encoding),
    )
    yield "one epoch", workers, shown_duration(plan.epoch), "", ""
    training = shown_duration(plan.training), shown_bytes(plan.memory.training), shown_bytes(plan.disk.training)
    yield f"all {epochs:,} epochs", workers, *training
    yield "saving", "1", "", shown_bytes(plan.memory.pipeline), shown_bytes(plan.disk.pipeline)
    yield (
        "total",
        "",
        shown_duration(plan.encoding + plan.training),
        shown_bytes(plan.memory.peak),
        shown_bytes(plan.disk.peak),
    )


def _error(plan: "Plan") -> float:
    return 0.0 if plan.sample == 1 else max(plan.expected.error, MIN_ERROR)


def _plain(plan: "Plan") -> dict[str, Any]:
    expected = plan.expected
    return {
        "sample": plan.sample,
        "error": _error(plan),
        "texts": round(expected.sizes.texts),
        "tokens": round(expected.sizes.tokens),
        "left_out": round(expected.dropped),
        "tokens_kept": round(expected.sizes.kept),
        "tokens_trained": round(expected.trained),
        "words": round(expected.sizes.words),
        "vocabulary": [vars(words) for words in expected.vocabulary],
        "settings": expected.settings.as_dict(),
        "workers": {"encoding": plan.encoders, "training": plan.speed.workers},
        "seconds": {"encoding": plan.encoding, "epoch": plan.epoch, "training": plan.training},
        "memory": {**_rounded(plan.memory), "free": plan.free_memory},
        "disk": {**_rounded(plan.disk), "output": round(plan.output), "free": plan.free_disk},
        "warnings": plan.warnings,
    }


def _rounded(resources: Any) -> dict[str, int]:
    return {name: round(size) for name, size in {**vars(resources), "peak": resources.peak}.items()}


def _count(number: float, exact: bool = False) -> str:
    """Return a number; unless it is exact, round it to three significant digits."""
    digits = 0 if exact else max(0, len(str(round(number))) - 3)
    return f"{round(number, -digits):,.0f}"
