"""Damaged files of every kind that commands read: no traceback, no partial output."""

import random
import shutil
import warnings
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from spacy_sgns.cli import sgns_cli
from tests.cli.inputs import ARGUMENT, KINDS, TYPED, fill
from tests.cli.typed import tree

SOME, MANY = 0.25, 11  # in thousands of inputs


@pytest.fixture(scope="module")
def place(tmp_path_factory, trained):
    """A folder with an undamaged file of every kind."""
    folder = tmp_path_factory.mktemp("fuzz")
    fill(folder, trained)
    return folder


@pytest.fixture(autouse=True)
def inside(place, monkeypatch):
    monkeypatch.chdir(place)


def run(command, name, typed=None):
    """Run a command on a file. A warning of NumPy is an error, because commands do not expect any."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        args = [arg.format(name) for arg in command]
        return CliRunner().invoke(sgns_cli, args, prog_name="sgns", input=typed)


def faults(result, left):
    """Yield the faults in how a command ended. left: the paths that it wrote."""
    said = result.stderr.splitlines()
    if result.exception and not isinstance(result.exception, SystemExit):
        yield f"{type(result.exception).__name__}: {result.exception}"
    elif result.exit_code not in (0, 1, 2):
        yield f"it ended with {result.exit_code}"
    elif result.exit_code and not (said and said[-1].startswith("Error: ")):
        yield f"it did not say what was wrong, but {result.stderr!r}"
    elif result.exit_code and left and not _is_kept(left, said[-1]):
        yield f"it left {left}"
    if "Traceback" in result.output or "\x1b" in result.output:
        yield f"it said {result.output[-300:]!r}"


def _is_kept(left, said):
    """Return whether only a run that can be resumed was left, and the message says so."""
    return all(name.split("/")[0].endswith(".work") for name in left) and " is kept in " in said


def tried(kind, number, whole):
    """Run a command on a file with the damage of a number; return its exit code and the faults."""
    chance = random.Random(f"{kind.name} {number}")
    content, command = chance.choice(kind.damages)(whole, chance), chance.choice(kind.commands)
    Path(kind.name).write_bytes(content)
    before = set(tree("."))
    argument = content.decode("utf8", "surrogateescape").replace("\0", "")[:5000]
    name = argument if kind.name == ARGUMENT else kind.name
    result = run(command, name, content if kind.name == TYPED else None)
    left = sorted(set(tree(".")) - before)
    where = f"{kind.name}, input {number}, {' '.join(command)}, {content[:99]}"
    found = [f"{where}: {text}" for text in faults(result, left)]
    for name in left:
        shutil.rmtree(name) if Path(name).is_dir() else Path(name).unlink(missing_ok=True)
    return result.exit_code, found


def try_all(kind, thousands, record):
    """Try the share of inputs that a kind has among some thousands of all kinds."""
    whole = Path(kind.name).read_bytes()
    try:
        ends = [tried(kind, number, whole) for number in range(round(thousands * kind.inputs))]
    finally:
        Path(kind.name).write_bytes(whole)
    record("inputs", len(ends))
    record("refused", sum(bool(code) for code, _ in ends))
    found = [text for _, several in ends for text in several]
    assert not found, "\n".join([*found[:10], f"{len(found)} in all"])


def end(code, stderr, exception=None):
    return SimpleNamespace(exit_code=code, stderr=stderr, output=stderr, exception=exception)


@pytest.mark.parametrize(
    ("result", "left"),
    [
        (end(1, "Error: x\n", ValueError("x")), []),
        (end(1, "x\n"), []),
        (end(1, ""), []),
        (end(0, "Traceback (most recent call last)\n"), []),
        (end(0, "\x1b[2J"), []),
        (end(130, "Error: Interrupted\n"), []),
        (end(1, "Error: x\n"), ["out"]),
        (end(1, "Error: x\n"), ["out.work"]),
        (end(1, "Error: x. Training so far is kept in out.work.\n"), ["out", "out.work/run.json"]),
    ],
)
def test_what_is_wrong_is_seen(result, left):
    assert list(faults(result, left))
    assert not list(faults(end(1, "Error: x\n"), []))


def test_a_number_names_the_same_input_again(place):
    for kind in KINDS:
        whole = Path(kind.name).read_bytes()
        twice = [[chance.choice(kind.damages)(whole, chance) for chance in map(random.Random, range(9))] for _ in "12"]
        assert twice[0] == twice[1]
        assert len(set(twice[0])) > 4


@pytest.mark.parametrize("kind", KINDS, ids=attrgetter("name"))
def test_some_bad_inputs_end_cleanly(kind, record_property):
    try_all(kind, SOME, record_property)


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", KINDS, ids=attrgetter("name"))
def test_thousands_of_bad_inputs_end_cleanly(kind, record_property):
    try_all(kind, MANY, record_property)
