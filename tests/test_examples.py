"""The examples run offline, in any folder, and print what they promise."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
import srsly
from spacy.tokens import DocBin

EXAMPLES = Path(__file__).parent.parent / "examples"
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("[0-9]*.py"))
MADE = shutil.ignore_patterns("corpus", "training", "vectors", "textcat.cfg", "project.lock", "__pycache__")


def run(folder, *command):
    return subprocess.run(
        [sys.executable, *command], cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf8"
    ).stdout


@pytest.fixture
def project(tmp_path):
    return shutil.copytree(EXAMPLES / "project", tmp_path / "project", ignore=MADE)


def line_with(start, text):
    return next(line for line in text.splitlines() if line.strip().startswith(start))


def test_train_and_query_shows_what_the_book_is_about(tmp_path):
    shown = run(tmp_path, EXAMPLES / "01_train_and_query.py")
    assert "march" in line_with("hatter:", shown)
    assert "jury" in line_with("king + trial:", shown)
    assert "queen" in line_with("No vector for 'quen'", shown)
    cosine = line_with("similarity of King and Queen", shown).rsplit(maxsplit=1)[1]
    assert line_with("read from alice.vec", shown).endswith(f"still {cosine}")
    assert not list(tmp_path.iterdir())


def test_in_a_pipeline_finds_the_passages_asked_for(tmp_path):
    shown = run(tmp_path, EXAMPLES / "02_in_a_pipeline.py")
    assert "no vector" in line_with("velociraptor", shown)
    assert "no vector" not in line_with("HATTER", shown)
    party, trial = re.findall(r"\?\n +\d\.\d\d +(.+)", shown)
    assert "March Hare" in party
    assert "King and Queen of Hearts" in trial
    assert line_with("after spacy.load", shown).count("'") == 10
    assert not list(tmp_path.iterdir())


def test_an_objective_of_your_own_finds_neighbours(tmp_path):
    shown = run(tmp_path, EXAMPLES / "03_own_objective.py")
    assert "tea" in line_with("hatter:", shown)
    assert "grin" in line_with("cat:", shown)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_short_and_shown_in_the_readme(script):
    assert len((EXAMPLES / script).read_text(encoding="utf8").splitlines()) < 50
    assert re.search(rf"\$ python {script}\n.{{20,}}", (EXAMPLES / "README.md").read_text(encoding="utf8"))


def test_nothing_in_the_project_sees_the_test_passages(project):
    run(project, "-m", "spacy", "project", "run", "corpus")
    texts = {path.stem: texts_of(path) for path in (project / "corpus").glob("*.spacy")}
    unlabelled = {record["text"] for record in srsly.read_jsonl(project / "corpus" / "unlabelled.jsonl")}
    tested, chosen_by = texts.pop("test"), texts.pop("dev")
    assert len(texts) == 3
    assert len(set(map(frozenset, texts.values()))) == 3
    for seen in (unlabelled, chosen_by, *texts.values()):
        assert seen
        assert not tested & seen
    for labelled in texts.values():
        assert not chosen_by & labelled


def texts_of(path):
    return {doc.text for doc in DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)}


def test_vectors_of_the_project_know_who_is_who(project):
    for command in ("corpus", "vectors"):
        shown = run(project, "-m", "spacy", "project", "run", command)
    of_romeo, of_rome = (set(re.findall(r"^[a-z]+", part, re.M)) for part in re.split(r"(?m)^rome +cosine", shown))
    assert of_romeo & {"juliet", "tybalt", "mercutio", "benvolio"}
    assert of_rome & {"lartius", "volscian", "volsces", "senators", "marcius", "coriolanus"}
    assert spacy.load(project / "vectors")("Juliet loves Romeo").has_vector


@pytest.mark.slow
def test_project_shows_that_the_vectors_help(project):
    shown = run(project, "-m", "spacy", "project", "run", "all")
    without, with_vectors, gain = map(float, line_with("all plays", shown).split()[-3:])
    assert 0.4 < without < with_vectors
    assert gain == pytest.approx(with_vectors - without, abs=0.0011)
    assert sum(line.strip().startswith("draw ") for line in shown.splitlines()) == 3


def test_neighbours_of_alice_are_those_of_the_demo(tmp_path):
    shown = run(tmp_path, EXAMPLES / "04_neighbours_of_alice.py")
    assert shown.splitlines()[0].split() == ["rabbit", "queen", "hatter"]
    assert "white" in shown.splitlines()[1] and shown.splitlines()[-1].endswith(": queen")
    assert not list(tmp_path.iterdir())


def test_one_step_lowers_the_loss(tmp_path):
    shown = run(tmp_path, EXAMPLES / "05_one_step.py")
    before, after = re.search(r"loss ([\d.]+) before, ([\d.]+) after", shown).groups()
    epochs = [float(loss) for loss in line_with("loss of the epochs", shown).split(": ")[1].split(", ")]
    assert float(after) < float(before) and epochs[-1] < epochs[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["news", "encyclopedia", "love"])
def test_corpora_of_your_own(tmp_path, name, shared):
    """The output that the README shows, if the corpora are available."""
    given = {"news": "bbc.jsonl.gz", "encyclopedia": "wiki-articles.jsonl.gz", "plays": "tinyshakespeare.txt"}
    paths = {**given, "posts": "reddit.jsonl.gz"}
    folder = shutil.copytree(EXAMPLES / "corpora", tmp_path / "corpora", ignore=MADE)
    flags = [text for key, file in paths.items() for text in (f"--vars.{key}", str(shared / file))]
    shown = run(folder, "-m", "spacy", "project", "run", name, ".", *flags)
    wanted = {"news": "presidential", "encyclopedia": "queen is number", "love": "hate *"}
    assert wanted[name] in shown


def test_the_overview_is_one_report(tmp_path):
    shown = run(tmp_path, EXAMPLES / "overview.py", "out")
    titles = [
        line for line, rule in zip(shown.splitlines(), shown.splitlines()[1:], strict=False) if set(rule) == {"="}
    ]
    assert [text.split()[-1] for text in titles] == ["trainings", "out", "detail", "plays", "map"]
    assert "white" in shown and "king: overlap" in shown and "Traceback" not in shown
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["alice", "alice.html", "plays"]
