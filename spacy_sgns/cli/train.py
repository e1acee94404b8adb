"""`sgns train`: texts in, a pipeline with vectors out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_sgns.cli.messages import clean_end, msg, on_terminal, warn
from spacy_sgns.cli.options import setting_flag
from spacy_sgns.errors import SettingError
from spacy_sgns.settings import Settings, with_settings

if TYPE_CHECKING:
    from spacy_sgns.flow import Trained
    from spacy_sgns.pipeline.blueprint import Blueprint

Corpus = Annotated[Path, typer.Argument(help=".txt, .jsonl, .spacy (each also .gz, .bz2, .xz), a folder, or -")]
Output = Annotated[Path, typer.Argument(help="Folder for the pipeline; must not exist yet, or be empty")]
Lang = Annotated[str | None, typer.Option(help="Language of a blank pipeline [default: en]", show_default=False)]
Base = Annotated[str | None, typer.Option(help="Pipeline to extend, by name or path; it makes the tokens")]
ConfigFile = Annotated[Path | None, typer.Option(help="spaCy config with [nlp] and [components.sgns]")]
Unit = Annotated[str, typer.Option(help="What one text of a .txt is: line, paragraph or file")]
FieldName = Annotated[str, typer.Option(help="Where a line of a .jsonl has its text")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is in OUTPUT")]
VectorsOnly = Annotated[bool, typer.Option("--vectors-only", help="A pipeline that loads without this plugin")]
Code = Annotated[Path | None, typer.Option(help="Python file that registers alternatives")]
Verbose = Annotated[bool, typer.Option("--verbose", "-V", help="Say more")]


def train_cli(
    ctx: typer.Context,
    corpus: Corpus,
    output: Output,
    lang: Lang = None,
    base: Base = None,
    config: ConfigFile = None,
    unit: Unit = "line",
    field: FieldName = "text",
    force: Force = False,
    vectors_only: VectorsOnly = False,
    code: Code = None,
    verbose: Verbose = False,
    **settings: Any,
) -> None:
    """Train word vectors on CORPUS and write a spaCy pipeline that uses them to OUTPUT.

    Settings come from flags, then from dotted flags (--components.sgns.dim 64), then from --config, then from their
    defaults. An alternative's own settings are dotted flags too: --objective.NAME VALUE.
    """
    with clean_end():
        import_and_log(code, verbose)
        blueprint, chosen = plan(lang, base, config, ctx.obj, settings)
        trained = train(corpus, output, blueprint, chosen, unit, field, force=force, vectors_only=vectors_only)
        show_result(trained, output, vectors_only=vectors_only)


train_cli = with_settings(train_cli, setting_flag)


def import_and_log(code: Path | None, verbose: bool) -> None:
    """Run the user's code and set the level of spaCy's log."""
    import logging

    from spacy.util import logger

    from spacy_sgns.registry import import_code

    if verbose:
        logger.setLevel(logging.DEBUG)
    if code:
        import_code(code)


def plan(
    lang: str | None, base: str | None, config: Path | None, dotted: Sequence[str], flags: Mapping[str, Any]
) -> tuple["Blueprint", Settings]:
    """Return the pipeline to make and the settings to train with. Raises SgnsError, SettingError."""
    from spacy.cli._util import parse_config_overrides

    from spacy_sgns.pipeline import blueprint as make

    if sum(x is not None for x in (lang, base, config)) > 1:
        raise SettingError("Give only one of --lang, --base and --config: each says which pipeline is made.")
    overrides = parse_config_overrides(list(dotted))
    own = {slot: _take(overrides, slot) for slot in ("architecture", "objective")}
    if config:
        blueprint = make.from_config(config, overrides)
    elif base:
        blueprint = make.from_base(base, overrides)
    else:
        blueprint = make.from_language(lang or "en", overrides)
    values = {**blueprint.given, **{name: value for name, value in flags.items() if value is not None}}
    for slot, extra in own.items():
        if extra:
            values[slot] = {**_named(values.get(slot, getattr(Settings(), slot).name)), **extra}
    return blueprint, Settings.of(**values)


def train(
    corpus: Path,
    output: Path,
    blueprint: "Blueprint",
    settings: Settings,
    unit: str = "line",
    field: str = "text",
    *,
    force: bool = False,
    vectors_only: bool = False,
) -> "Trained":
    """Train on `corpus`, write the pipeline to `output` and return the result. Raises SgnsError."""
    from spacy_sgns.cli.watch import watchers
    from spacy_sgns.pipeline.read import Source
    from spacy_sgns.pipeline.save import check_output
    from spacy_sgns.pipeline.train import train_pipeline

    source = Source(corpus, unit, field)
    source.files()
    check_output(output, force=force)
    return train_pipeline(
        source,
        blueprint,
        settings,
        output=output,
        vectors_only=vectors_only,
        listeners=watchers(settings, bars=on_terminal()),
        tell=warn,
    )


def show_result(trained: "Trained", output: Path, *, vectors_only: bool) -> None:
    """Say how the epochs went, where the pipeline lies and how it is used."""
    show_epochs(trained)
    msg.good(f"{len(trained.vectors):,} vectors of {trained.vectors.rows.shape[1]} dimensions in {output}")
    word = trained.vectors.words[min(20, len(trained.vectors) - 1)]
    print(f"  python -m spacy sgns similar {output} {word}")
    print(f'  nlp = spacy.load("{output}")  # token.vector, doc.similarity')
    if not vectors_only:
        msg.info(
            "It needs spacy_sgns to be loaded. For one that loads without: --vectors-only, or "
            f"python -m spacy sgns strip {output} OUT"
        )


def show_epochs(trained: "Trained") -> None:
    """Print a table of the epochs, of many only some."""
    epochs = list(enumerate(trained.report["epochs"], 1))
    step = -(-len(epochs) // 10)
    some = [e for e in epochs if e[0] == 1 or e[0] % step == 0 or e[0] == len(epochs)]
    rows = [(n, f"{e['loss']:.4f}", f"{e['words_per_second']:,}", f"{e['seconds']:.2f}") for n, e in some]
    msg.table(rows, header=("epoch", "loss", "words/s", "seconds"), aligns=("r", "r", "r", "r"), divider=True)


def _take(overrides: dict[str, Any], slot: str) -> dict[str, Any]:
    """Take the settings of an alternative out of dotted flags."""
    prefix = f"{slot}."
    return {key[len(prefix) :]: overrides.pop(key) for key in list(overrides) if key.startswith(prefix)}


def _named(choice: str | Mapping[str, Any]) -> dict[str, Any]:
    return {"name": choice} if isinstance(choice, str) else dict(choice)
