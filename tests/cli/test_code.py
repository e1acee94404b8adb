"""`--code FILE`: alternatives of one's own."""

import catalogue
import pytest

from spacy_sgns.vectors.word_vectors import WordVectors
from tests.cli.typed import QUICK, WORDS, real

OWN = """
import numpy as np
from spacy_sgns.registry import formats, objectives
from spacy_sgns.training.objectives.negative_sampling import NegativeSampling


class Aloud(NegativeSampling):
    def __init__(self, strength):
        self.strength = strength

    def loss_kernel(self, *parts):
        print("strength", self.strength)
        return super().loss_kernel(*parts)


class Tabs:
    endings = (".tsv",)

    def save(self, path, words, rows):
        lines = (chr(9).join([word, *map(str, row)]) for word, row in zip(words, rows.tolist()))
        path.write_text(chr(10).join(lines))

    def load(self, path):
        lines = [line.split(chr(9)) for line in path.read_text().splitlines()]
        return [line[0] for line in lines], np.array([line[1:] for line in lines], np.float32)


@objectives.register("aloud.v1")
def aloud_v1():
    raise ValueError("not the newest")


@objectives.register("aloud.v2")
def aloud_v2(strength: float = 1.0):
    return Aloud(strength)


@formats.register("tabs.v1")
def tabs_v1():
    return Tabs()
"""


@pytest.fixture
def code(place):
    """Flags for a file with an objective and a format; what it registers is forgotten afterwards."""
    (place / "own.py").write_text(OWN)
    before = set(catalogue.REGISTRY)
    yield "--code", "own.py"
    for path in set(catalogue.REGISTRY) - before:
        if path[0] == "spacy_sgns":
            del catalogue.REGISTRY[path]


@pytest.fixture
def own(sgns, place, code):
    """A pipeline trained with the objective."""
    result = sgns(
        "train",
        "corpus.txt",
        "own",
        "--component",
        *code,
        "--objective",
        "aloud",
        "--objective.strength",
        "2.5",
        *QUICK,
    )
    assert result.exit_code == 0, result.stderr
    return result


def test_a_real_command_finds_an_alternative_by_name_with_its_settings(place):
    (place / "own.py").write_text(OWN)
    flags = ("--code", "own.py", "--objective", "aloud", "--objective.strength", "2.5")
    done = real("train", "corpus.txt", "out", *flags, *QUICK, cwd=place)
    assert done.returncode == 0, done.stderr
    assert "strength 2.5\n" in done.stdout


@pytest.mark.parametrize(
    ("flags", "strength"),
    [
        ((), 2.5),
        (("--components.sgns.objective.strength", "7"), 7),
        (("--components.sgns.objective.strength", "7", "--objective.strength", "8"), 8),
        (("--objective", "aloud.v2"), 1.0),
        (("--components.sgns.objective.@sgns_objectives", "aloud.v2"), 1.0),
        (("--components.sgns.objective", "aloud", "--components.sgns.objective.strength", "3"), 3),
    ],
)
def test_its_settings_come_from_the_file_unless_flags_say_else(sgns, own, code, flags, strength):
    result = sgns("train", "corpus.txt", "again", *code, "--config", "own/config.cfg", *flags)
    assert result.exit_code == 0, result.stderr
    assert f"strength {strength}\n" in result.stdout


def test_without_the_code_its_name_is_unknown(sgns):
    result = sgns("train", "corpus.txt", "out", "--objective", "aloud")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "Unknown objective 'aloud'" in result.stderr


def test_a_setting_it_does_not_have_is_wrong_usage(sgns, code):
    result = sgns("train", "corpus.txt", "out", *code, "--objective", "aloud", "--objective.strenth", "3")
    assert (result.exit_code, "Did you mean strength?" in result.stderr) == (2, True)


def test_a_format_of_ones_own_is_written_and_read(sgns, own, place, code):
    result = sgns("export", "own", "x.tsv", *code)
    assert result.exit_code == 0, result.stderr
    assert (place / "x.tsv").read_text().count("\t") == 8 * len(WORDS)
    result = sgns("similar", "x.tsv", "bamon", *code, "-n", "2")
    assert result.exit_code == 0, result.stderr
    expected = [word for word, _ in WordVectors.load("own").most_similar("bamon", n=2)]
    assert [line.split()[0] for line in result.stdout.splitlines()[3:]] == expected


@pytest.mark.parametrize("command", ["train", "export", "similar"])
@pytest.mark.parametrize(("text", "said"), [("import nowhere", "ModuleNotFoundError"), ("a b", "SyntaxError")])
def test_code_that_fails_is_one_clear_line(sgns, place, command, text, said):
    (place / "broken.py").write_text(text)
    result = sgns(command, "corpus.txt", "out", "--code", "broken.py")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert said in result.stderr
