import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.errors import SettingError
from spacy_sgns.sources.decoding import Decoder, check_encoding, encoding_name

ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-32-be", "big5", "shift_jis", "utf-7", "latin-1"])
BYTES = st.lists(st.binary(max_size=6) | st.sampled_from([b"\r", b"\n", b"ab", "é€\U0001f600".encode(), b"\0"]))


def decoded(parts, encoding, errors):
    stats = Counter()
    decoder = Decoder(encoding, errors, stats)
    text = "".join(map(decoder.decode, parts)) + decoder.decode(b"", final=True)
    return text, stats["characters_replaced"]


@given(BYTES, ENCODINGS)
def test_text_and_count_are_the_same_wherever_blocks_end(parts, encoding):
    whole = decoded([b"".join(parts)], encoding, "replace")
    assert decoded(parts, encoding, "replace") == whole
    assert decoded([bytes([byte]) for byte in b"".join(parts)], encoding, "replace") == whole
    whole[0].encode()  # there is no half of a character


@given(BYTES)
def test_utf8_is_decoded_as_by_python(parts):
    data = b"".join(parts)
    wanted = io.IncrementalNewlineDecoder(None, translate=True).decode(data.decode(errors="replace"), final=True)
    text, replaced = decoded(parts, "utf-8", "replace")
    assert text == wanted.removeprefix("\ufeff")
    try:
        data.decode()
    except UnicodeDecodeError:
        assert replaced
        with pytest.raises(UnicodeDecodeError):
            decoded(parts, "utf-8", "strict")
    else:
        assert (decoded(parts, "utf-8", "strict"), replaced) == ((text, 0), 0)


def test_half_a_character_is_no_text():
    with pytest.raises(UnicodeError, match="half of a surrogate pair"):
        decoded([b"+2D0-"], "utf-7", "strict")


def test_close_names_are_offered():
    with pytest.raises(SettingError, match=r"got 'latn-1'\. Did you mean latin"):
        check_encoding("latn-1", "strict")
    with pytest.raises(SettingError, match=r"got 'replce'\. Did you mean replace\?"):
        check_encoding("utf-8", "replce")


def test_names_are_those_that_people_know():
    assert [encoding_name(name) for name in ("utf8", "U8", "cp1252", "UTF-16-LE")] == [
        "UTF-8",
        "UTF-8",
        "CP1252",
        "UTF-16-LE",
    ]
