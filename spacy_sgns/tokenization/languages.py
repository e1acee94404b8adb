"""What is known of the tokenizers of some languages: what they need, and what they do by default."""

from collections.abc import Iterator

from spacy.language import Language

from spacy_sgns.errors import SgnsError

NEEDS = {  # besides spaCy, by language
    "ja": "the packages sudachipy and sudachidict_core",
    "ko": "the package natto-py, and MeCab with mecab-ko-dic, which are programs of the system",
    "th": "the package pythainlp",
    "vi": "the package pyvi",
    "zh": "the package jieba or spacy-pkuseg, where it is the segmenter",
}


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
