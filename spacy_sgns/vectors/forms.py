"""Which written form of a word leads to which row."""

from collections.abc import Sequence


def form_rows(words: Sequence[str], forms: Sequence[Sequence[str]], *, invent: bool) -> dict[str, int]:
    """Return the row of each form; the canonical text of a word comes after all its other forms.

    words: canonical texts, the most frequent first. forms: the forms of each word that the corpus has. invent: also
    give each word its forms in lower case, Capitalized, Title Case and UPPER CASE. A form from the corpus takes
    precedence over an invented one, and a frequent word over a rare one. The order of the keys matters to tables that
    name a row by its last key.
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
