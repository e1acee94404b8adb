"""`sgns query`: an interactive prompt for the query commands."""

import shlex
import sys
from collections.abc import Callable, Container, Iterator, Sequence
from io import TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING, Any

import typer

from spacy_sgns.cli.console import FAILURE, error, fail, info
from spacy_sgns.cli.expression import SIGNS
from spacy_sgns.cli.flags import Pipeline, command
from spacy_sgns.cli.inputs import keep_loaded
from spacy_sgns.errors import SgnsError, closest

if TYPE_CHECKING:
    from spacy_sgns.vectors.word_vectors import WordVectors

PROMPT = "> "
QUERIES = ("similar", "analogy", "odd-one-out", "expand")
END = ("exit", "quit")
HELP_NAMES = ("help", "?")
MAX_COMPLETIONS = 100
MAX_LINE_CHARS = 1 << 16
QUOTE = '"'  # the only one: an apostrophe belongs to its word, as in n't
HELP = """\
WORD ...                   the words nearest to each WORD         france spain
similar WORD ...           the same, with options                 similar france -n 5
analogy A B C              the word that is to C as B is to A     analogy man king woman
analogy WORD ± WORD ...    words near to some, far from others    analogy king - man + woman
odd-one-out WORD ...       the WORD least like the others         odd-one-out tea milk horse
expand WORD ...            more words of the kind of these        expand tea bread --without hat
help, exit                 COMMAND --help lists its options; the tab key completes words
"""


@command
def query_cli(ctx: typer.Context, pipeline: Pipeline) -> None:
    """Answer queries at a prompt or from a pipe.

    PIPELINE is loaded once. A query is a word, or one of the commands similar, analogy, odd-one-out and expand without
    PIPELINE, one per line.

    Example: echo "similar king" | python -m spacy sgns query ./alice
    """
    interactive = sys.stdin.isatty()
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # undecodable bytes then are an unknown word
    with keep_loaded(pipeline) as vectors:
        if interactive:
            info(f"{len(vectors):,} words. Enter a query, or help.")
            _complete(vectors)
        commands = {name: _query(ctx, name, pipeline) for name in QUERIES}
        failed = sum(not answer(line, commands, vectors) for line in _lines(interactive=interactive))
    if failed and not interactive:
        fail(f"{failed} of the queries failed.", FAILURE)


def answer(line: str, commands: dict[str, Callable[[list[str]], bool]], known: Container[str] = ()) -> bool:
    """Answer a query and return whether it succeeded.

    commands: by name; each is called with its arguments. A line that begins with another word asks for words similar
    to its words, or for those near to an expression. known: words that are not taken for a misspelt command.
    """
    try:
        name, *args = _split(line)
    except ValueError:
        return _failed(f"A quotation mark is missing in: {line}")
    if name in commands:
        return commands[name](args)
    if name in HELP_NAMES:
        print(HELP, end="")
        return True
    if name not in known and (hint := closest(name, [*commands, "help", *END])):
        return _failed(f"Unknown query {name!r}. {hint}")
    return commands["analogy" if SIGNS.keys() & set(args) else "similar"]([name, *args])


def _split(line: str) -> list[str]:
    """Return the parts of a line; double quotes hold a part with spaces together. Raises ValueError."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.escape, lexer.quotes = True, "", "", QUOTE
    return list(lexer)


def _lines(*, interactive: bool) -> Iterator[str]:
    """Yield the lines that have a query, up to the end of the input or `exit`."""
    while True:
        try:
            line = (input(PROMPT) if interactive else _read_line()).strip()
        except EOFError:
            return
        except KeyboardInterrupt:  # discards the line, as in a shell
            print()
            continue
        if line in END:
            return
        if line and not line.startswith("#"):
            yield line


def _read_line() -> str:
    """Return the next line of standard input. Raises EOFError at the end, SgnsError for a line that is too long."""
    line = sys.stdin.readline(MAX_LINE_CHARS)
    if not line:
        raise EOFError
    if len(line) == MAX_LINE_CHARS:
        raise SgnsError(f"A query has {MAX_LINE_CHARS:,} characters or more. Give one query per line.")
    return line


def _query(ctx: typer.Context, name: str, pipeline: str) -> Callable[[list[str]], bool]:
    """Return a function that runs a command on a pipeline and returns whether it succeeded; it prints its errors."""
    subcommand: Any = ctx.parent.command.commands[name]  # type: ignore[union-attr]

    def run(args: list[str]) -> bool:
        before = sys.stdout
        try:
            subcommand.main([pipeline, *args], prog_name=name)
        except SystemExit as end:
            if sys.stdout is not before:  # click replaces stdout if its reader has closed the pipe
                raise
            return not end.code
        return True

    return run


def _failed(text: str) -> bool:
    error(text)
    return False


def _complete(vectors: "WordVectors") -> None:
    """Let the tab key complete commands and words, if readline is available."""
    try:
        import readline
    except ImportError:  # Windows
        return
    words = [*QUERIES, *END, "help", *(vectors.words[row] for row in vectors.most_frequent_rows(len(vectors)))]

    def completion(start: str, index: int) -> str | None:
        return next(islice(_completions(start, words), index, MAX_COMPLETIONS), None)

    readline.set_completer(completion)
    readline.set_completer_delims(" \t")
    readline.parse_and_bind("tab: complete")


def _completions(start: str, words: Sequence[str]) -> Iterator[str]:
    """Yield the words that begin with `start`, each with a space after it; a sign, as in `-man`, is kept."""
    sign = start[:1] if start[:1] in SIGNS else ""
    return (f"{sign}{word} " for word in words if word.startswith(start.removeprefix(sign)))
