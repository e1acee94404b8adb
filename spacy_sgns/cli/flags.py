"""Arguments and options that commands share, and one option for each setting."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import Field
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from spacy_sgns.cli.console import clean_exit
from spacy_sgns.registry import Choice
from spacy_sgns.settings import GROUPS, Auto, with_settings
from spacy_sgns.system.plugins import import_code

READING, PIPELINE, RUN = "Reading", "Pipeline", "Run and resume"
PANELS = (READING, PIPELINE, *GROUPS, RUN)  # groups of options in a command's help, in this order
METAVARS = {int: "INT", float: "FLOAT", str: "TEXT"}
Pipeline = Annotated[
    str,
    typer.Argument(metavar="PIPELINE", help="A pipeline, by name or path, or a .vec, .txt or .bin file of vectors"),
]
Words = Annotated[list[str], typer.Argument(metavar="WORD", help="The words to look up")]
Number = Annotated[int, typer.Option("--n", "-n", metavar="INT", help="Number of words in each answer")]
Among = Annotated[
    str,
    typer.Option(metavar="INT|FILE", help="Answer only with the INT most frequent words, or with the words in FILE"),
]
MinCount = Annotated[
    int, typer.Option(metavar="INT", help="Answer only with words that occur at least INT times in the corpus")
]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON object instead of tables")]
Code = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Python file to run first: registers your own architectures, formats, ..."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the pipeline in OUTPUT")]
ForceFile = Annotated[bool, typer.Option("--force", help="Replace a file that exists")]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Refuse all words if one of them has no vector; by default it is named and left out"),
]
RereadCorpus = Annotated[
    Path,
    typer.Argument(
        metavar="CORPUS",
        help="A .txt, .jsonl or .spacy file (also .gz, .bz2, .xz), a folder of these, or sample:alice, a bundled text",
    ),
]
Lang = Annotated[
    str | None,
    typer.Option(
        metavar="CODE",
        help="Language code of the new pipeline [default: en]",
        show_default=False,
        rich_help_panel=PIPELINE,
    ),
]
Base = Annotated[
    str | None,
    typer.Option(
        metavar="PIPELINE",
        help="Pipeline to extend, by name or path; its tokenizer splits the texts",
        rich_help_panel=PIPELINE,
    ),
]
Unit = Annotated[
    str,
    typer.Option(metavar="line|paragraph|file", help="What counts as one text in a .txt file", rich_help_panel=READING),
]
TextField = Annotated[
    str,
    typer.Option(
        "--field",
        metavar="TEXT",
        help="Field of a .jsonl line that holds the text; data.body: within data",
        rich_help_panel=READING,
    ),
]
Encoding = Annotated[
    str, typer.Option(metavar="NAME", help="Encoding of .txt and .jsonl files", rich_help_panel=READING)
]
SourceKind = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="NAME",
        help="Kind of all files, whatever their endings: text, jsonl or docbin",
        rich_help_panel=READING,
    ),
]
Errors = Annotated[
    str,
    typer.Option(
        metavar="strict|replace",
        help="At bytes that cannot be decoded: stop, or insert a replacement mark",
        rich_help_panel=READING,
    ),
]


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose errors end in one line, with an option `--code` for a Python file that it runs first."""

    @wraps(function)
    def run(*, code: Path | None = None, **options: Any) -> None:
        with clean_exit():
            if code:
                import_code(code)
            function(**options)

    own = list(inspect.signature(function).parameters.values())
    settings = [own.pop()] if own[-1].kind is inspect.Parameter.VAR_KEYWORD else []
    parameters = [*own, _keyword("code", Code), *settings]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def with_setting_flags(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command with one option for each setting in place of its `**settings`."""
    return with_settings(function, setting_flag)


def setting_flag(setting: Field[Any]) -> inspect.Parameter:
    """Return the option of a setting. Its value is None unless the user gives it."""
    types = (setting.type, *get_args(setting.type))
    kind: Any = next((k for k in (bool, int, float) if k in types), str)
    default = "" if kind is bool else f" [default: {_default_text(setting.default)}]"
    parsed: dict[str, Any] = {} if kind is bool else {"parser": _lenient(kind), "metavar": _metavar(kind, types)}
    several = isinstance(setting.default, tuple)
    more = " Give several with commas, or the option several times." if several else ""
    option = typer.Option(
        help=setting.metadata["help"] + more + default,
        show_default=False,
        rich_help_panel=setting.metadata["group"],
        **parsed,
    )
    return _keyword(setting.name, Annotated[(list[kind] if several else kind) | None, option])


def _keyword(name: str, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _metavar(kind: Any, types: Iterable[Any]) -> str:
    """Return the values that an option takes: `INT`, `INT|auto`, `fold|keep`."""
    words = [word for t in types for word in ([t] if isinstance(t, str) else get_args(t) if t is Auto else [])]
    return "|".join(words if kind is str and words else [METAVARS[kind], *words])


def _default_text(default: Any) -> str:
    if isinstance(default, Choice):
        return default.name.rsplit(".", 1)[0]
    return ",".join(default) if isinstance(default, tuple) else str(default)


def _lenient(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a parser that passes on text that is not a number: the error of `Settings` explains it better."""

    def parse(text: str) -> Any:
        try:
            return kind(text)
        except ValueError:
            return text

    return parse
