"""Run the commands in the documents again, and replace the output shown after them.

Usage: python refresh.py [PAGE...]; without a page, all of them. Two forms are run:

- READMEs of scripts: a `console` block with `$ COMMAND` in its first line, run in the page's folder.
- The project's README and the guide: `sh` and `python` blocks in the order printed, in a folder of their own. The
  README's is empty; a page of the guide finds in it what the README left, `./alice`, and the examples. Commands of the
  README that set up an environment are run without the set-up. A `text` block directly after a block is replaced by its
  output; where it has a line `...`, as many lines stay before and after it as there were. Blocks marked `not-run` are
  left alone.
"""

import atexit
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import cache, partial
from io import StringIO
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
READMES = (HERE / "README.md", HERE / "project" / "README.md")
README = HERE.parent / "README.md"
GUIDE = sorted(page for page in (HERE / "guide").glob("*.md") if page.stem not in ("README", "reference"))
CONSOLE = re.compile(r"```console\n\$ (.+)\n(?:.*\n)*?```")
BLOCK = re.compile(r"```(sh|python)\n(.*?)```(\n\n```text\n.*?```)?", re.DOTALL)
SET_UP = re.compile(r"^python3 -m venv .* && \.venv/bin/", re.MULTILINE)
START = "python -m spacy sgns demo ./alice"  # leaves what the README leaves
COLOUR = re.compile(r"\x1b\[[\d;]*m")
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # so that `python` is this one
VARIABLES = {**os.environ, "PATH": PATH, "ANSI_COLORS_DISABLED": "1"}


def main(pages: list[Path]) -> None:
    for page in pages:
        print(page.name, file=sys.stderr)
        text = page.read_text(encoding="utf8")
        page.write_text(refreshed(page, text), encoding="utf8")


def refreshed(page: Path, text: str) -> str:
    """Return the text of a page with the output that its commands have now. A command that fails ends the run."""
    if page in READMES:
        return CONSOLE.sub(partial(run_console, folder=page.parent), text)
    with workplace() as folder:
        if page != README:
            (folder / "examples").symlink_to(HERE, target_is_directory=True)
            copytree(alice(), folder / "alice")
        return run_page(text, folder)


@cache
def alice() -> Path:
    """Return a folder with the pipeline that the README leaves; it is made once."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    run_shell(START, Path(folder.name))
    return Path(folder.name) / "alice"


def run_page(text: str, folder: Path) -> str:
    """Return the text of a page with the output that its commands have now in a folder."""
    return BLOCK.sub(partial(run_block, folder=folder, namespace={}), text)


@contextmanager
def workplace() -> Iterator[Path]:
    """Make an empty folder and go there; it is deleted at the end."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


def run_console(block: re.Match[str], folder: Path) -> str:
    """Return a `console` block with its new output."""
    return "\n".join(["```console", f"$ {block[1]}", *run_shell(block[1], folder), "```"])


def run_block(block: re.Match[str], folder: Path, namespace: dict[str, Any]) -> str:
    """Return a block, and the `text` block after it, if any, with its new output."""
    language, code, shown = block.groups()
    lines = run_shell(code, folder) if language == "sh" else run_python(code, namespace)
    source = f"```{language}\n{code}```"
    return (
        source
        if shown is None
        else "\n".join([f"{source}\n", "```text", *elided(shown.splitlines()[3:-1], lines), "```"])
    )


def run_shell(code: str, folder: Path) -> list[str]:
    """Return the lines that shell commands print."""
    shell = ["bash", "-e", "-o", "pipefail", "-c", SET_UP.sub("", code)]
    print(f"$ {code.strip()}", file=sys.stderr)
    run = subprocess.run(shell, cwd=folder, env=VARIABLES, check=True, stdout=subprocess.PIPE, encoding="utf8")
    return stripped(run.stdout)


def run_python(code: str, namespace: dict[str, Any]) -> list[str]:
    """Return the lines that Python code prints; it shares the names of the blocks before."""
    with redirect_stdout(StringIO()) as output:
        exec(compile(code, "<guide>", "exec"), namespace)
    return stripped(output.getvalue())


def elided(before: list[str], now: list[str]) -> list[str]:
    """Return the new lines, cut where the old ones were."""
    if "..." not in before:
        return now
    head = before.index("...")
    tail = len(before) - head - 1
    return [*now[:head], "...", *now[len(now) - tail :]]


def stripped(output: str) -> list[str]:
    """Return the lines of an output without colours, spaces at their ends, and empty lines around."""
    return [line.rstrip() for line in COLOUR.sub("", output).strip("\n").split("\n")]


if __name__ == "__main__":
    main([Path(page).resolve() for page in sys.argv[1:]] or [*READMES, README, *GUIDE])
