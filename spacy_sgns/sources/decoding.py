"""Bytes to text: by which encoding, and what to do where they are no text."""

import codecs
import io
import re
from collections import Counter
from encodings.aliases import aliases

from spacy_sgns.errors import SettingError, closest

ERRORS = ("strict", "replace")
MARK = "\ufffd"  # in place of what is no character
SURROGATE = re.compile("[\ud800-\udfff]")


class Decoder:
    """Decodes blocks that follow each other, to text with newlines of one kind and without a byte order mark.

    stats: gets `characters_replaced`. Raises UnicodeError.
    """

    def __init__(self, encoding: str, errors: str, stats: Counter[str]) -> None:
        make = codecs.getincrementaldecoder(encoding)
        self._decoder = make(errors)
        self._without_errors = make("ignore") if errors == "replace" else None
        self._newlines = io.IncrementalNewlineDecoder(None, translate=True)
        self._may_be_halved = codecs.lookup(encoding).name != "utf-8"
        self._noted, self._begun = stats, False

    def decode(self, block: bytes, *, final: bool = False) -> str:
        """Return the text of a block, as far as it is whole. final: this is the last one."""
        text = self._decoder.decode(block, final)
        if self._without_errors:  # a mark for each error is all that the two differ in
            self._noted["characters_replaced"] += len(text) - len(self._without_errors.decode(block, final))
        if self._may_be_halved:
            text = self._mended(text)
        if text and not self._begun:
            text, self._begun = text.removeprefix("\ufeff"), True
        return self._newlines.decode(text, final)  # type: ignore[arg-type]  # of text, as there is no other decoder

    def _mended(self, text: str) -> str:
        """Return text without halves of characters, which some encodings can hold."""
        mended, halves = SURROGATE.subn(MARK, text)
        if halves and not self._without_errors:
            raise UnicodeError("it contains half of a surrogate pair")
        self._noted["characters_replaced"] += halves
        return mended


def encoding_name(encoding: str) -> str:
    """Return how an encoding is called."""
    return codecs.lookup(encoding).name.upper()


def check_encoding(encoding: str, errors: str) -> None:
    """Raise SettingError if there is no such encoding of text, or no such way to treat errors."""
    if errors not in ERRORS:
        hint = closest(str(errors), ERRORS)
        raise SettingError(f"errors must be one of {', '.join(ERRORS)}, got {errors!r}. {hint}".rstrip())
    try:
        codecs.getincrementaldecoder(encoding)
        "".encode(encoding)  # some encodings are from bytes to bytes
    except (LookupError, ValueError, TypeError) as error:
        hint = closest(str(encoding), sorted({*aliases, *aliases.values()}), n=1)
        wanted = "utf-8, utf-16, latin-1, cp1252 or another that Python knows"
        raise SettingError(f"encoding must be {wanted}, got {encoding!r}. {hint}".rstrip()) from error
