"""Placement of labels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.drawing.labels import overlaps, place_beside, stack

FRAME = (400.0, 300.0)


def placed(points, sizes, radii):
    """The boxes of the labels that are placed, and which labels these are."""
    corners = place_beside(np.array(points, float), np.array(sizes, float), np.array(radii, float), FRAME)
    there = ~np.isnan(corners).any(1)
    return np.hstack((corners, corners + sizes))[there], there


@given(st.integers(1, 60), st.integers(0, 9999))
def test_no_label_overlaps_another_or_a_dot_or_the_edge(n, seed):
    rng = np.random.default_rng(seed)
    points, sizes, radii = rng.uniform(0, FRAME, (n, 2)), rng.uniform(5, (80, 20), (n, 2)), rng.uniform(1, 6, n)
    boxes, _ = placed(points, sizes, radii)
    for i, box in enumerate(boxes):
        assert not overlaps(box, np.delete(boxes, i, axis=0)).any()
        assert (box[:2] >= 0).all() and (box[2:] <= FRAME).all()
        near = np.clip(points, box[:2], box[2:])
        inside = (np.abs(points - near) < 1e-9).all(1)
        assert not inside.any()  # no centre of a dot is below a label, not even its own


def test_a_label_with_space_is_right_of_its_dot():
    boxes, there = placed([(100, 100), (200, 200)], [(50, 10)] * 2, [3, 3])
    assert there.all()
    assert (boxes[:, 0] > [103, 203]).all() and (boxes[:, 0] < [106, 206]).all()
    np.testing.assert_allclose((boxes[:, 1] + boxes[:, 3]) / 2, [100, 200])


def test_a_label_at_the_right_edge_is_left_of_its_dot():
    boxes, _ = placed([(395, 100)], [(50, 10)], [3])
    assert boxes[0, 2] < 392


def test_the_first_labels_take_precedence():
    _, there = placed([(200, 150)] * 3 + [(200, 151)], [(390, 200)] * 4, [0.1] * 4)
    assert not there.any()  # no space for any
    points = [(200 + i, 150 + j) for i in range(5) for j in range(5)]
    _, there = placed(points, [(60, 12)] * 25, [0] * 25)
    assert there[0] and 1 <= there.sum() < 25


def test_required_labels_may_cover_dots():
    points = np.array([(x, y) for x in range(150, 251, 10) for y in range(100, 201, 10)], float)
    points = np.vstack(((200.0, 150.0), points))  # one among many
    sizes, radii = np.tile((60.0, 12.0), (len(points), 1)), np.full(len(points), 3.0)
    assert np.isnan(place_beside(points, sizes, radii, FRAME)[0]).all()
    assert not np.isnan(place_beside(points, sizes, radii, FRAME, required=1)[0]).any()


LABELS = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(1, 50)), max_size=20)


def stacked(labels, obstacles=()):
    """The tops of labels `(left, top, width)` of height 10, after stacking; tops grow downwards."""
    boxes = np.array([(left, -top - 10, left + width, -top) for left, top, width in labels]).reshape(-1, 4)
    blocked = np.array([(left, -top - 4, left + 4, -top) for left, top in obstacles]).reshape(-1, 4)
    return [top - shift for (_, top, _), shift in zip(labels, stack(boxes, blocked), strict=True)]


@given(LABELS)
def test_no_stacked_label_overlaps_another_or_moves_above_all(labels):
    tops = stacked(labels)
    assert all(top >= min(top for _, top, _ in labels) - 1e-9 for top in tops)
    for i, (left, _, width) in enumerate(labels):
        for j, (other_left, _, other_width) in enumerate(labels[:i]):
            beside = left >= other_left + other_width or other_left >= left + width
            assert beside or abs(tops[i] - tops[j]) >= 10 - 1e-9


def test_labels_with_space_stay():
    assert stacked([(0, 5, 10), (20, 5, 10), (0, 30, 10)]) == [5, 5, 30]


def test_the_highest_label_stays_and_others_move_as_little_as_possible():
    assert stacked([(0, 5, 10), (5, 2, 10)]) == [12.5, 2]


def test_stacked_labels_avoid_obstacles():
    assert stacked([(0, 5, 10)], [(8, 12), (0, 17)]) == [22.5]
    assert stacked([(50, 0, 9), (0, 20, 10)], [(8, 29)]) == [0, 17.5]
