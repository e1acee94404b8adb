"""The checkpoint manager keeps the latest two checkpoints, uses only this run's, and warns about the others."""

from hashlib import sha256

import numpy as np
import pytest

from spacy_sgns.corpus.counts import CorpusCounts
from spacy_sgns.corpus.encoded import EncodedCorpus, IdWriter
from spacy_sgns.corpus.encoder import Encoding
from spacy_sgns.corpus.vocabulary import Vocabulary
from spacy_sgns.errors import SgnsError
from spacy_sgns.runs import checkpoint_manager
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.runs.work_folder import RUN
from spacy_sgns.system.interrupts import Interrupted
from spacy_sgns.training.trainer import Diverged

IDENTITY = {"settings": {"dim": 4, "seed": 0}, "corpus": {"files": {"a.txt": "12 bytes", "b.txt": "3 bytes"}}}
MACHINE = {"numpy": "2.0", "blas": [{"version": "1"}]}
ROWS = {"rows": np.arange(12, dtype=np.float32).reshape(4, 3)}


@pytest.fixture
def run(tmp_path):
    """A function that makes a manager of the folder; `warnings` collects its warnings."""

    def make(identity=IDENTITY, machine=MACHINE, *, resume=False, interval=600.0):
        made = CheckpointManager(
            tmp_path, identity, machine, interval=interval, resume=resume, warn=make.warnings.append
        )
        return made

    make.warnings = []
    return make


@pytest.fixture
def encoded(tmp_path):
    with IdWriter(tmp_path, "ids") as writer:
        writer.write(np.arange(4), np.array([4]))
    return encoding(tmp_path, ["a", "b"])


def encoding(folder, words):
    vocabulary = Vocabulary(words, np.array([2, 2]), [[word] for word in words])
    counts = CorpusCounts(texts=1, tokens=4, tokens_kept=4, words=2)
    return Encoding(
        EncodedCorpus(folder, 1, 4, 4, sha256((folder / "ids.i32").read_bytes()).hexdigest()), None, vocabulary, counts
    )


def checkpoints(folder):
    return sorted(path.name for path in folder.glob("checkpoint*"))


def test_a_run_goes_on_with_its_corpus_and_its_newest_checkpoint(run, encoded, tmp_path):
    first = run()
    assert first.load_corpus() is None
    first.save_corpus(encoded)
    assert first.latest() is None
    for epoch in range(1, 5):
        assert first.save({"epoch": epoch}, ROWS)
    assert checkpoints(tmp_path) == ["checkpoint-000003.sgns", "checkpoint-000004.sgns"]
    second = run(resume=True)
    assert second.load_corpus().corpus == encoded.corpus
    assert second.latest().state == {"epoch": 4}
    assert second.save({"epoch": 5}, ROWS)
    assert checkpoints(tmp_path) == ["checkpoint-000004.sgns", "checkpoint-000005.sgns"]
    assert not run.warnings


def test_a_damaged_checkpoint_is_told_and_the_one_before_taken(run, encoded, tmp_path):
    first = run()
    first.save_corpus(encoded)
    for epoch in (1, 2):
        first.save({"epoch": epoch}, ROWS)
    path = tmp_path / "checkpoint-000002.sgns"
    path.write_bytes(path.read_bytes()[:-40])
    second = run(resume=True)
    second.load_corpus()
    assert second.latest().state == {"epoch": 1}
    assert run.warnings == [f"{path} is damaged: its checksum is wrong. The previous one is tried."]


def test_without_a_checkpoint_that_is_whole_training_starts_over(run, encoded, tmp_path):
    run().save_corpus(encoded)
    (tmp_path / "checkpoint-000007.sgns").write_bytes(b"")
    (tmp_path / "checkpoint-1a.sgns").write_bytes(b"")
    second = run(resume=True)
    assert second.load_corpus().corpus == encoded.corpus
    assert second.latest() is None
    assert len(run.warnings) == 2
    assert run.warnings[1] == f"There is no checkpoint in {tmp_path} to resume from: training starts over."


def test_where_there_is_no_run_it_starts_over_and_says_so(run, tmp_path):
    assert run(resume=True).load_corpus() is None
    for text in ("", "[]", "{}", "[" * 100_000):
        (tmp_path / RUN).write_text(text)
        assert run(resume=True).load_corpus() is None
    assert run.warnings[0] == f"There is no run to resume in {tmp_path}: it starts over."
    assert len(run.warnings) == 5 and all("(run.json is damaged: " in text for text in run.warnings[1:])


def test_a_corpus_that_is_damaged_is_read_anew_and_its_checkpoints_still_hold(run, encoded, tmp_path):
    first = run()
    first.save_corpus(encoded)
    first.save({"epoch": 1}, ROWS)
    content = (tmp_path / "ids.i32").read_bytes()
    (tmp_path / "ids.i32").write_bytes(content[:-4])
    second = run(resume=True)
    assert second.load_corpus() is None
    assert "is damaged (the checksum of ids.i32 is wrong). The corpus is read again." in run.warnings[0]
    (tmp_path / "ids.i32").write_bytes(content)
    second.save_corpus(encoded)
    assert second.latest().state == {"epoch": 1}


def test_checkpoints_of_another_corpus_are_not_used(run, encoded, tmp_path):
    first = run()
    first.save_corpus(encoded)
    first.save({"epoch": 1}, ROWS)
    second = run()
    second.save_corpus(encoding(tmp_path, ["a", "c"]))
    assert second.latest() is None
    assert run.warnings == [f"{tmp_path / 'checkpoint-000001.sgns'} belongs to another run and is not used."]


