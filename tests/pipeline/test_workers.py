"""Workers of `spacy_sgns.train` and of the component: the same vectors, and a warning if they cannot train."""

import os
import subprocess
import warnings

import catalogue
import pytest
import spacy

import spacy_sgns
from spacy_sgns.errors import SgnsError, SgnsWarning
from spacy_sgns.runs.events import Encoded
from spacy_sgns.settings import Settings
from tests.pipeline.tiny_corpus import QUICK, TEXTS

MANY = {**QUICK, "chunks_per_step": 3, "chunk_size": 64}
CANNOT = (
    "^1 worker trains: other processes cannot import alternatives that this program defines itself. "
    "Put them into a module.$"
)
TOO_MANY = (
    "^3 of 5 workers can train, one for each chunk of a step. "
    "A higher chunks_per_step uses more workers, but changes the vectors.$"
)


@pytest.fixture
def started(monkeypatch):
    """The processes started so far."""
    made, start = [], subprocess.Popen

    def record(*args, **options):
        made.append(start(*args, **options))
        return made[-1]

    monkeypatch.setattr(subprocess, "Popen", record)
    return made


PROGRAM = """
from spacy_sgns.registry import objectives
from spacy_sgns.training.objectives.negative_sampling import negative_sampling_v1

@objectives.register("tried.v1")
def made():
    return negative_sampling_v1()
"""


@pytest.fixture
def of_this_program(monkeypatch):
    """The name of an objective that was defined in a notebook, for example."""
    monkeypatch.setitem(catalogue.REGISTRY, ("spacy_sgns", "objectives", "tried.v1"), None)
    exec(PROGRAM, {"__name__": "__main__"})
    return "tried"


def docs():
    return spacy.blank("en").pipe(TEXTS * 10)


def trained(**settings):
    """Return the vectors' bytes, the number of workers and the note; any warning is an error."""
    events = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vectors = spacy_sgns.train(docs(), progress=events.append, **{**MANY, **settings})
    [encoded] = [event for event in events if isinstance(event, Encoded)]
    return vectors.rows.tobytes(), encoded.workers, encoded.workers_note


def test_docs_give_the_same_vectors_with_any_number_of_workers(started):
    alone, *others = (trained(workers=workers) for workers in (1, 2, 3))
    assert others == [(alone[0], 2, ""), (alone[0], 3, "")]
    assert len(started) == 3 and all(process.returncode is not None for process in started)


def test_the_component_does_so_too():
    def component(workers):
        sgns = spacy.blank("en").add_pipe("sgns", config={**MANY, "workers": workers})
        sgns.train(docs())
        return sgns

    alone, together = component(1), component(3)
    assert (alone.report["workers"], together.report["workers"]) == (1, 3)
    assert alone.vocab.vectors.data.tobytes() == together.vocab.vectors.data.tobytes()


def test_more_workers_than_lanes_are_a_warning_where_they_were_asked_for():
    with pytest.warns(SgnsWarning, match=TOO_MANY):
        spacy_sgns.train(docs(), **{**MANY, "workers": 5})


def test_more_cores_than_lanes_are_none(monkeypatch):
    monkeypatch.setattr("spacy_sgns.system.machine.available_cores", lambda: 4)
    assert trained(workers="auto", chunks_per_step=2)[1:] == (2, TOO_MANY.strip("^$").replace("3 of 5", "2 of 4"))
    assert trained(workers="auto", chunks_per_step=1)[1:] == (1, "")


@pytest.mark.parametrize("workers", [2, "auto"])
def test_an_alternative_of_this_program_trains_alone_and_that_is_a_warning(
    of_this_program, monkeypatch, workers, started
):
    monkeypatch.setattr("spacy_sgns.system.machine.available_cores", lambda: 2)
    with pytest.warns(SgnsWarning, match=CANNOT):
        vectors = spacy_sgns.train(docs(), **MANY, objective=of_this_program, workers=workers)
    assert (vectors.rows.tobytes(), started) == (trained(workers=1)[0], [])


def test_an_error_of_the_docs_is_the_callers_own(started):
    def failing():
        yield from docs()
        raise LookupError("of the caller")

    with pytest.raises(LookupError, match="of the caller"):
        spacy_sgns.train(failing(), **MANY, workers=2)
    assert all(process.returncode is not None for process in started)


@pytest.mark.parametrize("error", [LookupError, KeyboardInterrupt])
def test_an_error_of_a_listener_leaves_nothing(started, tmp_path, monkeypatch, error):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fail(event):
        if not isinstance(event, Encoded) and hasattr(event, "epoch"):
            raise error("of the listener")

    with pytest.raises(error, match="of the listener"):
        spacy_sgns.train(docs(), **MANY, workers=2, progress=fail)
    assert started and all(process.returncode is not None for process in started)
    assert os.listdir(tmp_path) == []


def test_a_worker_that_dies_is_an_error_and_leaves_nothing(started, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def kill(event):
        for process in started:
            process.kill()

    with pytest.raises(SgnsError, match=r"^A worker process "):
        spacy_sgns.train(docs(), **{**MANY, "epochs": 1000}, workers=2, progress=kill)
    assert started and os.listdir(tmp_path) == []


def test_the_settings_tell_what_was_asked_for_and_the_report_what_was_there():
    nlp = spacy.blank("en")
    sgns = nlp.add_pipe("sgns", config={**MANY, "workers": 2})
    sgns.train(docs())
    assert sgns.report["workers"] == 2 and sgns.report["settings"]["workers"] == 2
    assert Settings.of(**sgns.report["settings"]).workers == 2
