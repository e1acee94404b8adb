from collections import Counter

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.fields import ABSENT, MissingTexts, field_value


@pytest.mark.parametrize(
    ("record", "value"),
    [
        ({"data": {"body": "x"}}, "x"),
        ({"data.body": "literal", "data": {"body": "x"}}, "literal"),
        ({"data": {"body": None}}, None),
        ({"data": None}, None),
        (None, None),
        ({"data": {}}, ABSENT),
        ({"data": "x"}, ABSENT),
        ({"body": "x"}, ABSENT),
        (["x"], ABSENT),
        ("data.body", ABSENT),
    ],
)
def test_a_field_may_be_inside_another(record, value):
    assert field_value(record, "data.body") is value or field_value(record, "data.body") == value


def test_a_field_may_be_several_levels_down_and_have_dots_itself():
    assert field_value({"a": {"b": {"c": "x"}}}, "a.b.c") == field_value({"a": {"b.c": "x"}}, "a.b.c") == "x"


def test_missing_texts_are_counted_once_a_record_had_text():
    stats = Counter()
    missing = MissingTexts("text", stats)
    missing.found()
    for number in range(500):
        missing.skip({"body": number}, f"line {number}")
    missing.check()
    assert (missing.number, missing.first_place, stats["texts_missing"]) == (500, "line 0", 500)


def test_the_names_of_fields_are_those_of_all_records_and_bounded():
    missing = MissingTexts("text", Counter())
    for record in ({"a": "x", "b": {"c": 3, "d": {}}}, {"a": "y", "e" * 500: None}, 5):
        missing.skip(record, "here")
    with pytest.raises(
        SgnsError,
        match=r"^here: no text in the field 'text', nor in the 2 .*: a, b\.c \(int\), b\.d \(dict\), e{30,200}\.$",
    ):
        missing.check()
