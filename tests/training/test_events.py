"""The events of training and their order."""

from itertools import pairwise

import numpy as np
import pytest

from spacy_sgns.training.events import BatchDone, EpochEnd, Finished
from tests.training.kernel import MemoryCorpus, topics, trainer_on


def heard(corpus, **settings):
    """Return a trainer and all its events."""
    trainer, events = trainer_on(corpus, **settings), []
    trainer.run([events.append])
    return trainer, events


@pytest.mark.parametrize("shard", [1 << 20, 500])
def test_batches_then_the_end_of_the_epoch_then_the_end(shard):
    corpus = topics()
    corpus.shard = shard
    trainer, events = heard(corpus, epochs=3)
    assert isinstance(events[-1], Finished)
    assert events[-1].tables is trainer.tables
    kinds = [(type(event), event.epoch) for event in events[:-1]]
    wanted = []
    for epoch in (1, 2, 3):
        batches = kinds.count((BatchDone, epoch))
        assert batches >= -(-corpus.kept // shard)
        wanted += [(BatchDone, epoch)] * batches + [(EpochEnd, epoch)]
    assert kinds == wanted
    assert {event.epochs for event in events[:-1]} == {3}


def test_batches_count_up_to_the_whole_corpus():
    corpus = topics(texts=300)
    corpus.shard = 5000
    _, events = heard(corpus, epochs=2)
    for epoch in (1, 2):
        batches = [e for e in events if isinstance(e, BatchDone) and e.epoch == epoch]
        assert len(batches) > 2
        tokens = [e.tokens for e in batches]
        assert tokens == sorted(tokens)
        assert tokens[0] > 0
        assert tokens[-1] == corpus.tokens
        assert {e.total for e in batches} == {corpus.tokens}
    steps = [e.step for e in events if isinstance(e, BatchDone)]
    assert steps == sorted(set(steps))
    rates = [e.learning_rate for e in events if isinstance(e, BatchDone)]
    assert rates == sorted(set(rates), reverse=True)
    assert rates[0] == 0.05
    assert 0 < rates[-1] < 0.01


def test_more_chunks_per_step_make_fewer_steps():
    last = [
        heard(topics(texts=300), epochs=1, chunks_per_step=chunks_per_step)[1][-3].step for chunks_per_step in (1, 4)
    ]
    assert last[0] / 4 <= last[1] < last[0] / 3


def test_the_epochs_loss_is_that_of_its_last_batch():
    _, events = heard(topics(), epochs=2)
    for before, event in pairwise(events):
        if isinstance(event, EpochEnd):
            assert event.loss == before.loss
            assert event.seconds >= before.seconds > 0
            assert event.words_per_second == pytest.approx(before.total / event.seconds)


def test_all_listeners_receive_the_same_events_in_turn():
    first, second, both = [], [], []
    listeners = [lambda e: (first.append(e), both.append("first")), lambda e: (second.append(e), both.append("second"))]
    trainer_on(topics(), epochs=1).run(iter(listeners))
    assert first == second
    assert isinstance(first[-1], Finished)
    assert both == ["first", "second"] * len(first)


def test_an_exception_of_a_listener_ends_training():
    def stop(event):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer_on(topics()).run([stop])


def test_a_corpus_without_pairs_has_a_loss_of_zero():
    _, events = heard(MemoryCorpus([np.array([0]), np.array([1])]), epochs=1)
    assert [e.loss for e in events if isinstance(e, EpochEnd)] == [0.0]
