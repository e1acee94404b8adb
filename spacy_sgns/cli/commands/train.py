"""`sgns train`: texts in, a pipeline with vectors out."""

import logging
import shlex
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.console import clean_end, good, info, show_table, visible
from spacy_sgns.cli.flags import Code, ForceOrCramped, setting_flag
from spacy_sgns.cli.output import check_place
from spacy_sgns.errors import SettingError, closest
from spacy_sgns.settings import Settings, with_settings
from spacy_sgns.system.plugins import import_code

if TYPE_CHECKING:
    from spacy_sgns.pipeline.factory import PipelineFactory
    from spacy_sgns.runs.train_vectors import Trained

SLOTS = ("architecture", "objective", "weighting", "noise")
OURS = "components.sgns."
MOST_MINUTES = 10_000
Corpus = Annotated[
    Path,
    typer.Argument(metavar="CORPUS", help=".txt, .jsonl, .spacy (each also .gz, .bz2, .xz), a folder, or - for stdin"),
]
Output = Annotated[
    Path, typer.Argument(metavar="OUTPUT", help="Folder for the pipeline; must not exist yet, or be empty")
]
Lang = Annotated[
    str | None, typer.Option(metavar="CODE", help="Language of a blank pipeline [default: en]", show_default=False)
]
Base = Annotated[
    str | None, typer.Option(metavar="PIPELINE", help="Pipeline to extend, by name or path; it makes the tokens")
]
ConfigFile = Annotated[Path | None, typer.Option(metavar="FILE", help="spaCy config with [nlp] and [components.sgns]")]
Unit = Annotated[str, typer.Option(metavar="line|paragraph|file", help="What one text of a .txt is")]
FieldName = Annotated[str, typer.Option(metavar="TEXT", help="Where a line of a .jsonl has its text")]
Encoding = Annotated[str, typer.Option(metavar="NAME", help="Encoding of .txt and .jsonl")]
Errors = Annotated[
    str, typer.Option(metavar="strict|replace", help="Stop at what is no valid character, or put a mark in its place")
]
VectorsOnly = Annotated[bool, typer.Option("--vectors-only", help="Write a pipeline that loads without this plugin")]
Eval = Annotated[
    list[Path] | None,
    typer.Option("--eval", metavar="FILE", help="Score each epoch on word pairs or analogies; repeatable"),
]
CheckpointEvery = Annotated[
    float,
    typer.Option(
        metavar="MINUTES", help="Keep training in OUTPUT.work so often, and after epochs where that is quick; 0: never"
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the training in OUTPUT.work that was interrupted")]
Verbose = Annotated[bool, typer.Option("--verbose", "-V", help="Say more: all settings, and where an error arose")]


def train_cli(
    ctx: typer.Context,
    corpus: Corpus,
    output: Output,
    lang: Lang = None,
    base: Base = None,
    config: ConfigFile = None,
    unit: Unit = "line",
    field: FieldName = "text",
    encoding: Encoding = "utf-8",
    errors: Errors = "strict",
    force: ForceOrCramped = False,
    vectors_only: VectorsOnly = False,
    eval: Eval = None,
    checkpoint_every: CheckpointEvery = 10,
    resume: Resume = False,
    code: Code = None,
    verbose: Verbose = False,
    **settings: Any,
) -> None:
    """Train word vectors on CORPUS, write a pipeline to OUTPUT.

    Settings come from flags, then from dotted flags (--components.sgns.dim 64), then from --config, then from their
    defaults. An alternative's own settings are dotted flags too: --objective.NAME VALUE.
    """
    with clean_end():
        if verbose:
            logging.getLogger("spacy").setLevel(logging.DEBUG)
        if code:
            import_code(code)
        factory, chosen = requested(lang, base, config, ctx.obj, settings)
        trained = train(
            corpus,
            output,
            factory,
            chosen,
            force=force,
            vectors_only=vectors_only,
            gold=eval or (),
            checkpoint_every=checkpoint_every,
            resume=resume,
            unit=unit,
            field=field,
            encoding=encoding,
            errors=errors,
        )
        show_result(trained, output, vectors_only=vectors_only)


train_cli = with_settings(train_cli, setting_flag)


def requested(
    lang: str | None, base: str | None, config: Path | None, dotted: Sequence[str], flags: Mapping[str, Any]
) -> tuple["PipelineFactory", Settings]:
    """Return the pipeline to make and the settings to train with. Raises SgnsError, SettingError.

    dotted: flags and their values as given. flags: by setting; None where not given. A setting is taken from the first
    of flag, dotted flag and config that has it, else its default.
    """
    from spacy.cli._util import parse_config_overrides

    from spacy_sgns.pipeline import factory as make

    if sum(x is not None for x in (lang, base, config)) > 1:
        raise SettingError("Give only one of --lang, --base and --config: each says which pipeline is made.")
    overrides = parse_config_overrides(list(dotted))
    ours = {key.removeprefix(OURS): overrides.pop(key) for key in list(overrides) if key.startswith(OURS)}
    own = {key: overrides.pop(key) for key in list(overrides) if key.split(".")[0] in SLOTS}
    if config:
        factory = make.from_config(config, overrides)
    else:
        _check_sections(overrides, *(["components"] if base else []))
        factory = make.from_base(base, overrides) if base else make.from_language(lang or "en", overrides)
    given = {name: value for name, value in flags.items() if value is not None}
    return factory, Settings.of(**_with_dotted({**_with_dotted(factory.given, ours), **given}, own))


def train(
    corpus: Path,
    output: Path,
    factory: "PipelineFactory",
    settings: Settings,
    *,
    force: bool = False,
    vectors_only: bool = False,
    gold: Sequence[Path] = (),
    checkpoint_every: float = 10,
    resume: bool = False,
    **reading: str,
) -> "Trained":
    """Train on `corpus`, write the pipeline to `output` and return the result. Raises SgnsError, SettingError.

    gold: files that the vectors are scored on after each epoch. checkpoint_every: minutes; 0: nothing is kept. resume:
    go on with a run that was interrupted. reading: how `Source` reads the corpus.
    """
    from spacy_sgns.cli.progress import Watcher
    from spacy_sgns.evaluation.files import read_sets
    from spacy_sgns.pipeline.train import train_pipeline
    from spacy_sgns.planning.preflight import check_room
    from spacy_sgns.sources.source import Source

    if not 0 <= checkpoint_every <= MOST_MINUTES:
        raise SettingError(f"--checkpoint-every must be from 0 to {MOST_MINUTES:,} minutes, got {checkpoint_every}.")
    if resume and not checkpoint_every:
        raise SettingError("--resume goes on with checkpoints: leave out --checkpoint-every 0.")
    source = Source(corpus, **reading)
    source.files()
    check_place(output, force=force, corpus=corpus)
    if not force and not resume:
        check_room(source, partial(factory.doc_maker, sentences=settings.within_sentences), settings, output)
    sets = read_sets(gold)
    with closing(Watcher(settings)) as watcher:
        return train_pipeline(
            source,
            factory,
            settings,
            output=output,
            force=force,
            vectors_only=vectors_only,
            listeners=[watcher],
            gold=sets,
            checkpoint_every=checkpoint_every,
            resume=resume,
            tell=watcher.warn,
        )


def show_result(trained: "Trained", output: Path, *, vectors_only: bool) -> None:
    """Say how the epochs went, where the pipeline lies and how it is used."""
    show_epochs(trained)
    words, path = trained.vectors.words, shlex.quote(str(output))
    print()
    good(f"{len(words):,} vectors of {trained.vectors.rows.shape[1]} dimensions in {output}")
    word = next((word for word in words[50:] if word.isalpha() and len(word) > 4), words[-1])
    print(f"  python -m spacy sgns similar {visible(path)} {visible(shlex.quote(word))}")
    print(f"  nlp = spacy.load({str(output)!r})  # token.vector, doc.similarity")
    if not vectors_only:
        info("It needs spacy_sgns to load. For one that does not: --vectors-only, or now")
        print(f"  python -m spacy sgns strip {visible(path)} OUT")


def show_epochs(trained: "Trained") -> None:
    """Print a table of the epochs, of many only some, with their scores where they have any."""
    epochs = list(enumerate(trained.report["epochs"], 1))
    step = -(-len(epochs) // 10)
    best = trained.report["best_epoch"]
    some = [e for e in epochs if e[0] in (1, best, len(epochs)) or e[0] % step == 0]
    sets = list(epochs[0][1].get("scores", ()))
    held_out = ["held-out"] if "held_out_loss" in epochs[0][1] else []
    header = ("epoch", "loss", *held_out, *sets, "words/s", "seconds")
    rows = [
        (
            str(n),
            _score(e["loss"] or None, 4),
            *(_score(e["held_out_loss"], 4) for _ in held_out),
            *(_score(e["scores"][name]) for name in sets),
            *_speed(e),
        )
        for n, e in some
    ]
    show_table(header, rows, "r" * len(header))
    if best:
        info(f"The vectors are those of epoch {best}, with the lowest held-out loss")


def _score(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _speed(epoch: Mapping[str, Any]) -> tuple[str, str]:
    return f"{epoch['words_per_second']:,}", f"{epoch['seconds']:.2f}"


def _check_sections(overrides: Mapping[str, Any], *more: str) -> None:
    """Raise SettingError for a dotted flag to a section that is not there. more: sections that are."""
    from spacy.language import DEFAULT_CONFIG

    sections = (DEFAULT_CONFIG.keys() - {"components"}) | set(more)
    for name in overrides:
        place, _, _ = name.rpartition(".")
        if place.split(".")[0] not in sections:
            hint = closest(place, [OURS.rstrip("."), *SLOTS, *sorted(sections)], n=1)
            raise SettingError(f"--{name} sets nothing: there is no section {place!r}. {hint}".rstrip())


def _with_dotted(values: Mapping[str, Any], dotted: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with those of dotted flags; an alternative's own go to the one named before, or here."""
    from spacy.util import dot_to_dict

    from spacy_sgns.pipeline.config import settings_from_config

    result = {**values, **{key: value for key, value in dotted.items() if "." not in key}}
    nested = settings_from_config(dot_to_dict({key: value for key, value in dotted.items() if "." in key}))
    for slot, own in nested.items():
        before = result.get(slot) or (getattr(Settings(), slot).name if slot in SLOTS else "")
        named = {"name": before} if isinstance(before, str) else before
        result[slot] = own if "name" in own else {**named, **own}
    return result
