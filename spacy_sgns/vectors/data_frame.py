"""Results as data frames of pandas, which need not be installed."""

from collections.abc import Sequence
from typing import Any

from spacy_sgns.errors import SgnsError


def data_frame(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> Any:
    """Return a pandas DataFrame. Raises SgnsError without pandas."""
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise SgnsError(f"to_dataframe needs pandas, which is missing ({error}): pip install pandas") from error
    return DataFrame(rows, columns=columns)
