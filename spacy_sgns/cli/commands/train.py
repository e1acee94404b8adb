"""`sgns train`: train on texts and write a pipeline with vectors."""

import logging
import shlex
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.console import good, info, visible
from spacy_sgns.cli.flags import (
    PIPELINE,
    RUN,
    Base,
    Encoding,
    Errors,
    Lang,
    SourceKind,
    TextField,
    Unit,
    command,
    with_setting_flags,
)
from spacy_sgns.cli.inputs import pipeline_and_settings
from spacy_sgns.cli.output import check_output_folder
from spacy_sgns.cli.tables import counted
from spacy_sgns.settings import Settings

if TYPE_CHECKING:
    from spacy_sgns.pipeline.factory import PipelineFactory
    from spacy_sgns.runs.train_vectors import Trained


def _set_log_level(verbose: bool) -> bool:
    if verbose:
        logging.getLogger("spacy").setLevel(logging.DEBUG)
    return verbose


Corpus = Annotated[
    Path,
    typer.Argument(
        metavar="CORPUS",
        help="A .txt, .jsonl or .spacy file (also .gz, .bz2, .xz), a folder of these, - for standard input (text "
        "or JSON lines), or sample:alice, a bundled text",
    ),
]
Output = Annotated[
    Path, typer.Argument(metavar="OUTPUT", help="Folder for the pipeline; must be empty or not exist yet")
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="spaCy config with the sections [nlp] and [components.sgns]", rich_help_panel=PIPELINE
    ),
]
ForceTraining = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Replace the pipeline in OUTPUT, discard an interrupted run, and do not check free memory and disk",
        rich_help_panel=RUN,
    ),
]
Component = Annotated[
    bool,
    typer.Option(
        "--component",
        help="Add the component sgns to the pipeline, which then needs this plugin to load",
        rich_help_panel=PIPELINE,
    ),
]
Eval = Annotated[
    list[Path] | None,
    typer.Option(
        "--eval", metavar="FILE", help="Score each epoch on word pairs or analogies; repeatable", rich_help_panel=RUN
    ),
]
CheckpointEvery = Annotated[
    float,
    typer.Option(
        metavar="MINUTES", help="Minutes between checkpoints in OUTPUT.work; 0 disables them", rich_help_panel=RUN
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="Resume the interrupted run in OUTPUT.work; a finished run is left alone", rich_help_panel=RUN
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-V", help="Show all settings, and log the traceback of an error", callback=_set_log_level
    ),
]


@with_setting_flags
@command
def train_cli(
    ctx: typer.Context,
    corpus: Corpus,
    output: Output,
    lang: Lang = None,
    base: Base = None,
    config: ConfigFile = None,
    unit: Unit = "line",
    field: TextField = "text",
    encoding: Encoding = "utf-8",
    errors: Errors = "strict",
    source: SourceKind = "",
    force: ForceTraining = False,
    component: Component = False,
    eval: Eval = None,
    checkpoint_every: CheckpointEvery = 10,
    resume: Resume = False,
    verbose: Verbose = False,
    **settings: Any,
) -> None:
    """Train word vectors on CORPUS and write a pipeline to OUTPUT.

    A setting comes from its option (--dim 64), else from a dotted flag (--components.sgns.dim 64), else from
    --config, else it has its default. Parameters of an architecture, objective, weighting or noise are dotted flags:
    --objective.NAME VALUE.

    Example: python -m spacy sgns train sample:alice ./alice --unit paragraph
    """
    factory, chosen = pipeline_and_settings(lang, base, config, ctx.obj, settings)
    if resume and not force and is_finished(output, chosen):
        good(f"The run is finished: {output} has its vectors, and there is nothing to resume")
        return
    trained = train(
        corpus,
        output,
        factory,
        chosen,
        force=force,
        component=component,
        gold=eval or (),
        checkpoint_every=checkpoint_every,
        resume=resume,
        unit=unit,
        field=field,
        encoding=encoding,
        errors=errors,
        source=source,
    )
    show_result(trained, output)


def train(
    corpus: Path,
    output: Path,
    factory: "PipelineFactory",
    settings: Settings,
    *,
    force: bool = False,
    component: bool = False,
    gold: Sequence[Path] = (),
    checkpoint_every: float = 10,
    resume: bool = False,
    **reading: str,
) -> "Trained":
    """Train on `corpus`, write the pipeline to `output` and return the result. Raises SgnsError, SettingError.

    gold: files to score the vectors on after each epoch. checkpoint_every: in minutes; 0 disables checkpoints.
    resume: resume an interrupted run. reading: arguments of `Source`.
    """
    from spacy_sgns.cli.progress import RunDisplay
    from spacy_sgns.evaluation.files import read_sets
    from spacy_sgns.pipeline.options import RunOptions
    from spacy_sgns.pipeline.train import train_pipeline
    from spacy_sgns.planning.preflight import check_resources
    from spacy_sgns.sources.source import Source
    from spacy_sgns.sources.unit_hint import unit_hint

    options = RunOptions(output, force, component, checkpoint_every, resume)
    source = Source(corpus, **reading)
    files = source.files()
    check_output_folder(output, force=force, corpus=corpus)
    if not force and not resume:
        check_resources(source, partial(factory.doc_maker, sentences=settings.within_sentences), settings, output)
    sets = read_sets(gold)
    if hint := unit_hint(source, files):
        info(hint)
    with closing(RunDisplay(settings)) as display:
        trained = train_pipeline(
            source,
            factory,
            settings,
            options,
            listeners=[display],
            gold=sets,
            warn=display.warn,
        )
        display.finish(trained)
    return trained


def is_finished(output: Path, settings: Settings) -> bool:
    """Return whether `output` has the result of a finished run, and none is to be resumed. Raises SgnsError.

    It is an error if the finished run had other settings.
    """
    from spacy_sgns.pipeline.finished import finished_report

    return finished_report(output, settings) is not None


def show_result(trained: "Trained", output: Path) -> None:
    """Print where the pipeline is and how to use it."""
    from spacy_sgns.pipeline.stop_words import stop_words
    from spacy_sgns.vectors.example_word import example_word

    words, path = trained.vectors.words, shlex.quote(str(output))
    print()
    good(f"{counted(len(words), 'vector')} of {counted(trained.vectors.rows.shape[1], 'dimension')} in {output}")
    word = example_word(trained.vectors, stop_words(str(output)))
    print(f"  python -m spacy sgns similar {visible(path)} {visible(shlex.quote(word))}")
    print(f"  nlp = spacy.load({str(output)!r})  # token.vector, doc.similarity")
