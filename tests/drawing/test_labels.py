"""Labels beside their dots."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.drawing.labels import LONGEST, overlaps, place, shown

FRAME = (400.0, 300.0)


def placed(points, sizes, radii):
    """The boxes of labels that found a place, and which did."""
    corners = place(np.array(points, float), np.array(sizes, float), np.array(radii, float), FRAME)
    there = ~np.isnan(corners).any(1)
    return np.hstack((corners, corners + sizes))[there], there


@given(st.integers(1, 60), st.integers(0, 9999))
def test_no_label_touches_another_or_a_dot_or_the_edge(n, seed):
    rng = np.random.default_rng(seed)
    points, sizes, radii = rng.uniform(0, FRAME, (n, 2)), rng.uniform(5, (80, 20), (n, 2)), rng.uniform(1, 6, n)
    boxes, _ = placed(points, sizes, radii)
    for i, box in enumerate(boxes):
        assert not overlaps(box, np.delete(boxes, i, axis=0)).any()
        assert (box[:2] >= 0).all() and (box[2:] <= FRAME).all()
        near = np.clip(points, box[:2], box[2:])
        inside = (np.abs(points - near) < 1e-9).all(1)
        assert not inside.any()  # no dot's middle below a label, its own neither


def test_where_there_is_room_it_stands_right_of_its_dot():
    boxes, there = placed([(100, 100), (200, 200)], [(50, 10)] * 2, [3, 3])
    assert there.all()
    assert (boxes[:, 0] > [103, 203]).all() and (boxes[:, 0] < [106, 206]).all()
    np.testing.assert_allclose((boxes[:, 1] + boxes[:, 3]) / 2, [100, 200])


def test_at_the_right_edge_it_stands_left():
    boxes, _ = placed([(395, 100)], [(50, 10)], [3])
    assert boxes[0, 2] < 392


def test_the_first_come_first():
    _, there = placed([(200, 150)] * 3 + [(200, 151)], [(390, 200)] * 4, [0.1] * 4)
    assert not there.any()  # no room for any
    points = [(200 + i, 150 + j) for i in range(5) for j in range(5)]
    _, there = placed(points, [(60, 12)] * 25, [0] * 25)
    assert there[0] and 1 <= there.sum() < 25


def test_those_that_must_have_a_label_may_cover_dots():
    points = np.array([(x, y) for x in range(150, 251, 10) for y in range(100, 201, 10)], float)
    points = np.vstack(((200.0, 150.0), points))  # one among many
    sizes, radii = np.tile((60.0, 12.0), (len(points), 1)), np.full(len(points), 3.0)
    assert np.isnan(place(points, sizes, radii, FRAME)[0]).all()
    assert not np.isnan(place(points, sizes, radii, FRAME, sure=1)[0]).any()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("word", "word"),
        ("New  York\n", "New York"),
        ("a\u202eb", "ab"),
        ("a\x00b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("क्‍ष", "क्‍ष"),
        ("x" * 99, "x" * (LONGEST - 1) + "…"),
    ],
)
def test_labels_are_one_line_that_can_be_shown(text, label):
    assert shown(text) == label


@given(st.text())
def test_whatever_the_word_its_label_can_be_written(text):
    label = shown(text)
    assert len(label) <= LONGEST and "\n" not in label
    label.encode("utf8")
