"""What a corpus will be, by what was seen of a sample."""

import numpy as np
import pytest

from spacy_sgns.corpus.encoded import EncodedCorpus, IdWriter
from spacy_sgns.errors import SgnsError
from spacy_sgns.planning.forecast import SampleStats, count_slices, forecast
from spacy_sgns.settings import Settings

COUNTS = np.array([4000, 800, 80, 40, 16, 8])
SLICES = np.tile(COUNTS // 8, (8, 1))


def seen(fraction=1.0, slices=SLICES):
    """What was seen of a sample of six words."""
    return SampleStats(fraction, 100 / fraction, int(slices.sum()), 7, 9, slices)


def test_a_corpus_that_was_read_as_a_whole_is_as_it_is():
    made = forecast(seen(), Settings(min_count=20))
    assert (made.sizes.texts, made.sizes.tokens, made.sizes.kept) == (100, COUNTS.sum(), COUNTS[:4].sum())
    assert (made.sizes.words, made.sizes.forms, made.dropped, made.error) == (4, 9, 7, 0)
    assert made.counts.tolist() == COUNTS[:4].tolist()
    assert [(w.min_count, w.words, w.kept) for w in made.vocabulary] == [
        (1, 6, 4944),
        (2, 6, 4944),
        (5, 6, 4944),
        (10, 5, 4936),
        (20, 4, 4920),
        (50, 3, 4880),
    ]


def test_a_sample_stands_for_more():
    made = forecast(seen(0.1), Settings())
    assert (made.sizes.tokens, made.dropped) == (pytest.approx(10 * COUNTS.sum()), 70)
    assert made.sizes.kept == pytest.approx(10 * COUNTS.sum(), rel=0.01)
    assert made.error > 0


def test_settings_are_settled_by_the_tokens_kept():
    assert forecast(seen(), Settings()).settings.epochs > forecast(seen(1e-4), Settings()).settings.epochs
    assert forecast(seen(1e-4), Settings()).settings.chunks_per_step == 2


def test_no_more_words_than_are_wanted():
    made = forecast(seen(), Settings(max_words=3))
    assert (made.sizes.words, made.sizes.kept) == (3, COUNTS[:3].sum())


def test_subsampling_keeps_all_or_some():
    assert forecast(seen(), Settings(subsample=0)).trained == COUNTS.sum()
    assert 0 < forecast(seen(), Settings(subsample=1e-3)).trained < COUNTS.sum() / 2


def test_too_few_words_are_an_error():
    with pytest.raises(SgnsError, match=r"min_count=900 times; the second.*about 800 times.*--min-count 800"):
        forecast(seen(), Settings(min_count=900))
    forecast(seen(0.5), Settings(min_count=900))


def test_a_worker_meets_some_of_the_forms():
    made = forecast(seen(), Settings())
    assert made.forms_per_worker(1) == made.sizes.forms >= made.forms_per_worker(4)


def test_slices_go_round_over_the_first_tokens(tmp_path):
    ids = np.repeat(np.arange(64, dtype=np.int32), 10)
    with IdWriter(tmp_path, "ids") as writer:
        writer.write(np.concatenate((ids, ids)), np.array([1280]))
    slices = count_slices(EncodedCorpus(tmp_path, 1, 1280, 1280, ""), 640, 64)
    assert slices.shape == (8, 64)
    assert slices[3].nonzero()[0].tolist() == [3, 11, 19, 27, 35, 43, 51, 59]
    np.testing.assert_array_equal(slices.sum(0), np.full(64, 10))
