"""Optional packages."""

import pytest

from spacy_sgns.drawing.extras import UMAP, extra
from spacy_sgns.errors import SgnsError


def test_a_missing_package_is_reported_with_the_command_that_installs_it():
    message = (
        r"^nothing is needed and not installed \(No module .*\)\. "
        r"Install it: python -m pip install nothing \(the extra 'umap' includes it\), or use PCA\.$"
    )
    with pytest.raises(SgnsError, match=message), extra("nothing", UMAP, instead="use PCA"):
        import there_is_no_such_package  # noqa: F401


def test_other_errors_pass():
    with pytest.raises(KeyError), extra("numpy"):
        raise KeyError
