"""Flags: one for each setting, and dotted ones that go to the config."""

import inspect
from collections.abc import Callable
from dataclasses import Field
from typing import Annotated, Any, get_args

import typer
from typer.core import TyperCommand

from spacy_sgns.registry import Choice
from spacy_sgns.settings import Auto


class CommandWithOverrides(TyperCommand):
    """A command that takes dotted flags, `--components.sgns.dim 64`; any other unknown flag is an error."""

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


def setting_flag(setting: Field[Any]) -> inspect.Parameter:
    """Return the flag of a setting; it is None where it was not given."""
    kinds = (setting.type, *get_args(setting.type))
    kind: Any = next((k for k in (bool, int, float) if k in kinds), str)
    parsed: dict[str, Any] = (
        {"parser": _number_or_auto(kind), "metavar": f"{kind.__name__.upper()}|auto"} if Auto in kinds else {}
    )
    text = f"{setting.metadata['help']} [default: {_shown(setting.default)}]"
    option = typer.Option(help=text, show_default=False, **parsed)
    annotation = Annotated[kind | None, option]
    return inspect.Parameter(setting.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _shown(default: Any) -> str:
    if isinstance(default, Choice):
        return default.name.rsplit(".", 1)[0]
    return ",".join(default) if isinstance(default, tuple) else str(default)


def _number_or_auto(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        if text == "auto":
            return text
        try:
            return kind(text)
        except ValueError:
            raise typer.BadParameter(f"{text!r} is neither a number nor auto.") from None

    return parse
