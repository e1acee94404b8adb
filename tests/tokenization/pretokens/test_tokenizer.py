import pytest

from spacy_sgns.tokenization.pretokens import pattern_classes as shapes
from spacy_sgns.tokenization.pretokens import tokenizer as cutting
from spacy_sgns.tokenization.pretokens.special_cases import CLOSES, OPENS, TOUCHY
from spacy_sgns.tokenization.pretokens.tokenizer import Cutter
from tests.pipeline.nasty import recipe


@pytest.fixture
def asked(monkeypatch):
    """The units that spaCy is asked about; shapes are looked into from the first one on."""
    monkeypatch.setattr(shapes, "FEW", 0)
    units, put = [], Cutter._put_unknown

    def stats(self, some, places, tokens):
        units.extend(some)
        put(self, some, places, tokens)

    monkeypatch.setattr(Cutter, "_put_unknown", stats)
    return units


def cut(cutter, units):
    """The tokens of each unit, and the marks."""
    tokens = cutter.cut(units)
    places = zip(tokens.starts, tokens.sizes, strict=True)
    return [" ".join(tokens.texts[start : start + size]) for start, size in places], tokens.marks.tolist()


def test_spacy_is_asked_about_one_chunk_of_each_shape(asked):
    cutter = Cutter(recipe("en"))
    assert cut(cutter, ["cat,", "word", "3km"]) == (["cat ,", "word", "3 km"], [0, 0, 0])
    assert cut(cutter, ["dog,", "Paris", "mat.", "5cm"]) == (["dog ,", "Paris", "mat .", "5 cm"], [0] * 4)
    assert asked == ["cat,", "3km", "mat.", "5cm"]


def test_chunks_of_one_shape_with_other_special_cases_are_cut_by_spacy(asked):
    cutter = Cutter(recipe("en"))
    assert cut(cutter, ["xx.", "yy."])[0] == ["xx .", "yy ."]
    assert cut(cutter, ["cats,", "cant,", "zz.", "Dr.", "dr.", "vs.", "its", "cant"])[0] == [
        *["cats ,", "ca nt ,", "zz .", "Dr.", "dr .", "vs.", "its", "ca nt"]
    ]
    assert {"cant,", "vs.", "cant"} <= set(asked) and not {"zz.", "its"} & set(asked)


def test_special_cases_stand_for_themselves_only(asked):
    """A chunk with a special case shows how others with the same one are cut, and those alone."""
    cutter = Cutter(recipe("en"))
    assert cut(cutter, ["Anna's"])[0] == ["Anna 's"]
    assert cut(cutter, ["Otto's", "Emma's"])[0] == ["Otto 's", "Emma 's"] and asked == ["Anna's"]
    assert cut(cutter, ["Otto't", "What's"])[0] == ["Otto't", "What 's"] and asked[1:] == ["Otto't", "What's"]


def test_marks_tell_what_neighbours_may_undo(asked):
    cutter = Cutter(recipe("en"))
    assert cut(cutter, ["x:)", ":)x", ":)", "a.m."])[1] == [TOUCHY, TOUCHY, 0, 0]
    assert cut(cutter, ["x:)" + "," * 9])[1] == [TOUCHY]
    assert cut(Cutter(recipe("es")), ["EE.", "UU."])[1] == [OPENS, CLOSES]
    assert not {"x:)", ":)x"} & {unit for unit in asked if asked.count(unit) > 1}


def test_touchy_chunks_show_nothing_about_others(asked):
    cutter = Cutter(recipe("en"))
    first = cut(cutter, ["x:)", "y:)"])
    assert first == (["x :)", "y :)"], [TOUCHY, TOUCHY]) and asked == ["x:)", "y:)"]


@pytest.mark.parametrize("most", [1, 500])
def test_tokens_are_the_same_however_many_are_cut_together(asked, monkeypatch, most):
    monkeypatch.setattr(cutting, "TOGETHER", most)
    units = ["cat,", "dog,", "x:)", "can't", "don't.", "a,b", "c,d", "a" * 50 + ",", "," * 40, "U.S.", "'tis"]
    assert cut(Cutter(recipe("en")), units)[0] == [
        " ".join(token.text for token in recipe("en").tokenizer()(unit)) for unit in units
    ]
