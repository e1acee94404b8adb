"""Reading at full size, on a corpus that is not part of the project."""

import pytest

from spacy_sgns.sources.source import Source
from spacy_sgns.sources.splitting import MAX_PIECE_CHARS


@pytest.mark.corpus
def test_a_line_of_100_mb_is_one_text_of_which_nothing_is_cut_off(shared, tmp_path):
    path = tmp_path / "wiki8.txt.xz"
    path.symlink_to(shared / "data" / "wiki8.xz")
    size = tokens = closed = 0
    source = Source(path)
    [file] = source.files()
    for piece in source.pieces(file, pytest.fail):
        assert len(piece.text) <= MAX_PIECE_CHARS
        size, tokens, closed = size + len(piece.text), tokens + len(piece.text.split()), closed + piece.last
    assert (size, tokens, closed) == (100_000_000, 16_965_439, 1)
