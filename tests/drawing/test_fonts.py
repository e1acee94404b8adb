"""Fonts for words of any language."""

from matplotlib import font_manager

from spacy_sgns.drawing.fonts import families


def test_what_comes_with_matplotlib_is_enough_for_latin_greek_and_cyrillic():
    assert families("naïve λόγος слово $1") == (["DejaVu Sans"], set())


def test_a_letter_that_it_lacks_is_taken_from_another_font_or_said_to_be_missing(monkeypatch):
    assert families("a\U0010fffd")[1] == {"\U0010fffd"}
    fonts, missing = families("\u2a6a")  # of mathematics: STIX comes with matplotlib too
    assert missing == set() and len(fonts) <= 2


def test_fonts_that_cannot_be_read_are_passed_over(monkeypatch, tmp_path):
    broken = font_manager.FontEntry(
        str(tmp_path / "broken.ttf"), "Broken", "normal", "normal", 400, "normal", "scalable"
    )
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [broken, *font_manager.fontManager.ttflist])
    assert families("a\U0010fffd") == (["DejaVu Sans"], {"\U0010fffd"})
