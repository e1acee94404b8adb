import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spacy_sgns.corpus.vocabulary import build_vocabulary
from spacy_sgns.settings import Settings
from spacy_sgns.vectors.forms import form_rows

# Letters whose cases are not pairs: two letters in one case, three cases, or one case for two letters.
ODD = "aAbßẞſsSİIıiŉʼnNǅǆǄΣσςΐﬁKkéÉა1'"
COUNTED = st.dictionaries(st.text(ODD, min_size=1, max_size=4), st.integers(1, 5), min_size=2)


def invented_forms(word):
    return [word.lower(), word.capitalize(), word.title(), word.upper()]


def test_each_word_has_its_forms():
    rows = form_rows(["the", "new york"], [["the", "The"], ["New york"]], invent=True)
    assert {form for form, row in rows.items() if row == 0} == {"the", "The", "THE"}
    assert {form for form, row in rows.items() if row == 1} == {"New york", "New York", "NEW YORK", "new york"}


def test_no_form_is_invented_by_default():
    assert form_rows(["The", "the"], [["The"], ["the"]], invent=False) == {"The": 0, "the": 1}


def test_a_seen_form_takes_precedence_over_an_invented_one():
    """Even if its word is rarer: STRASSE is invented for straße, and was seen for strasse."""
    assert form_rows(["straße", "strasse"], [["straße"], ["STRASSE"]], invent=True)["STRASSE"] == 1


def test_of_two_invented_forms_the_more_frequent_word_takes_precedence():
    assert form_rows(["straße", "strasse"], [["straße"], ["strasse"]], invent=True)["STRASSE"] == 0
    assert form_rows(["strasse", "straße"], [["strasse"], ["straße"]], invent=True)["STRASSE"] == 0


def test_a_word_keeps_its_own_row():
    assert form_rows(["A", "a"], [["A"], ["a"]], invent=True) == {"A": 0, "a": 1}


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("ß", {"ß", "Ss", "SS"}),
        ("i̇", {"i̇", "İ", "I\u0307"}),
        ("ŉ", {"ŉ", "ʼN"}),
        ("ǆ", {"ǆ", "ǅ", "Ǆ"}),
        ("日本", {"日本"}),
        ("42", {"42"}),
    ],
)
def test_odd_letters(word, forms):
    found = form_rows([word], [["İ"] if word == "i̇" else [word]], invent=True)
    assert {form for form, row in found.items() if row == 0} == forms
    assert list(found)[-1] == word


@given(COUNTED, st.randoms(use_true_random=False))
@example({"ß": 1, "SS": 3, "ẞ": 2, "Ss": 1}, None)
@example({"İ": 2, "i": 1, "I": 5, "ı": 4}, None)
@example({"ς": 2, "Σ": 2, "σ": 2}, None)
def test_which_word_gets_a_form(counted, random):
    """The equal word, else the word it was seen for, else the most frequent word it is invented for."""
    forms = list(counted)
    if random:
        random.shuffle(forms)
    counted |= {"zz": 1, "zy": 1}
    settings = Settings(min_count=1)
    in_order, _ = build_vocabulary(list(counted), np.array(list(counted.values())), settings)
    shuffled = {form: counted[form] for form in [*forms, "zy", "zz"]}
    vocabulary, ids = build_vocabulary(list(shuffled), np.array(list(shuffled.values())), settings)
    rows = form_rows(vocabulary.words, vocabulary.forms, invent=True)
    assert list(rows.items()) == list(form_rows(in_order.words, in_order.forms, invent=True).items())
    assert set(rows) == {*counted, *vocabulary.words, *(form for w in vocabulary.words for form in invented_forms(w))}
    for form, row in rows.items():
        own = [i for i, word in enumerate(vocabulary.words) if word == form]
        seen = [i for i, word in enumerate(vocabulary.words) if form in counted and form.lower() == word]
        invented = [i for i, word in enumerate(vocabulary.words) if form in invented_forms(word)]
        assert row == [*own, *seen, *invented][0]
    for form, id in zip(shuffled, ids.tolist(), strict=True):
        assert rows[form] == id, "a token must find the vector that it was trained into"


@given(COUNTED)
def test_the_last_form_of_a_row_is_its_word(counted):
    counted |= {"zz": 1, "zy": 1}
    vocabulary, _ = build_vocabulary(list(counted), np.array(list(counted.values())), Settings(min_count=1))
    rows = form_rows(vocabulary.words, vocabulary.forms, invent=True)
    assert {row: form for form, row in rows.items()} == dict(enumerate(vocabulary.words))
