import bz2
import codecs
import gzip
import lzma
import zipfile
from io import BytesIO

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.signatures import check_is_text
from spacy_sgns.sources.source import Source

TEXT = b"one two three\n" * 50


def zipped():
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("word/document.xml", TEXT)
    return raw.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zipped(), "is a zip archive, such as a Word"),
        (gzip.compress(TEXT, mtime=0), r"is a gzip file, not text\. Give it a name that ends in \.gz"),
        (bz2.compress(TEXT), r"bzip2 file.*\.bz2"),
        (lzma.compress(TEXT), r"xz file.*\.xz"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF file"),
        (b"{\\rtf1\\ansi one two}", "is a Rich Text file"),
    ],
)
@pytest.mark.parametrize("reading", [{}, {"encoding": "latin-1"}, {"errors": "replace"}])
@pytest.mark.parametrize("ending", [".txt", ".jsonl"])
def test_what_is_not_text_is_named_however_it_is_read(tmp_path, content, message, reading, ending):
    path = tmp_path / f"essay{ending}"
    path.write_bytes(content)
    source = Source(path, **reading)
    [file] = source.files()
    with pytest.raises(SgnsError, match=f"^{path} .*{message}"):
        list(source.pieces(file, pytest.fail))


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_text_in_utf_16_is_named_unless_its_bytes_are_to_be_replaced(mark, encoding):
    with pytest.raises(SgnsError, match=r"^a\.txt begins like text in UTF-16, not .*Give --encoding utf-16\.$"):
        check_is_text(mark + b"o\x00", "a.txt", encoding)
    check_is_text(mark + b"o\x00", "a.txt", encoding, errors="replace")


@pytest.mark.parametrize("content", [TEXT, codecs.BOM_UTF8 + TEXT, b"PK", b"%PD", b"BZh92 is a name", b""])
def test_text_is_text(content):
    check_is_text(content, "a.txt", "utf-8")


@pytest.mark.parametrize("encoding", ["utf-16", "UTF16", "utf-16-le", "utf-32"])
def test_a_byte_order_mark_is_right_where_it_is_expected(encoding):
    check_is_text("one two".encode("utf-16"), "a.txt", encoding)
