"""The commands and flags in the documents exist: each command line is parsed by the program itself."""

import re
import shlex

import pytest
import srsly
import typer

from spacy_sgns.cli import sgns_cli
from tests.guide.pages import EXAMPLES, PAGES, fences, name, prose

COMMANDS = typer.main.get_command(sgns_cli).commands
START = re.compile(r"-m spacy sgns +(?=[a-z])")
ENDS = {"|", "||", "&&", ";", ">", "<", "2>", "2>&1"}
DOTTED = re.compile(r"--(nlp|architecture|objective|weighting|noise|components)\.")
OTHERS = {"--find-links", "--optimize", "--slow", "--vars"}  # of pip, pytest and `spacy project`


def scripts(path):
    """Return the shell commands in the fences of a page, or in a project."""
    if path.suffix == ".md":
        return "\n".join(fences(path, "sh", "sh not-run", "console", "bash", ""))
    return "\n".join(line for command in srsly.read_yaml(path)["commands"] for line in command["script"])


def command_lines(path):
    """Return the arguments of each `python -m spacy sgns` in a page or a project."""
    text = scripts(path)
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        parts = shlex.split(line, comments=True) if START.search(line) else []
        while "sgns" in parts:
            parts = parts[parts.index("sgns") + 1 :]
            end = next((at for at, part in enumerate(parts) if part in ENDS), len(parts))
            found.append(parts[:end])
    return found


PROJECTS = sorted(EXAMPLES.rglob("project.yml"))
ALL = [(page, line) for page in (*PAGES, *PROJECTS) for line in command_lines(page)]


@pytest.mark.parametrize(("page", "line"), ALL, ids=[f"{name(page)}: {' '.join(line)}" for page, line in ALL])
def test_a_command_line_is_one_that_the_program_takes(page, line):
    command, *args = line
    assert command in COMMANDS, f"{name(page)}: there is no command {command}"
    if args != ["--help"]:
        COMMANDS[command].make_context(command, args)


def test_the_command_lines_are_found():
    assert len(ALL) > 40
    assert {line[0] for _, line in ALL} == COMMANDS.keys()


@pytest.mark.parametrize("page", [page for page in PAGES if "benchmarks" not in page.parts], ids=name)
def test_flags_in_the_text_exist(page):
    flags = {flag for c in COMMANDS.values() for p in c.params for flag in (*p.opts, *p.secondary_opts)}
    for code in re.findall(r"`([^`\n]+)`", prose(page)):
        for flag in re.findall(r"(?<![\w-])--[a-z][\w.-]*", code):
            known = flag in flags | OTHERS or DOTTED.match(flag) or flag == "--help" or "examples/benchmarks" in code
            assert known or flag.split(".")[0] in OTHERS, f"{name(page)}: there is no flag {flag}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_scripts_that_are_run_exist(page):
    for script in re.findall(
        r"(?:python|--code) ((?:[\w-]+/)*\w+\.py)", "\n".join(fences(page, "sh", "console", "sh not-run"))
    ):
        places = (page.parent, EXAMPLES.parent, EXAMPLES, *EXAMPLES.iterdir())
        made = f"> {script}" in "\n".join(fences(page, "sh"))
        assert made or any((place / script).is_file() for place in places), f"{name(page)}: there is no {script}"
