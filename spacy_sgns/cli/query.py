"""`sgns query`: one question after the other, in the words of the commands."""

import shlex
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

import typer

from spacy_sgns.cli.messages import FAILED, clean_end, fail, info
from spacy_sgns.cli.options import Code, Pipeline
from spacy_sgns.cli.sources import held
from spacy_sgns.errors import closest
from spacy_sgns.registry import import_code

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import WordVectors

PROMPT = "> "
QUESTIONS = ("similar", "analogy", "odd-one-out")
END = ("exit", "quit")
MOST_OFFERED = 100
HELP = """\
similar WORD ...           the words nearest to each word       similar france -n 5
analogy WORD ± WORD ...    near to some and far from others     analogy king - man + woman
odd-one-out WORD ...       the word least like the others       odd-one-out tea milk horse
help, exit                 COMMAND --help tells its flags; the tab key completes words
"""


def query_cli(ctx: typer.Context, pipeline: Pipeline, code: Code = None) -> None:
    """Ask one question after the other, at a prompt or by a pipe.

    The questions are the commands similar, analogy and odd-one-out, without PIPELINE.
    """
    with clean_end():
        if code:
            import_code(code)
        talks = sys.stdin.isatty()
        with held(pipeline) as vectors:
            if talks:
                info(f"{len(vectors):,} words. Ask, or type help.")
                _complete(vectors)
            commands = {name: _command(ctx, name, pipeline) for name in QUESTIONS}
            failed = sum(not answered(line, commands) for line in _lines(talks))
        if failed and not talks:
            fail(f"{failed} of the questions could not be answered.", FAILED)


def answered(line: str, commands: dict[str, Callable[[list[str]], bool]]) -> bool:
    """Answer a line, and return whether that was possible. commands: by name; called with their arguments."""
    try:
        name, *args = shlex.split(line)
    except ValueError as error:
        return _failed(f"{error}: {line}")
    if name in commands:
        return commands[name](args)
    if name == "help":
        print(HELP, end="")
        return True
    return _failed(f"There is no question {name!r}. {closest(name, [*commands, 'help', *END])}".rstrip())


def _lines(talks: bool) -> Iterator[str]:
    """Yield lines with a question in them, until there are no more or one says so. talks: to a person."""
    while True:
        try:
            line = (input(PROMPT) if talks else input()).strip()
        except EOFError:
            return
        except KeyboardInterrupt:  # gives up a line, as in a shell
            print()
            continue
        if line in END:
            return
        if line and not line.startswith("#"):
            yield line


def _command(ctx: typer.Context, name: str, pipeline: str) -> Callable[[list[str]], bool]:
    """Return what runs a command on a pipeline and returns whether it went well; it has said what did not."""
    command: Any = ctx.parent.command.commands[name]  # type: ignore[union-attr]

    def run(args: list[str]) -> bool:
        try:
            command.main([pipeline, *args], prog_name=name)
        except SystemExit as end:
            return not end.code
        return True

    return run


def _failed(text: str) -> bool:
    print(text, file=sys.stderr)
    return False


def _complete(vectors: "WordVectors") -> None:
    """Let the tab key complete commands and words, where there is readline."""
    try:
        import readline
    except ImportError:  # Windows
        return
    words = sorted({*vectors.row_of, *QUESTIONS, *END, "help"})

    def offered(start: str, number: int) -> str | None:
        word = next(islice(_beginning_with(start, words), number, MOST_OFFERED), None)
        return word and word + " "

    readline.set_completer(offered)
    readline.set_completer_delims(" \t")
    readline.parse_and_bind("tab: complete")


def _beginning_with(start: str, words: Sequence[str]) -> Iterator[str]:
    """Yield those of sorted words that begin with a text."""
    return takewhile(lambda word: word.startswith(start), islice(words, bisect_left(words, start), None))
