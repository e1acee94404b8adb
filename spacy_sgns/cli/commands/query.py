"""`sgns query`: one question after the other, in the words of the commands."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from io import TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING, Any

import typer

from spacy_sgns.cli.console import FAILED, clean_end, error, fail, info
from spacy_sgns.cli.expression import SIGNS
from spacy_sgns.cli.flags import Code, Pipeline
from spacy_sgns.cli.inputs import held
from spacy_sgns.errors import SgnsError, closest
from spacy_sgns.system.plugins import import_code

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import WordVectors

PROMPT = "> "
QUESTIONS = ("similar", "analogy", "odd-one-out")
END = ("exit", "quit")
MOST_OFFERED = 100
LONGEST_LINE = 1 << 16  # characters
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
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(errors="surrogateescape")  # what is no text is no word that is known
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
            line = (input(PROMPT) if talks else _piped()).strip()
        except EOFError:
            return
        except KeyboardInterrupt:  # gives up a line, as in a shell
            print()
            continue
        if line in END:
            return
        if line and not line.startswith("#"):
            yield line


def _piped() -> str:
    """Return the next line of a pipe. Raises EOFError after the last one, SgnsError for one that is too long."""
    line = sys.stdin.readline(LONGEST_LINE)
    if not line:
        raise EOFError
    if len(line) == LONGEST_LINE:
        raise SgnsError(f"A question has {LONGEST_LINE:,} characters or more. Give one in each line.")
    return line


def _command(ctx: typer.Context, name: str, pipeline: str) -> Callable[[list[str]], bool]:
    """Return what runs a command on a pipeline and returns whether it went well; it has said what did not."""
    command: Any = ctx.parent.command.commands[name]  # type: ignore[union-attr]

    def run(args: list[str]) -> bool:
        before = sys.stdout
        try:
            command.main([pipeline, *args], prog_name=name)
        except SystemExit as end:
            if sys.stdout is not before:  # the command put another there when nobody read any more
                raise
            return not end.code
        return True

    return run


def _failed(text: str) -> bool:
    error(text)
    return False


def _complete(vectors: "WordVectors") -> None:
    """Let the tab key complete commands and words, where there is readline."""
    try:
        import readline
    except ImportError:  # Windows
        return
    words = [*QUESTIONS, *END, "help", *(vectors.words[row] for row in vectors.most_frequent(len(vectors)))]

    def offered(start: str, number: int) -> str | None:
        return next(islice(_beginning_with(start, words), number, MOST_OFFERED), None)

    readline.set_completer(offered)
    readline.set_completer_delims(" \t")
    readline.parse_and_bind("tab: complete")


def _beginning_with(start: str, words: Sequence[str]) -> Iterator[str]:
    """Yield those of words that begin with a text, with a space after each; a sign, as in `-man`, stays."""
    sign = start[:1] if start[:1] in SIGNS else ""
    return (f"{sign}{word} " for word in words if word.startswith(start.removeprefix(sign)))
