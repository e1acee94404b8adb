"""Which written forms lead to which row."""

from collections.abc import Sequence


def form_rows(words: Sequence[str], forms: Sequence[Sequence[str]], *, invent: bool) -> dict[str, int]:
    """Return the row of each form; a word's canonical text stands after all its other forms.

    words: canonical texts, the most frequent first. forms: those seen of each. invent: give each word the forms lower,
    Capitalized, Title and UPPER too. A seen form goes before an invented one, then the more frequent word before the
    rarer. The order matters to tables that name a row by the last of its keys.
    """
    rows: dict[str, int] = {}
    for row, seen in enumerate(forms):
        for form in seen:
            rows.setdefault(form, row)
    if invent:
        for row, word in enumerate(words):
            for form in (word.lower(), word.capitalize(), word.title(), word.upper()):
                rows.setdefault(form, row)
    for row, word in enumerate(words):
        rows.pop(word, None)
        rows[word] = row
    return rows
