"""Bytes unpacked by our reader are those that the standard library unpacks, but for the memory."""

import lzma
import random
import struct
import zlib

import pytest

from spacy_sgns.errors import SgnsError
from spacy_sgns.sources.xz import open_xz

TEXT = "".join(random.Random(1).choices("ab cd\n", k=300_000)).encode()
ONE = lzma.compress(TEXT)
WINDOW = 14  # where the header of a first block says that it is of LZMA2; two bytes on, how large its window is


def unpacked(folder, data, size=-1):
    path = folder / "a.xz"
    path.write_bytes(data)
    with open_xz(path) as file:
        return b"".join(iter(lambda: file.read(size), b""))


def with_window(data, bits):
    """Return a packed file that says it needs a window of that code: 22 is 8 MiB, 40 all of 4 GiB."""
    changed, end = bytearray(data), 12 + 4 * (data[12] + 1)
    assert changed[WINDOW] == 0x21
    changed[WINDOW + 2] = bits
    changed[end - 4 : end] = struct.pack("<I", zlib.crc32(changed[12 : end - 4]))
    return bytes(changed)


@pytest.mark.parametrize("size", [-1, 1, 1000, 1 << 20])
def test_what_was_packed_is_unpacked(tmp_path, size):
    data = ONE if size != 1 else lzma.compress(TEXT[:2000])
    assert unpacked(tmp_path, data, size) == lzma.decompress(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (ONE + lzma.compress(b"more") + lzma.compress(b""), TEXT + b"more"),
        (ONE + bytes(8) + lzma.compress(b"more"), TEXT + b"more"),  # zeros that fill up are allowed
        (ONE + bytes(1 << 17), TEXT),
        (lzma.compress(b""), b""),
        (lzma.compress(TEXT, lzma.FORMAT_ALONE), TEXT),
        (lzma.compress(TEXT, preset=9 | lzma.PRESET_EXTREME), TEXT),
        (lzma.compress(TEXT, check=lzma.CHECK_SHA256), TEXT),
    ],
)
def test_streams_follow_each_other(tmp_path, data, text):
    assert unpacked(tmp_path, data) == text


@pytest.mark.parametrize("data", [b"", ONE[:-1], ONE[:100], ONE + lzma.compress(b"more")[:-9]])
def test_a_file_that_is_cut_short_is_seen(tmp_path, data):
    with pytest.raises(EOFError, match="ends before"):
        unpacked(tmp_path, data)


@pytest.mark.parametrize("data", [b"no archive", ONE + b"rest", ONE[:50] + b"?" + ONE[51:]])
def test_damage_is_seen(tmp_path, data):
    with pytest.raises(lzma.LZMAError):
        unpacked(tmp_path, data)


def test_a_window_is_refused_before_there_is_memory_for_it(tmp_path):
    assert unpacked(tmp_path, with_window(ONE, 22)) == TEXT
    with pytest.raises(SgnsError, match=r"a.xz takes more than 256 MiB to unpack\. Pack it with xz -9, or less"):
        unpacked(tmp_path, with_window(ONE, 40))
    with pytest.raises(SgnsError, match="takes more than"):  # in a stream that comes later
        unpacked(tmp_path, ONE + with_window(ONE, 39))


def test_the_file_is_closed(tmp_path):
    (tmp_path / "a.xz").write_bytes(ONE)
    file = open_xz(tmp_path / "a.xz")
    inner = file.raw._file
    file.close()
    assert inner.closed
