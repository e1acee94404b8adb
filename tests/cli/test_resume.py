"""Interrupted runs that are resumed: after a kill, a signal, a full disk, or a change of settings or files."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from spacy_sgns.cli.progress import RunDisplay
from spacy_sgns.pipeline.load import open_record
from spacy_sgns.training.events import BatchDone
from tests.cli.typed import TEXT, real, tree

HOW = ("--dim", "8", "--epochs", "6", "--chunks-per-step", "2", "--chunk-size", "64", "--learning-rate", "0.5")
OFTEN = ("10", "0.005", "0.0001")  # minutes
posix = pytest.mark.skipif(os.name != "posix", reason="signals as on Unix")


@pytest.fixture(autouse=True)
def _at_each_epoch(monkeypatch):
    """Write a checkpoint after each epoch, although these epochs take less time than a checkpoint."""
    monkeypatch.setattr("spacy_sgns.runs.checkpoint_manager.MAX_SHARE", 1e9)


@pytest.fixture
def stopped(sgns, place, monkeypatch):
    """A function that trains until the user stops it in the third epoch, and returns the result."""

    def listen(self, event):
        if isinstance(event, BatchDone) and event.epoch == 3:
            signal.raise_signal(signal.SIGINT)

    def stop(*flags):
        with monkeypatch.context() as patched:
            patched.setattr(RunDisplay, "__call__", listen)
            return sgns("train", "corpus.txt", "out", *HOW, *flags)

    return stop


def vectors(folder):
    return (folder / "vocab" / "vectors").read_bytes()


@pytest.fixture
def whole(sgns, place):
    """The bytes of the vectors of an uninterrupted run."""
    assert sgns("train", "corpus.txt", "whole", *HOW).exit_code == 0
    return vectors(place / "whole")


def test_a_finished_run_is_said_to_be_finished_and_left_alone(sgns, place):
    assert sgns("train", "corpus.txt", "out", *HOW).exit_code == 0
    before = {path: (place / path).stat().st_mtime_ns for path in tree(place)}
    again = sgns("train", "corpus.txt", "out", *HOW, "--workers", "2", "--resume")
    said = "The run is finished: out has its vectors, and there is nothing to resume\n"
    assert (again.exit_code, again.stdout, again.stderr) == (0, said, "")
    other = sgns("train", "corpus.txt", "out", *HOW, "--dim", "9", "--drop", "stop", "--resume")
    assert (other.exit_code, other.stderr.count("\n")) == (1, 1)
    assert 'The run in out is finished, and had other settings: dim was 8, is 9; drop was ["punct"]' in other.stderr
    assert {path: (place / path).stat().st_mtime_ns for path in tree(place)} == before
    (place / "out" / "sgns" / "report.json").write_text("[]")
    damaged = sgns("train", "corpus.txt", "out", *HOW, "--resume")
    assert (damaged.exit_code, damaged.stderr.count("\n")) == (1, 1) and "damaged" in damaged.stderr


@posix
@pytest.mark.parametrize("workers", [(1, 1), (1, 2), (2, 1), (2, 2)])
def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(sgns, stopped, whole, place, workers):
    first = stopped("--workers", workers[0])
    work = place / "out.work"
    assert first.exit_code == 130
    assert first.stderr == (
        f"Error: Interrupted after 2 of 6 epochs. Training so far is kept in {work}. To resume, give the same command "
        "with --resume.\n"
    )
    assert not (place / "out").exists()
    again = sgns("train", "corpus.txt", "out", *HOW, "--workers", workers[1], "--resume")
    assert (again.exit_code, again.stderr) == (0, "")
    assert "Resuming at epoch 3 of 6\n" in again.stdout and "interrupted run: 120 texts, 1,440 tokens" in again.stdout
    assert vectors(place / "out") == whole
    assert not work.exists()
    ours, theirs = (open_record(str(place / name)).report["epochs"] for name in ("out", "whole"))
    assert [epoch["loss"] for epoch in ours] == [epoch["loss"] for epoch in theirs]


@posix
def test_what_is_held_out_and_the_best_vectors_go_on_too(sgns, stopped, place):
    flags = ("--held-out", "0.2", "--patience", "9")
    assert sgns("train", "corpus.txt", "whole", *HOW, *flags).exit_code == 0
    assert stopped(*flags).exit_code == 130
    assert sgns("train", "corpus.txt", "out", *HOW, *flags, "--resume").exit_code == 0
    assert vectors(place / "out") == vectors(place / "whole")
    ours, theirs = (open_record(str(place / name)).report for name in ("out", "whole"))
    assert ours["best_epoch"] == theirs["best_epoch"] and ours["corpus"] == theirs["corpus"]
    held_out = [[epoch["held_out_loss"] for epoch in report["epochs"]] for report in (ours, theirs)]
    assert held_out[0] == held_out[1] and len(held_out[0]) == 6


@posix
def test_what_was_kept_is_not_lost_by_giving_the_command_again(sgns, stopped, whole, place):
    stopped()
    before = tree(place)
    again = sgns("train", "corpus.txt", "out", *HOW)
    assert (again.exit_code, again.stderr) == (
        1,
        f"Error: {place / 'out.work'} holds an unfinished run: resume it with --resume, or start over with --force.\n",
    )
    assert tree(place) == before
    over = sgns("train", "corpus.txt", "out", *HOW, "--force")
    assert over.exit_code == 0 and "Resuming" not in over.stdout
    assert vectors(place / "out") == whole


@posix
@pytest.mark.parametrize(
    "change, said",
    [
        (("--dim", "9"), "settings.dim was 8, is 9. Give the same settings and corpus as then"),
        (("--lang", "de"), 'pipeline.lang was "en", is "de"'),
        (("--unit", "paragraph"), 'corpus.unit was "line", is "paragraph"'),
        ("touch", 'corpus.txt was "'),
        ("grow", 'corpus.txt was "'),
    ],
)
def test_another_run_is_refused_and_changes_nothing(sgns, stopped, place, change, said):
    stopped()
    if change == "touch":
        os.utime(place / "corpus.txt", (1, 1))
    elif change == "grow":
        (place / "corpus.txt").write_text(TEXT + TEXT)
    before = tree(place)
    done = sgns("train", "corpus.txt", "out", *HOW, *(() if isinstance(change, str) else change), "--resume")
    assert done.exit_code == 1
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert tree(place) == before


@posix
def test_a_damaged_checkpoint_falls_back_to_the_one_before(sgns, stopped, whole, place):
    stopped()
    newest = max((place / "out.work").glob("checkpoint-*"))
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 4
    newest.write_bytes(content)
    done = sgns("train", "corpus.txt", "out", *HOW, "--resume")
    assert done.exit_code == 0
    assert done.stderr == f"Warning: {newest} is damaged: its checksum is wrong. The previous one is tried.\n"
    assert vectors(place / "out") == whole


@posix
@pytest.mark.parametrize("damage", ["lost", "flipped"])
def test_without_the_word_of_run_json_a_checkpoint_tells_whose_it_is(sgns, stopped, whole, place, damage):
    stopped()
    path = place / "out.work" / "run.json"
    content = path.read_bytes()
    path.unlink() if damage == "lost" else path.write_bytes(content.replace(b"dim", b"din"))
    assert "holds an unfinished run" in sgns("train", "corpus.txt", "out", *HOW).stderr
    done = sgns("train", "corpus.txt", "out", *HOW, "--resume")
    trouble = "is missing" if damage == "lost" else "is damaged: its checksum is wrong"
    assert done.stderr == f"Warning: {path} {trouble}. A checkpoint proves that it is the same run.\n"
    assert done.exit_code == 0 and "Resuming at epoch 3" in done.stdout
    assert vectors(place / "out") == whole


@posix
def test_a_lost_run_json_does_not_make_another_run_this_one(sgns, stopped, place):
    stopped()
    (place / "out.work" / "run.json").unlink()
    done = sgns("train", "corpus.txt", "out", *HOW, "--seed", "5", "--resume")
    assert done.exit_code == 0 and "Resuming" not in done.stdout
    assert "There is no run to resume in" in done.stderr and "(run.json is missing): it starts over" in done.stderr


@posix
def test_the_room_of_the_encoded_corpus_is_given_to_the_pipeline(sgns, whole, place, monkeypatch):
    from spacy_sgns.pipeline import save

    put, left = save.put, []

    def full(made, output, folder):
        left.append(sorted(path.name for path in folder.glob("ids.*")))
        if left[-1]:
            raise OSError(28, "No space left on device")
        put(made, output, folder)

    monkeypatch.setattr(save, "put", full)
    assert sgns("train", "corpus.txt", "out", *HOW).exit_code == 0
    assert left == [["ids.i32", "ids.i64"], []] and vectors(place / "out") == whole


@posix
@pytest.mark.parametrize("name", ["ids.i32", "ids.i64", "vocabulary.json", "corpus.json"])
def test_a_damaged_corpus_is_read_anew_and_training_goes_on(sgns, stopped, whole, place, name):
    stopped()
    (place / "out.work" / name).write_bytes(b"")
    done = sgns("train", "corpus.txt", "out", *HOW, "--resume")
    assert done.exit_code == 0
    assert done.stderr.endswith("The corpus is read again.\n") and done.stderr.count("\n") == 1
    assert "Resuming at epoch 3" in done.stdout
    assert vectors(place / "out") == whole


def test_with_nothing_to_go_on_with_it_starts_over_and_says_so(sgns, whole, place):
    done = sgns("train", "corpus.txt", "out", *HOW, "--resume")
    assert done.exit_code == 0
    assert done.stderr == f"Warning: There is no run to resume in {place / 'out.work'}: it starts over.\n"
    assert vectors(place / "out") == whole


@posix
def test_standard_input_is_not_read_again(sgns, whole, place, monkeypatch):
    def listen(self, event):
        if isinstance(event, BatchDone) and event.epoch == 3:
            signal.raise_signal(signal.SIGTERM)

    with monkeypatch.context() as patched:
        patched.setattr(RunDisplay, "__call__", listen)
        assert sgns("train", "-", "out", *HOW, input=TEXT).exit_code == 130
    done = sgns("train", "-", "out", *HOW, "--resume", input="something else")
    assert (done.exit_code, done.stderr) == (0, "")
    assert vectors(place / "out") == whole


@posix
def test_an_output_that_is_replaced_stays_until_the_end(sgns, stopped, whole, place):
    shutil.copytree(place / "whole", place / "out")
    (place / "out" / "vocab" / "vectors").write_bytes(b"earlier")
    assert stopped("--force").exit_code == 130
    assert vectors(place / "out") == b"earlier"
    assert sgns("train", "corpus.txt", "out", *HOW, "--force", "--resume").exit_code == 0
    assert vectors(place / "out") == whole


@pytest.mark.parametrize(
    "flags, said",
    [
        (("--checkpoint-every", "-1"), "checkpoint_every must be from 0 to 10,000 minutes, got -1.0."),
        (("--checkpoint-every", "nan"), "checkpoint_every must be from 0 to 10,000 minutes, got nan."),
        (("--checkpoint-every", "0", "--resume"), "resume needs checkpoints, got checkpoint_every 0. Leave it out."),
    ],
)
def test_flags_that_make_no_sense_are_wrong_usage(sgns, flags, said):
    done = sgns("train", "corpus.txt", "out", *flags)
    assert (done.exit_code, done.stderr) == (2, f"Error: {said}\n")


@posix
def test_without_room_for_the_pipeline_training_is_kept(sgns, whole, place, monkeypatch):
    def full(*parts):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("spacy_sgns.pipeline.save.put", full)
        done = sgns("train", "corpus.txt", "out", *HOW)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: Cannot write the pipeline out: No space left on device. Training so far is ")
    done = sgns("train", "corpus.txt", "out", *HOW, "--resume")
    assert done.exit_code == 0 and "All epochs are done already" in done.stdout
    assert vectors(place / "out") == whole


def test_a_run_that_diverged_leaves_nothing_to_go_on_with(sgns, place, monkeypatch):
    monkeypatch.setattr("spacy_sgns.training.update.trust_region.RADIUS", 1e30)
    monkeypatch.setattr("spacy_sgns.training.update.step.RADIUS", 1e30)
    before = tree(place)
    wild = ("--dim", "8", "--epochs", "60", "--learning-rate", "1", "--window", "9", "--chunk-size", "2048")
    done = sgns("train", "corpus.txt", "out", *wild, "--subsample", "0", "--negative", "100", "--chunks-per-step", "2")
    assert done.exit_code == 1 and done.stderr.splitlines()[-1].startswith("Error: Training diverged: ")
    assert tree(place) == before


def start(place, output, *flags):
    command = [sys.executable, "-m", "spacy", "sgns", "train", "corpus.txt", output, *HOW, *flags]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=place, start_new_session=True, **pipes)


def killed_while(work):
    """Return what a run was doing, judging by the files that it left."""
    names = {path.name for path in work.glob("*")} if work.exists() else set()
    return "writing" if "pipeline" in names else "training" if "run.json" in names else "encoding"


@posix
@pytest.mark.slow
@pytest.mark.parametrize("kills", [50])
def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(tmp_path, kills):
    """`pytest --slow -s -k killed_at_any_moment` prints what the runs were doing when they were killed."""
    draw, seen, number = random.Random(0), Counter(), 0
    (tmp_path / "corpus.txt").write_text(TEXT * 400)
    begin = time.monotonic()
    assert real("train", "corpus.txt", "whole", *HOW, cwd=tmp_path).returncode == 0
    length = time.monotonic() - begin
    while sum(seen.values()) < kills:
        number += 1
        output, work = tmp_path / f"out{number}", tmp_path / f"out{number}.work"
        for _ in range(draw.randint(1, 8)):
            flags = ("--resume", "--workers", str(draw.choice((1, 2))), "--checkpoint-every", draw.choice(OFTEN))
            run = start(tmp_path, output.name, *flags)
            while not work.exists() and run.poll() is None:
                time.sleep(0.005)
            time.sleep(draw.uniform(0, 0.6 * length))
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
                seen[killed_while(work)] += not output.exists()
            run.communicate()
            assert not output.exists() or vectors(output) == vectors(tmp_path / "whole")
            if output.exists():
                break
        run = start(tmp_path, output.name, *(() if output.exists() else ("--resume",)))
        _, said = run.communicate(timeout=120)
        assert run.returncode == 0 or "is not empty" in said or "holds an unfinished run" in said
        assert vectors(output) == vectors(tmp_path / "whole")
    print(dict(seen))
