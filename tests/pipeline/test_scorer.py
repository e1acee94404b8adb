"""Scores of vectors among the scores of `spacy train`."""

import itertools

import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from spacy_sgns.errors import SgnsError
from spacy_sgns.evaluation.evaluate import score_sets
from spacy_sgns.evaluation.files import read_gold
from tests.pipeline.tiny_corpus import TEXTS

pytestmark = pytest.mark.filterwarnings("ignore::spacy_sgns.errors.SgnsWarning")


@pytest.fixture
def gold(tmp_path):
    words = sorted({word for text in TEXTS for word in text.split() if word.isalpha()})[:8]
    lines = [f"{a}\t{b}\t{i}" for i, (a, b) in enumerate(itertools.pairwise(words))]
    (tmp_path / "pairs.tsv").write_text("\n".join(lines))
    return tmp_path / "pairs.tsv"


def with_scorer(*paths):
    nlp = spacy.blank("en")
    scorer = {"@scorers": "spacy_sgns.gold_scorer.v1", "paths": [str(path) for path in paths]}
    nlp.add_pipe("sgns", config={"dim": 6, "epochs": 9, "learning_rate": 0.5, "min_count": 1, "scorer": scorer})
    return nlp


def examples(nlp):
    return [Example(Doc(nlp.vocab, ["a"]), Doc(nlp.vocab, ["a"]))]


def test_evaluate_has_the_scores_of_the_vectors(gold):
    nlp = with_scorer(gold)
    vectors = nlp.get_pipe("sgns").train(nlp.pipe(TEXTS))
    scores = nlp.evaluate(examples(nlp))
    expected = score_sets(vectors, [read_gold(gold)])
    assert scores["sgns_per_set"] == expected == {"pairs": pytest.approx(scores["sgns_score"])}


def test_a_pipeline_is_saved_and_loaded_with_its_scorer(gold, tmp_path):
    nlp = with_scorer(gold)
    nlp.get_pipe("sgns").train(nlp.pipe(TEXTS))
    nlp.to_disk(tmp_path / "saved")
    loaded = spacy.load(tmp_path / "saved")
    assert loaded.evaluate(examples(loaded))["sgns_per_set"] == nlp.evaluate(examples(nlp))["sgns_per_set"]


def test_without_a_scorer_or_vectors_there_are_no_scores(gold):
    nlp = spacy.blank("en")
    nlp.add_pipe("sgns")
    assert "sgns_score" not in nlp.evaluate(examples(nlp))
    nlp = with_scorer(gold)
    assert "sgns_score" not in nlp.evaluate(examples(nlp))


def test_it_may_be_shown_by_spacy_train():
    """The score has no default weight, so that it does not change which model `spacy train` considers best."""
    factory = spacy.blank("en").get_factory_meta("sgns")
    assert factory.default_score_weights == {"sgns_score": None, "sgns_per_set": None}


def test_a_set_that_is_not_there_is_said_before_training(tmp_path, monkeypatch):
    monkeypatch.setattr("spacy_sgns.pipeline.train.train_on_reader", None)
    nlp = with_scorer(tmp_path / "nowhere.tsv")
    for initialize in (nlp.initialize, lambda: nlp.get_pipe("sgns").train_from_config(print, nlp)):
        with pytest.raises(SgnsError, match=r"^Cannot read .*nowhere"):
            initialize()


def test_a_pipeline_loads_where_the_sets_are_missing(gold, tmp_path):
    nlp = with_scorer(gold)
    nlp.get_pipe("sgns").train(nlp.pipe(TEXTS))
    nlp.to_disk(tmp_path / "saved")
    gold.unlink()
    loaded = spacy.load(tmp_path / "saved")
    assert loaded("cat").has_vector
    with pytest.raises(SgnsError, match=r"^Cannot read .*pairs\.tsv"):
        loaded.evaluate(examples(loaded))
