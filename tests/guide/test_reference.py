"""The reference is what the code says today."""

import pytest

from tests.guide.pages import GUIDE, load, text_of

MAKE = load(GUIDE / "make_reference.py")


@pytest.fixture(scope="module")
def page():
    return MAKE.reference()


def test_the_reference_is_up_to_date(page):
    assert text_of(GUIDE / "reference.md") == page, "run python examples/guide/make_reference.py"


def test_everything_has_a_description(page):
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 150
    for row in rows:
        assert row.removesuffix(" |").rsplit(" | ", 1)[1].strip()


def test_what_lacks_a_description_is_an_error(monkeypatch):
    with pytest.raises(ValueError, match="has no description"):
        MAKE.table(("key", "meaning"), [("`key`", "")])
    with pytest.raises(ValueError, match="thing has no description"):
        MAKE.first_line(None, "thing")


@pytest.mark.parametrize("change", [{}, {"made_up": "of nothing"}])
def test_a_report_key_without_a_description_is_an_error_and_so_is_one_that_no_report_has(monkeypatch, change):
    known = {key: text for key, text in MAKE.REPORT_KEYS.items() if key != "seed"} if not change else MAKE.REPORT_KEYS
    monkeypatch.setattr(MAKE, "REPORT_KEYS", {**known, **change})
    with pytest.raises(ValueError, match="made_up" if change else "seed"):
        list(MAKE.report())
