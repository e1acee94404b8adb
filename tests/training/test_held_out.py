"""The loss on held-out texts: the training loss in double precision, with constant random draws."""

from dataclasses import replace

import numpy as np
import pytest

from spacy_sgns.training.held_out import HeldOut
from spacy_sgns.training.update.tables import Tables
from tests.training.kernel import SMALL, MemoryCorpus, fingerprint, topics, trainer_on


def held_out(corpus, tables, **changes):
    return HeldOut(corpus, corpus.counts, replace(SMALL, **changes), tables)


def test_before_training_each_pair_costs_what_a_guess_costs():
    corpus = topics()
    trainer = trainer_on(corpus)
    assert held_out(corpus, trainer.tables).loss() == pytest.approx((1 + SMALL.negative) * np.log(2), abs=1e-12)


def test_it_changes_nothing_and_is_the_same_again():
    corpus = topics()
    tables = trainer_on(corpus, subsample=0.01).run()
    before, asked = fingerprint(tables), held_out(corpus, tables, subsample=0.01)
    assert asked.loss() == asked.loss() == held_out(corpus, tables, subsample=0.01).loss()
    assert fingerprint(tables) == before


def test_it_falls_while_the_same_topics_are_learnt_and_not_for_others():
    corpus = topics()
    trainer, losses, others = trainer_on(corpus, epochs=4), [], []
    strange = MemoryCorpus([np.random.default_rng(3).permutation(corpus.ids)])
    asked = held_out(corpus, trainer.tables), held_out(strange, trainer.tables)
    for event in trainer.events():
        if type(event).__name__ == "EpochEnd":
            losses.append(asked[0].loss())
            others.append(asked[1].loss())
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] - 0.1
    assert others[-1] > losses[-1] + 0.1


def test_it_is_computed_in_double_precision():
    corpus = topics()
    tables = trainer_on(corpus).run()
    wide = Tables(tables.rows.astype(np.float64))
    assert tables.rows.dtype == np.float32
    assert held_out(corpus, tables).loss() == held_out(corpus, wide).loss()


def test_texts_without_pairs_have_no_loss():
    corpus = topics()
    lonely = MemoryCorpus([np.array([1]), np.array([2])])
    assert HeldOut(lonely, corpus.counts, SMALL, trainer_on(corpus).tables).loss() is None
