"""What is known of the tokenizers of some languages: what they need, and what they do by default."""

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language

from spacy_sgns.errors import SgnsError

NEEDS = {  # besides spaCy, by language
    "ja": "the packages sudachipy and sudachidict_core",
    "ko": "the package natto-py, and MeCab with mecab-ko-dic, which are programs of the system",
    "th": "the package pythainlp",
    "vi": "the package pyvi",
    "zh": "the package jieba or spacy-pkuseg, where it is the segmenter",
}
HAN, KANA, THAI = "\u3400-\u4dbf\u4e00-\u9fff", "\u3040-\u30ff", "\u0e00-\u0e7f"
WIDE_MARKS = "，。、；：？！“”"
CLAUSES = {  # by the language to try: tokens of its script that are longer than most of its words
    "th": re.compile(f"[{THAI}]{{15,}}"),
    "ja": re.compile(f"(?=[{HAN}{WIDE_MARKS}]*[{KANA}])[{HAN}{KANA}{WIDE_MARKS}]{{8,}}"),
    "zh": re.compile(f"^[{HAN}{WIDE_MARKS}]{{6,}}$"),
}
MIN_CLAUSES = 0.2  # share of the distinct tokens
CHECKED_TOKENS = 2000


def tokenizer_error(nlp: Language, error: Exception) -> SgnsError:
    """Return the error for the user when a pipeline's tokenizer, or a component that it needs, has failed."""
    cause = " ".join(str(error).split()).rstrip(".")
    needs = f" The tokenizer of {nlp.lang!r} needs {NEEDS[nlp.lang]}." if nlp.lang in NEEDS else ""
    return SgnsError(f"The pipeline ({nlp.lang}) cannot split a text: {type(error).__name__}: {cause}.{needs}")


def tokenizer_warnings(nlp: Language) -> Iterator[str]:
    """Yield warnings about a pipeline's tokenizer, before anything is trained on its tokens."""
    if nlp.lang == "zh" and getattr(nlp.tokenizer, "segmenter", "") == "char":
        yield (
            "This Chinese tokenizer splits texts into single characters, so these get vectors, and words do not. For "
            "words, install jieba and give --nlp.tokenizer.segmenter jieba (in a config: [nlp.tokenizer] segmenter = "
            '"jieba"), or a pipeline with another segmenter.'
        )


def unsplit_warning(tokens: Sequence[str], lang: str) -> str:
    """Return a warning if distinct tokens look like whole clauses of a language without spaces; "" if not.

    lang: of the pipeline that made the tokens.
    """
    tokens = tokens[:CHECKED_TOKENS]
    for other, clause in CLAUSES.items():
        long = [token for token in tokens if clause.search(token)]
        if long and len(long) >= MIN_CLAUSES * len(tokens):
            return (
                f"Many tokens are whole clauses, such as {long[0][:20]!r}: the pipeline ({lang}) splits texts at "
                "spaces, and this script has none between words. Give the language of the texts, for example "
                f"--lang {other}."
            )
    return ""
