"""Names beside points."""

from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.drawing.label_stack import Label, apart

PLACES = st.floats(0, 100)
SIZES = st.floats(1, 50)
LABELS = st.lists(st.builds(Label, PLACES, PLACES, SIZES, st.just(10.0)), max_size=20)


@given(LABELS)
def test_none_lies_upon_another_or_gets_higher_than_all(labels):
    tops = apart(labels)
    assert all(top >= min(label.top for label in labels) for top in tops)
    placed = [label._replace(top=top) for top, label in zip(tops, labels, strict=True)]
    for i, a in enumerate(placed):
        for b in placed[:i]:
            beside = a.left >= b.left + b.width or b.left >= a.left + a.width
            assert beside or abs(a.top - b.top) >= 10 - 1e-9


def test_those_that_have_room_stay():
    assert apart([Label(0, 5, 10, 10), Label(20, 5, 10, 10), Label(0, 30, 10, 10)]) == [5, 5, 30]


def test_the_highest_stays_and_others_move_no_further_than_they_must():
    assert apart([Label(0, 5, 10, 10), Label(5, 2, 10, 10)]) == [12.5, 2]


def test_points_are_left_free():
    assert apart([Label(0, 5, 10, 10)], [Label(8, 12, 4, 4), Label(0, 17, 4, 4)]) == [22.5]
    assert apart([Label(50, 0, 9, 10), Label(0, 20, 10, 10)], [Label(8, 29, 4, 4)]) == [0, 17.5]
