"""A trace of the first step: it follows the formulas, and the step lowers the loss."""

import functools
import math
import operator
from dataclasses import replace

import numpy as np
import pytest

from spacy_sgns.corpus.tokens import Forms, TokenBatch
from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.runs.trace import trace
from spacy_sgns.settings import Settings

SMALL = Settings(dim=6, min_count=1, window=3, negative=4, subsample=0.01, learning_rate=0.5)


def traced(tmp_path, texts, settings=SMALL, **more):
    forms = Forms(lambda text: "", sorted({word for text in texts for word in text.split()}))
    numbers = [[forms.texts.index(word) for word in text.split()] for text in texts]
    ends = np.cumsum([len(text) for text in numbers])
    batch = TokenBatch(np.array(functools.reduce(operator.iadd, numbers, []), np.int32), ends, ends, forms)
    return trace([batch], settings, folder=tmp_path, **more)


def test_it_begins_with_the_first_text_of_two_words(tmp_path):
    assert traced(tmp_path, ["alone", "a b a c"]).text == ["a", "b", "a", "c"]


def test_words_with_their_chances(tmp_path):
    seen = traced(tmp_path, ["a a a a b b c"])
    assert [(word.text, word.count) for word in seen.words] == [("a", 4), ("b", 2), ("c", 1)]
    powers = np.array([4, 2, 1]) ** 0.75
    assert [word.noise for word in seen.words] == pytest.approx((powers / powers.sum()).tolist())
    rarity = 0.01 / (4 / 7)
    assert seen.words[0].kept == pytest.approx(math.sqrt(rarity) + rarity)


def test_pairs_with_their_weights(tmp_path):
    seen = traced(tmp_path, ["a b c d e"], pairs=5)
    found = [(p.centre, p.context, p.distance, p.weight) for p in seen.pairs]
    near = [("a", "b", 1, 1), ("a", "c", 2, 2 / 3), ("a", "d", 3, 1 / 3), ("b", "a", 1, 1), ("b", "c", 1, 1)]
    assert found == [(*pair[:3], pytest.approx(pair[3])) for pair in near]


def test_the_first_scores_are_zero_and_the_step_lowers_the_loss(tmp_path):
    seen = traced(tmp_path, ["a b c d e f g"])
    assert [s.label for s in seen.scored] == [1, 0, 0, 0, 0]
    assert [s.score for s in seen.scored] == [0] * 5  # output rows start at zero
    assert seen.loss == pytest.approx(5 * math.log(2))
    assert seen.loss_after < seen.loss
    assert seen.scored[0].after > 0.5
    chances = [s.after if s.label else 1 - s.after for s in seen.scored]
    assert seen.loss_after == pytest.approx(-sum(map(math.log, chances)))


def test_the_same_seed_draws_the_same_noise(tmp_path):
    texts = [" ".join(f"w{i}" for i in range(50))]
    first, again = (traced(tmp_path, texts) for _ in range(2))
    other = traced(
        tmp_path,
        texts,
        replace(SMALL, seed=1),
    )
    assert first == again
    assert [s.text for s in first.scored] != [s.text for s in other.scored]


def test_texts_of_one_word_are_said(tmp_path):
    with pytest.raises(SgnsError, match="No text has two words"):
        traced(tmp_path, ["a", "b", "a"])


def test_pairs_weigh_what_the_weighting_gives(tmp_path):
    seen = traced(tmp_path, ["a b c d"], Settings.of(**{**SMALL.as_dict(), "weighting": "harmonic"}))
    assert {(pair.distance, pair.weight) for pair in seen.pairs} == {(1, 1.0), (2, 0.5), (3, 1 / 3)}


@pytest.mark.parametrize(
    "chosen", [{"architecture": "cbow"}, {"objective": "hierarchical_softmax"}, {"noise": "in_batch"}]
)
def test_a_step_of_another_kind_is_not_shown_as_if_it_were_this_one(tmp_path, chosen):
    [[slot, name]] = chosen.items()
    with pytest.raises(SettingError, match=f"A trace can only show {slot} .*, got {name}.v1. Leave {slot} at"):
        traced(tmp_path, ["a b c d"], Settings.of(**{**SMALL.as_dict(), **chosen}))
