"""Fonts for words of any language."""

from itertools import chain

from matplotlib import font_manager

from spacy_sgns.drawing.fonts import font_families


def test_the_fonts_of_matplotlib_cover_latin_greek_and_cyrillic():
    assert font_families("naïve λόγος слово $1") == (["DejaVu Sans"], set())


def test_a_character_of_another_font_is_found_or_reported_as_missing(monkeypatch):
    assert font_families("a\U0010fffd")[1] == {"\U0010fffd"}
    fonts, missing = font_families("\u2a6a")  # a mathematical character of STIX, which comes with matplotlib too
    assert missing == set() and len(fonts) <= 2


def test_unreadable_fonts_are_skipped(monkeypatch, tmp_path):
    broken = font_manager.FontEntry(
        str(tmp_path / "broken.ttf"), "Broken", "normal", "normal", 400, "normal", "scalable"
    )
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [broken, *font_manager.fontManager.ttflist])
    assert font_families("a\U0010fffd") == (["DejaVu Sans"], {"\U0010fffd"})


def test_a_font_installed_after_the_list_was_made_is_found(monkeypatch):
    stale = [entry for entry in font_manager.fontManager.ttflist if entry.name == "DejaVu Sans"]
    later = font_manager.findfont("STIXGeneral")
    here = set(chain.from_iterable(font_manager.get_font(entry.fname).get_charmap() for entry in stale))
    char = chr(max(font_manager.get_font(later).get_charmap().keys() - here))
    monkeypatch.setattr(font_manager.fontManager, "ttflist", stale)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    assert font_families(char) == (["DejaVu Sans"], {char})
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [later, "damaged.ttf"])
    assert font_families(char) == (["DejaVu Sans", "STIXGeneral"], set())
    assert font_manager.findfont("STIXGeneral") == later  # a figure can use it
