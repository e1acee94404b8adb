"""The commands together."""

import subprocess
import sys

import pytest
from spacy.cli._util import app
from typer.testing import CliRunner

ASK = ["similar", "analogy", "odd-one-out", "expand", "query", "evaluate", "compare", "plot"]
COMMANDS = ["train", "plan", "demo", "trace", *ASK, "export"]
IMPORT = """
import sys, spacy.cli
before = set(sys.modules)
import spacy_sgns.cli
print(*sorted(name for name in set(sys.modules) - before))
"""


def test_the_commands_are_part_of_spacys():
    result = CliRunner().invoke(app, ["sgns", "--help"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.partition("Commands:")[2].splitlines() if line] == COMMANDS
    assert "..." not in result.stdout.partition("Commands:")[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_that_fits(sgns, command):
    result = sgns(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: sgns {command} [OPTIONS]")
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_example_in_the_help_of_every_command_works(sgns, place):
    """They are typed one after the other in a folder that has nothing but scored word pairs and another pipeline."""
    (place / "pairs.tsv").write_text("king\tqueen\t9\ntea\tbread\t8\ntea\tking\t1\n", encoding="utf8")
    assert sgns("train", "sample:alice", "cbow", "--architecture", "cbow", "--dim", "20").exit_code == 0
    for command in COMMANDS:
        _, _, example = sgns(command, "--help").stdout.partition("Example: ")
        example = " ".join(example.partition("\n\n")[0].split())
        asked = example.split(" | ")[0].removeprefix("echo ").strip('"') if " | " in example else None
        _, found, args = example.partition("python -m spacy sgns ")
        assert found and args.split()[0] == command
        result = sgns(*args.split(), input=asked)
        assert result.exit_code == 0, f"{example}: {result.stderr}"
        assert "no vector" not in result.stderr, example


@pytest.mark.parametrize("args", [(), ("train",), ("similar", "x"), ("trian",), ("export", "a", "b", "c")])
def test_wrong_usage_ends_with_2(sgns, args):
    assert sgns(*args).exit_code == 2


def test_importing_the_commands_imports_very_little():
    """spaCy does so for every command of its own."""
    done = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "spacy_sgns.cli.commands.train" in loaded
    rooms = (
        "spacy_sgns.corpus",
        "spacy_sgns.training",
        "spacy_sgns.vectors",
        "spacy_sgns.runs.train_vectors",
        "tqdm",
        "filelock",
    )
    assert [name for name in loaded if name.startswith(rooms)] == []
