"""Checks of the output folder."""

from pathlib import Path

import pytest

from spacy_sgns.cli.output import check_output_folder
from spacy_sgns.errors import SgnsError


@pytest.mark.parametrize("output", [".", "..", "/", "folder/.."])
def test_the_current_folder_is_not_replaced(place, output):
    (place / "folder").mkdir()
    with pytest.raises(SgnsError, match="is or contains the current folder"):
        check_output_folder(Path(output), force=True)


@pytest.mark.parametrize("corpus", ["texts", "texts/a.txt"])
def test_the_corpus_is_not_replaced(place, corpus):
    (place / "texts").mkdir()
    (place / "texts" / "a.txt").touch()
    with pytest.raises(SgnsError, match="contains the corpus"):
        check_output_folder(Path("texts"), force=True, corpus=Path(corpus))
    check_output_folder(Path("texts/out"), force=False, corpus=Path(corpus))
    check_output_folder(Path("texts2"), force=False, corpus=Path(corpus))


def test_links_that_lead_round_in_a_circle_are_one_error(place):
    (place / "loop").symlink_to("loop")
    with pytest.raises(SgnsError, match="The output loop is a link"):
        check_output_folder(Path("loop"), force=False, corpus=Path("corpus.txt"))