@pytest.mark.parametrize(
    "identity, said",
    [
        (
            {**IDENTITY, "settings": {"dim": 5, "seed": 0}},
            r"settings\.dim was 4, is 5\. Give the same settings and corpus as then",
        ),
        ({"corpus": IDENTITY["corpus"]}, r'settings was {"dim": 4, "seed": 0}, is nothing'),
        (
            {**IDENTITY, "corpus": {"files": {"a.txt": "12 bytes", "b.txt": "4 bytes"}}},
            r'corpus.files.b.txt was "3 bytes"',
        ),
        ({**IDENTITY, "format": 2}, r"format was 1, is 2"),
        ({"settings": {}, "corpus": {"files": {}}}, r"settings.dim was 4.*; settings.seed .*; and 1 more"),
    ],
)
def test_another_run_is_refused_with_what_differs(run, encoded, tmp_path, identity, said):
    run().save_corpus(encoded)
    with pytest.raises(SgnsError, match=f"The run in .* is a different one: .*{said}"):
        run(identity, resume=True)


def test_another_machine_is_told(run, encoded):
    run().save_corpus(encoded)
    assert run(machine={**MACHINE, "numpy": "2.1"}, resume=True).load_corpus()
    assert run.warnings == [
        'The run began on another machine (numpy was "2.0", is "2.1"): vectors may differ in the last bits.'
    ]


def test_a_checkpoint_is_due_after_a_while_and_at_an_epochs_end_if_it_is_quick(run, encoded, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(checkpoint_manager, "perf_counter", lambda: now[0])
    made = run(interval=600)
    made.save_corpus(encoded)
    assert made.is_due(epoch_ended=True) and not made.is_due(epoch_ended=False)

    def slowly(*parts):
        now[0] += 1.0

    monkeypatch.setattr(checkpoint_manager, "write_checkpoint", slowly)
    made.save({}, ROWS)
    now[0] += 1 / checkpoint_manager.MAX_SHARE - 1
    assert not made.is_due(epoch_ended=True)
    now[0] += 2
    assert made.is_due(epoch_ended=True) and not made.is_due(epoch_ended=False)
    now[0] += 600
    assert made.is_due(epoch_ended=False)


def test_no_room_for_a_checkpoint_is_told_and_the_one_before_stays(run, encoded, tmp_path, monkeypatch):
    def full(*parts):
        raise OSError(28, "No space left on device")

    made = run()
    made.save_corpus(encoded)
    made.save({"epoch": 1}, ROWS)
    monkeypatch.setattr(checkpoint_manager, "write_checkpoint", full)
    assert not made.save({"epoch": 2}, ROWS) and not made.save({"epoch": 3}, ROWS)
    assert run.warnings == [
        f"A checkpoint cannot be written to {tmp_path}: No space left on device; the previous one is kept, and "
        "training continues. This warning is shown once."
    ]
    assert checkpoints(tmp_path) == ["checkpoint-000001.sgns"]


@pytest.mark.parametrize(
    "raised, expected, said",
    [
        (SgnsError("Full."), SgnsError, "Full. Training so far is kept in {}. To resume, give the same command with"),
        (MemoryError(), SgnsError, "Out of memory. Lower dim or max_words, or raise min_count. Training so far is"),
        (OSError(12, "No"), SgnsError, "Out of memory. Lower dim or max_words, or raise min_count. Training so far is"),
        (OSError(5, "Bad", "x"), SgnsError, "Bad: x. Training so far is kept in {}. To resume"),
        (BrokenPipeError(32, "Nobody"), BrokenPipeError, "[Errno 32] Nobody"),
        (KeyboardInterrupt(), Interrupted, "Interrupted. Training so far is kept in {}. To resume"),
        (Interrupted("Enough."), Interrupted, "Enough."),
        (ValueError("A fault of ours."), ValueError, "A fault of ours."),
    ],
)
def test_what_ends_a_run_says_resume_hint(run, encoded, tmp_path, raised, expected, said):
    made = run()
    made.save_corpus(encoded)
    made.save({}, ROWS)
    with pytest.raises(expected) as error, made.with_resume_hint():
        raise raised
    assert str(error.value).startswith(said.format(tmp_path))
    assert (tmp_path / RUN).exists()


def test_before_there_is_anything_to_keep_nothing_is_said(run, encoded, tmp_path):
    made = run()
    with pytest.raises(SgnsError, match=r"^Full\.$"), made.with_resume_hint():
        raise SgnsError("Full.")
    with pytest.raises(KeyboardInterrupt, match=r"^$"), made.with_resume_hint():
        raise KeyboardInterrupt
    made.save_corpus(encoded)
    assert made.resume_hint().startswith("The encoded corpus is kept in ")


def test_a_run_that_diverged_is_not_kept(run, encoded, tmp_path):
    made = run()
    made.save_corpus(encoded)
    made.save({}, ROWS)
    with pytest.raises(Diverged), made.with_resume_hint():
        raise Diverged("Training diverged.", None)
    assert not (tmp_path / RUN).exists() and not checkpoints(tmp_path)


def test_no_room_for_the_corpus_is_an_error(run, encoded, tmp_path, monkeypatch):
    def full(*parts):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SgnsError, match=r"Cannot save the encoded corpus in .*: No space left on device"):
        run().save_corpus(encoded)
    assert not (tmp_path / RUN).exists()
