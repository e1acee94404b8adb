"""Files that are not text, recognized by their first bytes, whatever their name."""

import codecs

from spacy_sgns.errors import SgnsError

SIGNATURES = {  # first bytes -> what the file is, and what to do
    b"PK\x03\x04": ("a zip archive, such as a Word, Excel or OpenDocument file", "Save its text as plain text."),
    b"\xd0\xcf\x11\xe0": ("an old Word or Excel file", "Save its text as plain text."),
    b"{\\rtf": ("a Rich Text file", "Save it as plain text."),
    b"%PDF-": ("a PDF file", "Extract its text, for example with pdftotext."),
    b"\x1f\x8b": ("a gzip file", "Give it a name that ends in .gz."),
    b"\xfd7zXZ\x00": ("an xz file", "Give it a name that ends in .xz."),
    b"\x28\xb5\x2f\xfd": ("a Zstandard file", "Decompress it first, for example with zstd -d."),
    b"BZh91AY&SY": ("a bzip2 file", "Give it a name that ends in .bz2."),
    b"SQLite format 3\x00": ("an SQLite database", "Export its texts, for example as .jsonl."),
    b"PAR1": ("a Parquet file", "Read it in Python, and give its column to spacy_sgns.train."),
    b"\x89PNG": ("a picture", "Give a text file."),
    b"\xff\xd8\xff": ("a picture", "Give a text file."),
}
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MARKED_ENCODINGS = ("utf-16", "utf-32")  # which read the mark themselves


def check_is_text(first: bytes, label: str, encoding: str, errors: str = "strict") -> None:
    """Raise SgnsError if the first bytes of a file show that it is not text or, with strict errors, is in UTF-16."""
    for signature, (kind, advice) in SIGNATURES.items():
        if first.startswith(signature):
            raise SgnsError(f"{label} is {kind}, not text. {advice}")
    expected = codecs.lookup(encoding).name.startswith(MARKED_ENCODINGS)
    if errors == "strict" and first.startswith(UTF_16_MARKS) and not expected:
        raise SgnsError(f"{label} begins like text in UTF-16, not {encoding.upper()}. Give --encoding utf-16.")
