"""A whole run on literals: tokens in, words with vectors and a report out."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from spacy_sgns.corpus.tokens import Forms, TokenBatch
from spacy_sgns.runs.events import Encoded, TokensRead
from spacy_sgns.runs.train_vectors import train_vectors
from spacy_sgns.settings import Settings
from spacy_sgns.training.events import BatchDone, EpochEnd, Finished

FORMS = ["cat", "Cat", "dog", "mat", "!", "the"]
RARE = ["cat mat", "cat mat", "cat the", "cat the", "dog mat", "dog the", "dog", "dog"]  # cat and dog never meet
SMALL = Settings(dim=8, min_count=2, epochs=3, learning_rate=0.05, subsample=0)


def batches(texts):
    """Yield a batch for each text; a form's number is its index in `FORMS`, and `!` is dropped."""
    forms = Forms(lambda form: "punct" if form == "!" else "", FORMS)
    for text in texts:
        numbers = np.array([FORMS.index(word) for word in text.split()], np.int32)
        ends = np.array([len(numbers)])
        yield TokenBatch(numbers, ends, ends, forms)


def threads():
    return {lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"}


def learn(tmp_path, texts, settings=SMALL, *listeners):
    return train_vectors(batches(texts), settings, folder=tmp_path, listeners=listeners)


def test_forms_become_words_with_vectors(tmp_path):
    trained = learn(tmp_path, ["the cat !", "the Cat dog", "the cat dog mat"])
    assert trained.vectors.words == ["cat", "the", "dog"]  # by count, then by text; mat is too rare
    assert trained.forms == [["cat", "Cat"], ["the"], ["dog"]]
    assert trained.vectors["CAT"] is not None and "mat" not in trained.vectors
    assert trained.vectors.rows.shape == (3, 8) and trained.vectors.rows.dtype == np.float32


def test_the_report_counts_what_there_was(tmp_path):
    report = learn(tmp_path, ["the cat !", "the Cat dog", "the cat dog mat"]).report
    assert {k: v for k, v in report["corpus"].items() if v and k != "sha256"} == {
        "texts": 3,
        "tokens": 9,
        "tokens_dropped": {"punct": 1},
        "tokens_kept": 8,
        "tokens_rare": 1,
        "words": 3,
        "words_rare": 1,
    }
    assert len(report["epochs"]) == 3 and {"loss", "words_per_second", "seconds"} <= report["epochs"][0].keys()
    assert {"read", "train"} <= report["seconds"].keys() and report["seed"] == 0
    assert report["settings"]["chunks_per_step"] == 1 and report["versions"]["numpy"] == np.__version__
    assert all(lib["num_threads"] == 1 for lib in report["blas"])


def test_listeners_hear_the_stages_in_order(tmp_path):
    heard = []
    learn(tmp_path, ["the cat dog"] * 3, SMALL, lambda event: heard.append(type(event)))
    assert heard == [TokensRead] * 3 + [Encoded] + [BatchDone, EpochEnd] * 3 + [Finished]


@pytest.mark.parametrize("allowed", [1, 2])
def test_blas_has_one_thread_meanwhile_and_its_own_number_afterwards(tmp_path, allowed):
    during = []
    with threadpool_limits(allowed, user_api="blas"):
        before = threads()
        learn(tmp_path, ["the cat dog"] * 3, SMALL, lambda event: during.append(threads()))
        assert threads() == before
    assert all(number == {1} for number in during)


def test_blas_has_its_own_number_of_threads_after_an_error_too(tmp_path):
    def fail(event):
        raise RuntimeError("a listener's own")

    before = threads()
    with pytest.raises(RuntimeError, match="a listener's own"):
        learn(tmp_path, ["the cat dog"] * 3, SMALL, fail)
    assert threads() == before


def test_words_that_never_meet_are_told_to_the_user(tmp_path):
    [warning] = learn(tmp_path, ["cat", "dog"] * 3).warnings
    assert warning.startswith("Nothing was learnt: no text had two words left.")
    assert "A text has 1.0 tokens on average." in warning and "language" in warning and "subsample" not in warning


@pytest.mark.parametrize(
    ("changes", "texts", "advice"),
    [
        ({"subsample": 1e-6}, ["the cat the cat"] * 40, "Make the texts longer, or set subsample (now 1e-06) to 0."),
        ({"subsample": 0, "min_count": 4}, RARE, "or lower min_count (now 4)"),
    ],
)
def test_the_advice_names_what_left_no_two_words(tmp_path, changes, texts, advice):
    settings = Settings(**{"dim": 8, "min_count": 2, "epochs": 1, "learning_rate": 0.1, **changes})
    [warning] = learn(tmp_path, texts, settings).warnings
    assert warning.startswith("Nothing was learnt: ") and advice in warning


def test_vectors_that_hardly_moved_are_told_to_the_user(tmp_path):
    few = Settings(dim=8, min_count=2, epochs=1, learning_rate=0.0001, subsample=0)
    [warning] = learn(tmp_path, ["the cat dog"] * 3, few).warnings
    assert warning.startswith("The vectors have hardly moved from their random initial values") and "(now 1)" in warning


def test_duplicates_of_what_is_held_out_are_told(tmp_path):
    texts = ["the cat dog", "the dog cat"] * 20
    settings = {"dim": 8, "min_count": 1, "epochs": 1, "subsample": 0, "held_out": 0.3}
    for more, told in (({}, True), ({"drop_duplicates": True, "held_out": 0.4, "seed": 2}, False)):
        warnings = learn(tmp_path, texts, Settings(**{**settings, **more})).warnings
        assert any("95% of the texts are duplicates, so some held-out texts" in text for text in warnings) == told
