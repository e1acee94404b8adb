"""What of a corpus should give pause."""

from dataclasses import replace

import numpy as np
import pytest

from spacy_sgns.planning.corpus_checks import corpus_warnings, repeated_share
from spacy_sgns.planning.forecast import SampleStats, forecast
from spacy_sgns.settings import Settings

GOOD = forecast(SampleStats(1.0, 5000, 200_000, 0, 1000, np.full((8, 1000), 25)), Settings())


def of(texts=5000, repeated=0.0, mojibake=0.0, **settings):
    """The corpus_warnings about a corpus of 200,000 tokens that is good but for one thing."""
    changed = replace(GOOD, sizes=replace(GOOD.sizes, texts=texts), settings=replace(GOOD.settings, **settings))
    return list(corpus_warnings(changed, repeated, mojibake))


def test_there_are_none_about_a_good_corpus():
    assert of() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dim": 1001}, "Set dim to 1000 or less"),
        ({"texts": 1}, "A text has 200,000 tokens on average"),
        ({"repeated": 0.6}, "About 60% of the corpus are duplicates"),
        ({"held_out": 0.1}, "The plan ignores held_out and drop_duplicates"),
        ({"repeated": 0.6, "drop_duplicates": True}, "The plan ignores"),
        ({"mojibake": 0.01}, "1.00% of the characters look like text decoded with a wrong encoding"),
    ],
)
def test_each_is_said(changes, said):
    [text] = of(**changes)
    assert said in text


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.parametrize("fraction", [0.05, 0.3])
def test_copies_are_rarer_in_a_sample(times, fraction):
    drawn = np.random.default_rng(0).random(200_000 * times) < fraction
    texts = np.arange(200_000 * times)[drawn] % 200_000
    repeated = 1 - len(np.unique(texts)) / len(texts)
    assert repeated_share(repeated, fraction) == pytest.approx(1 - 1 / times, abs=0.02)


def test_copies_in_all_of_a_corpus_are_counted():
    assert repeated_share(0.4, 1.0) == 0.4
