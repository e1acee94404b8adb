"""Command classes: how unknown, dotted and minus-prefixed arguments are parsed."""

import re
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any

from typer.core import TyperCommand, TyperGroup

from spacy_sgns.cli.flags import PANELS
from spacy_sgns.errors import closest


class Command(TyperCommand):
    """A command that rejects an unknown flag and suggests the closest one.

    click's own suggestion misses a flag in the place of a value (`--dim --windw`) and one dash too few (`-window`).
    """

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options in groups; those without a group come last."""
        groups: dict[str, list[tuple[str, str]]] = {name: [] for name in ("Arguments", *PANELS, "Options")}
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                usual = "Arguments" if param.param_type_name == "argument" else "Options"
                groups[getattr(param, "rich_help_panel", None) or usual].append(record)
        for name, records in groups.items():
            if records:
                with formatter.section(name):
                    formatter.write_dl(records)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments."""
        flags = _flags(self.get_params(ctx))
        _check_flags(ctx, args, flags, lambda name: closest(name, flags, n=1))
        return super().parse_args(ctx, args)


class CommandWithOverrides(Command):
    """A command that also takes dotted flags: `--components.sgns.dim 64`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Move dotted flags and their values to `ctx.obj`, and parse the other arguments."""
        ctx.obj, rest, pending = [], [], list(args)
        while pending:
            arg = pending.pop(0)
            if arg == "--":
                rest += [arg, *pending]
                break
            if not (arg.startswith("--") and "." in arg.split("=", 1)[0]):
                rest.append(arg)
                continue
            ctx.obj.append(arg)
            if "=" not in arg and pending and not pending[0].startswith("--"):
                ctx.obj.append(pending.pop(0))
        return super().parse_args(ctx, rest)


class ExpressionCommand(Command):
    """A command whose words may begin with a minus: only the command's own flags count as flags."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Move flags in front of `--` and all other arguments behind it, then parse them."""
        takes_value = {flag: not param.is_flag for param in self.get_params(ctx) for flag in _flags([param])}
        options, words, pending = [], [], list(args)
        while pending:
            arg = pending.pop(0)
            if arg == "--":
                words += pending
                break
            name = arg.split("=", 1)[0]
            if name in takes_value or arg.startswith("--") or re.fullmatch(r"-[a-z]\d+", arg):
                options.append(arg)
                if arg == name and takes_value.get(name) and pending:
                    options.append(pending.pop(0))
            else:
                words.append(arg)
        return super().parse_args(ctx, [*options, "--", *words])


class CommandGroup(TyperGroup):
    """The group of commands. A command's flag in front of the command's name is an error that says where it belongs."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments up to the command's name."""
        of_commands = _flags(param for command in self.commands.values() for param in command.params)
        leading = takewhile(lambda arg: arg.startswith("-"), args)
        _check_flags(
            ctx, leading, _flags(self.get_params(ctx)), lambda name: _misplaced(closest(name, of_commands, n=1))
        )
        return super().parse_args(ctx, args)


def _flags(params: Iterable[Any]) -> list[str]:
    return [flag for param in params for flag in (*param.opts, *param.secondary_opts) if flag.startswith("-")]


def _check_flags(ctx: Any, args: Iterable[str], known: Iterable[str], hint: Callable[[str], str]) -> None:
    """Exit with a usage error at the first unknown flag."""
    for arg in takewhile(lambda arg: arg != "--", args):
        name = arg.split("=", 1)[0]
        short = re.match(r"-[a-zA-Z]", name)
        if name not in known and (name.startswith("--") or (short and short[0] not in known)):
            ctx.fail(". ".join(filter(None, (f"No such option: {name}", hint(name)))))


def _misplaced(hint: str) -> str:
    return hint and f"{hint} It belongs after the command."
