"""How long encoding takes."""

import numpy as np
import pytest

from spacy_sgns.planning.cost import EncodingCost

START, TOKEN, FORM, FINISH = 0.7, 2e-6, 50e-6, 1e-7


def batches(new, times=2):
    """Batches as a sample has them: fewer and fewer new forms, and none the second time."""
    rows = [(START * (i == 0) + TOKEN * 1000 + FORM * n, 1000, n) for i, n in enumerate(new)]
    return np.array(rows + [(TOKEN * 1000, 1000, 0)] * (len(new) * (times - 1)))


def test_what_takes_time_is_told_apart():
    cost = EncodingCost.from_batches(batches([400, 200, 100, 50]), FINISH)
    assert (cost.start, cost.token, cost.form, cost.finish) == pytest.approx((START, TOKEN, FORM, FINISH))
    assert cost.seconds(1e6, 5000) == pytest.approx(START + 1e6 * (TOKEN + FINISH) + 5000 * FORM)


def test_workers_share_tokens_but_not_what_is_written_at_the_end():
    cost = EncodingCost(START, TOKEN, FORM, FINISH)
    assert cost.seconds(1e6, 3000, 4) == pytest.approx(START + 1e6 * (TOKEN / 4 + FINISH) + 3000 * FORM)


def test_a_sample_that_was_read_once_has_one_speed():
    rows = batches([400, 200], times=1)
    cost = EncodingCost.from_batches(rows, 0.0)
    assert cost.seconds(2000, 10**6) == pytest.approx(rows[:, 0].sum())


def test_a_slow_second_time_does_not_make_forms_pay_back():
    rows = batches([10, 10, 10])
    rows[3:, 0] *= 5
    cost = EncodingCost.from_batches(rows, 0.0)
    assert cost.form == 0
    assert cost.start >= 0
