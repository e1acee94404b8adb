"""Damaged work folders: a resumed run ends with the same bytes as an uninterrupted one, or with one line."""

import os
import random
import shutil
import signal
from pathlib import Path

import pytest

from spacy_sgns.cli.progress import RunDisplay
from spacy_sgns.training.events import BatchDone
from tests.cli.mutations import damaged, json_damaged
from tests.cli.test_fuzz import faults, run
from tests.cli.typed import TEXT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")
FILES = ["checkpoint-000001.sgns", "checkpoint-000002.sgns", "run.json", "corpus.json", "vocabulary.json"]
FILES += ["ids.i32", "ids.i64", "held_out.i32"]
TRAIN = ("train", "corpus.txt", "out", "--dim", "2", "--epochs", "5", "--learning-rate", "0.5", "--held-out", "0.1")
SOME, MANY = 12, 150  # inputs of each file


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a corpus, an interrupted run, and the pipeline of the uninterrupted run."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "corpus.txt").write_text(TEXT)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run(TRAIN, "").exit_code == 0
        shutil.move("out", "whole")
        patch.setattr(
            "spacy_sgns.runs.checkpoint_manager.MAX_SHARE", 1e9
        )  # these epochs are shorter than it takes to write a checkpoint
        patch.setattr(RunDisplay, "__call__", stop_in_the_second_epoch)
        assert run(TRAIN, "").exit_code == 130
        shutil.move("out.work", "stopped")
    assert {path.name for path in (folder / "stopped").iterdir()} >= set(FILES)
    return folder


def stop_in_the_second_epoch(self, event):
    if isinstance(event, BatchDone) and event.epoch == 2:
        signal.raise_signal(signal.SIGINT)


def tried(name, number):
    """Resume the run after one of its files is damaged; return the faults in how it ends."""
    for left in ("out", "out.work"):
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree("stopped", "out.work")
    path, chance = Path("out.work", name), random.Random(f"{name} {number}")
    damage = chance.choice([damaged, json_damaged] if name.endswith(".json") else [damaged])
    path.write_bytes(damage(path.read_bytes(), chance))
    result = run((*TRAIN, "--resume"), "")
    found = list(faults(result, Path("out").exists()))
    if not result.exit_code and vectors("out") != vectors("whole"):
        found.append("the vectors are others")
    return [f"{name}, input {number}: {text}" for text in found]


def vectors(folder):
    return Path(folder, "vocab", "vectors").read_bytes()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("inputs", [SOME, pytest.param(MANY, marks=pytest.mark.fuzz)])
def test_a_run_goes_on_to_the_same_bytes_or_ends_in_one_line(place, monkeypatch, record_property, name, inputs):
    monkeypatch.chdir(place)
    found = [text for number in range(inputs) for text in tried(name, number)]
    record_property("inputs", inputs)
    assert not found, "\n".join([*found[:10], f"{len(found)} in all"])
