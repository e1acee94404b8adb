import sys
from types import ModuleType

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.vectors.scored_words import ScoredWords


def test_it_is_a_list_of_pairs():
    found = ScoredWords([("cat", 0.5), ("dog", 0.25)], counts=[7, 3])
    assert found == [("cat", 0.5), ("dog", 0.25)]
    assert repr(found) == "[('cat', 0.5), ('dog', 0.25)]"
    assert found.counts == [7, 3]


def test_a_notebook_shows_a_table_with_escaped_words():
    assert ScoredWords([("<b>", 0.12345)], counts=[1030])._repr_html_() == (
        "<table><tr><th>word</th><th>score</th><th>count</th></tr>"
        "<tr><td>&lt;b&gt;</td><td>0.123</td><td>1030</td></tr></table>"
    )
    assert "count" not in ScoredWords([("cat", 0.5)])._repr_html_()


def test_a_data_frame_has_a_column_for_each_part(monkeypatch):
    made = []
    pandas = ModuleType("pandas")
    pandas.DataFrame = lambda rows, columns: made.append((rows, columns)) or "frame"
    monkeypatch.setitem(sys.modules, "pandas", pandas)
    assert ScoredWords([("cat", 0.5)], counts=[7]).to_dataframe() == "frame"
    ScoredWords([("cat", 0.5)]).to_dataframe()
    assert made == [([("cat", 0.5, 7)], ["word", "score", "count"]), ([("cat", 0.5)], ["word", "score"])]


def test_without_pandas_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SgnsError, match=r"to_dataframe needs pandas.*pip install pandas"):
        ScoredWords([("cat", 0.5)]).to_dataframe()


def test_pandas_itself_takes_it():
    pandas = pytest.importorskip("pandas")
    frame = ScoredWords([("cat", 0.5)], counts=[7]).to_dataframe()
    assert isinstance(frame, pandas.DataFrame) and frame.loc[0].tolist() == ["cat", 0.5, 7]
