"""Which words are of a kind such as stop words or punctuation, by the lexical attributes of their language."""

import json
import pkgutil
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import spacy.lang
from spacy.util import get_lang_class, get_package_path, is_package
from spacy.vocab import Vocab, create_vocab

from spacy_sgns.errors import SettingError
from spacy_sgns.system.files import read_text
from spacy_sgns.tokenization.docs import KindFilter

STOP = "stop"
FREQUENT = 100  # most frequent words, by which a language is recognized
MIN_SHARE = 0.3  # of them that are stop words; of English texts 80 %, and 11 % by the list of another language
CLEAR_SHARE = 0.6
LIKELY = "en"  # tried first


class WordFilter:
    """Tells the kind of words to leave out. language: code, empty if unknown. recognized: by the frequent words.

    kinds: to leave out. pipeline: the path or name that the vectors came from. frequent: its most frequent words, by
    which the language is recognized if neither `lang` nor the pipeline tells one with stop words. Raises SettingError.
    """

    def __init__(self, kinds: Sequence[str], pipeline: str, frequent: Iterable[str], lang: str = "") -> None:
        self.kinds = kinds
        self.language = lang or _language_of(pipeline)
        self.recognized = STOP in kinds and not lang and not _stop_words(self.language)
        if self.recognized:
            self.language = recognized_language(frequent)
        self._filter = KindFilter(_vocab(self.language), kinds)

    def kind(self, word: str) -> str:
        """Return the kind of a word to leave out, "" for one to keep."""
        return self._filter.drop_kind(word)


def recognized_language(frequent: Iterable[str]) -> str:
    """Return the code of the language whose stop words are the most of these words, "" if all have too few of them."""
    words = {word.lower() for word in islice((word for word in frequent if any(map(str.isalpha, word))), FREQUENT)}
    codes = sorted(module.name for module in pkgutil.iter_modules(spacy.lang.__path__) if module.ispkg)
    shares: dict[str, float] = {}
    for code in sorted(codes, key=LIKELY.__ne__):
        shares[code] = len(_stop_words(code).intersection(words)) / max(1, len(words))
        if code == LIKELY and shares[code] >= CLEAR_SHARE:
            break  # importing all languages takes seconds
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= MIN_SHARE else ""


def _language_of(pipeline: str) -> str:
    """Return the language code of a pipeline; "" for a file, or if it does not tell."""
    folder = get_package_path(pipeline) if is_package(pipeline) and not Path(pipeline).exists() else Path(pipeline)
    try:
        code = json.loads(read_text(folder / "meta.json"))["lang"]
        get_lang_class(code)
    except (ImportError, KeyError, OSError, TypeError, ValueError):
        return ""
    return str(code)


def _stop_words(code: str) -> set[str]:
    """Return the stop words of a language, none for an empty code. Raises SettingError."""
    if not code:
        return set()
    try:
        return get_lang_class(code).Defaults.stop_words
    except ImportError:
        raise SettingError(f"spaCy has no language {code!r}. Give its code, such as en or de.") from None


def _vocab(code: str) -> Vocab:
    """Return the vocab of a language, of none in particular for an empty code. Raises SettingError."""
    if not code:
        return Vocab()
    _stop_words(code)
    return create_vocab(code, get_lang_class(code).Defaults)
