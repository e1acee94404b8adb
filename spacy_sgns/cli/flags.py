"""Flags: one for each setting, those that commands share, and dotted ones that go to the config."""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import Field
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from typer.core import TyperCommand, TyperGroup

from spacy_sgns.errors import closest
from spacy_sgns.registry import Choice
from spacy_sgns.settings import Auto

METAVARS = {int: "INT", float: "FLOAT", str: "TEXT"}
Pipeline = Annotated[
    str, typer.Argument(metavar="PIPELINE", help="Pipeline, by name or path, or a .vec, .txt or .bin file")
]
Code = Annotated[Path | None, typer.Option(metavar="FILE", help="Python file that registers alternatives of your own")]
Words = Annotated[list[str], typer.Argument(metavar="WORD", help="Words to ask about")]
Number = Annotated[int, typer.Option("--n", "-n", metavar="INT", help="How many words an answer has")]
Among = Annotated[
    str, typer.Option(metavar="INT|FILE", help="Answer with the INT most frequent words, or those in FILE, alone")
]
Json = Annotated[bool, typer.Option("--json", help="For programs: an object instead of tables")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is in OUTPUT")]
ForceOrCramped = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Replace what is in OUTPUT; start over where a training could go on; train where room seems short",
    ),
]


class Command(TyperCommand):
    """A command to which an unknown flag is an error that offers the closest one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments."""
        flags = _flags(self.get_params(ctx))
        _check(ctx, args, flags, lambda name: closest(name, flags, n=1))
        return super().parse_args(ctx, args)


class CommandWithOverrides(Command):
    """A command that takes dotted flags too, `--components.sgns.dim 64`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put dotted flags with their values into `ctx.obj`, and parse the others."""
        ctx.obj, rest, waiting = [], [], list(args)
        while waiting:
            arg = waiting.pop(0)
            if arg == "--":
                rest += [arg, *waiting]
                break
            if not (arg.startswith("--") and "." in arg.split("=", 1)[0]):
                rest.append(arg)
                continue
            ctx.obj.append(arg)
            if "=" not in arg and waiting and not waiting[0].startswith("--"):
                ctx.obj.append(waiting.pop(0))
        return super().parse_args(ctx, rest)


class CommandOfWords(Command):
    """A command whose words may begin with a minus: only what is a flag of its own is taken for one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put flags before, and all else behind, the mark that no flags follow."""
        takes_value = {flag: not param.is_flag for param in self.get_params(ctx) for flag in _flags([param])}
        options, words, waiting = [], [], list(args)
        while waiting:
            arg = waiting.pop(0)
            if arg == "--":
                words += waiting
                break
            name = arg.split("=", 1)[0]
            if name in takes_value or arg.startswith("--") or re.fullmatch(r"-[a-z]\d+", arg):
                options.append(arg)
                if arg == name and takes_value.get(name) and waiting:
                    options.append(waiting.pop(0))
            else:
                words.append(arg)
        return super().parse_args(ctx, [*options, "--", *words])


class CommandGroup(TyperGroup):
    """The commands; a flag of theirs before their name is an error that says where it belongs."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments as far as the name of the command."""
        theirs = _flags(param for command in self.commands.values() for param in command.params)
        leading = list(takewhile(lambda arg: arg.startswith("-"), args))
        _check(ctx, leading, _flags(self.get_params(ctx)), lambda name: _belongs_after(closest(name, theirs, n=1)))
        return super().parse_args(ctx, args)


def setting_flag(setting: Field[Any]) -> inspect.Parameter:
    """Return the flag of a setting; it is None where it was not given."""
    kinds = (setting.type, *get_args(setting.type))
    kind: Any = next((k for k in (bool, int, float) if k in kinds), str)
    default = "" if kind is bool else f" [default: {_shown(setting.default)}]"
    parsed: dict[str, Any] = {} if kind is bool else {"parser": _as(kind), "metavar": _metavar(kind, kinds)}
    option = typer.Option(help=setting.metadata["help"] + default, show_default=False, **parsed)
    annotation = Annotated[kind | None, option]
    return inspect.Parameter(setting.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _metavar(kind: Any, kinds: Iterable[Any]) -> str:
    """Return `INT`, `INT|auto`, `fold|keep`: what a flag takes."""
    words = [word for k in kinds for word in ([k] if isinstance(k, str) else get_args(k) if k is Auto else [])]
    return "|".join(words if kind is str and words else [METAVARS[kind], *words])


def _shown(default: Any) -> str:
    if isinstance(default, Choice):
        return default.name.rsplit(".", 1)[0]
    return ",".join(default) if isinstance(default, tuple) else str(default)


def _as(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a parser of flags that leaves what is no number to `Settings`, which says what is wrong with it."""

    def parse(text: str) -> Any:
        try:
            return kind(text)
        except ValueError:
            return text

    return parse


def _flags(params: Iterable[Any]) -> list[str]:
    return [flag for param in params for flag in (*param.opts, *param.secondary_opts) if flag.startswith("-")]


def _check(ctx: Any, args: Iterable[str], known: Iterable[str], hint: Callable[[str], str]) -> None:
    """End with wrong usage at the first flag that is not known."""
    for arg in takewhile(lambda arg: arg != "--", args):
        name = arg.split("=", 1)[0]
        short = re.match(r"-[a-zA-Z]", name)
        if name not in known and (name.startswith("--") or (short and short[0] not in known)):
            ctx.fail(". ".join(filter(None, (f"No such option: {name}", hint(name)))))


def _belongs_after(hint: str) -> str:
    return hint and f"{hint} It belongs after the command."
