"""Data frames of pandas, which need not be installed."""

import sys

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.vectors.data_frame import data_frame


def test_pandas_gets_rows_and_columns():
    pandas = pytest.importorskip("pandas")
    frame = data_frame([("cat", 1), ("dog", 2)], ["word", "n"])
    assert isinstance(frame, pandas.DataFrame) and frame.n.tolist() == [1, 2] and list(frame.columns) == ["word", "n"]


def test_without_pandas_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SgnsError, match=r"to_dataframe needs pandas.*pip install pandas"):
        data_frame([], [])
