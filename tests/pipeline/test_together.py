"""Concurrent runs in one process, or for one output, do not change each other's results."""

import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
import spacy

from spacy_sgns import train
from spacy_sgns.cli.commands.train import train as train_command
from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.factory import from_language
from spacy_sgns.pipeline.load import open_vectors
from spacy_sgns.pipeline.options import RunOptions
from spacy_sgns.pipeline.train import train_pipeline
from spacy_sgns.settings import Settings
from spacy_sgns.sources.source import Source
from tests.pipeline.tiny_corpus import QUICK, TEXTS

OTHERS = ["one two three four five", "two three one five four", "five one four three two"] * 9


def alone(texts, **settings):
    """The bytes of the vectors of a run alone in its process."""
    return train(spacy.blank("en").pipe(texts), **{**QUICK, **settings}).rows.tobytes()


def test_two_components_in_one_process_keep_to_their_own(made):
    other = spacy.blank("en")
    other.add_pipe("sgns", config={**QUICK, "dim": 4}).train(other.pipe(OTHERS))
    mine, its = made.get_pipe("sgns"), other.get_pipe("sgns")
    before = mine.most_similar("cat"), its.most_similar("one")
    for _ in range(3):
        assert (mine.most_similar("cat"), its.most_similar("one")) == before
        assert (made("cat")[0].vector.shape, other("one")[0].vector.shape) == ((8,), (4,))
        assert "one" not in mine.vectors and "cat" not in its.vectors


def test_training_in_a_thread_is_as_in_the_main_one():
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(alone, TEXTS).result() == alone(TEXTS)
        assert pool.submit(alone, TEXTS, workers=2, chunks_per_step=2).result() == alone(TEXTS, chunks_per_step=2)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers


def test_two_threads_train_at_once_as_if_alone():
    wanted = [alone(TEXTS), alone(OTHERS)] * 2
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(alone, [TEXTS, OTHERS] * 2)) == wanted


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded, use of fork:DeprecationWarning")
def test_queries_are_right_while_docs_are_made_in_processes(made):
    sgns, done, wrong = made.get_pipe("sgns"), Event(), []
    wanted = sgns.most_similar("cat"), sgns.similarity("cat", "dog")

    def ask():
        while not done.is_set():
            if (sgns.most_similar("cat"), sgns.similarity("cat", "dog")) != wanted:
                wrong.append(sgns.most_similar("cat"))

    asking = Thread(target=ask)
    asking.start()
    try:
        docs = list(made.pipe(TEXTS * 20, n_process=2, batch_size=10))
    finally:
        done.set()
        asking.join()
    assert not wrong
    assert [doc.text for doc in docs] == TEXTS * 20
    assert all(doc[0].vector.tolist() == made(doc.text)[0].vector.tolist() for doc in docs[: len(TEXTS)])


def test_of_two_trainings_into_one_output_one_wins(corpus, tmp_path, monkeypatch):
    """The second run starts when the first is half done, and fails; the first one is not affected."""
    monkeypatch.chdir(tmp_path)
    settings, output, refused = Settings.of(**QUICK), tmp_path / "out", []

    def other(event):
        if not refused:
            with pytest.raises(SgnsError, match=r"Another run is writing .*out ") as error:
                train_command(corpus, output, from_language("en", {}), settings)
            refused.append(error)

    given = Source(corpus), from_language("en", {}), settings
    trained = train_pipeline(*given, RunOptions(output), listeners=[other], warn=pytest.fail)
    assert refused
    assert open_vectors(str(output)).rows.tobytes() == trained.vectors.rows.tobytes()
    assert not (tmp_path / "out.work").exists()


def test_what_somebody_wrote_to_the_output_meanwhile_is_not_replaced(corpus, tmp_path):
    settings, output = Settings.of(**QUICK), tmp_path / "out"

    def other(event):
        output.mkdir(exist_ok=True)
        (output / "thesis.txt").write_text("three years")

    given = Source(corpus), from_language("en", {}), settings
    with pytest.raises(SgnsError, match=r"out is not empty.*is kept in .*out\.work.*with --resume"):
        train_pipeline(*given, RunOptions(output), listeners=[other], warn=print)
    assert [path.name for path in output.iterdir()] == ["thesis.txt"]
    (output / "thesis.txt").unlink()
    train_pipeline(*given, RunOptions(output, resume=True), warn=print)
    assert open_vectors(str(output)).most_similar("cat")
