"""The reader `spacy_sgns.TextCorpus.v1`: text files as a corpus in a config."""

from collections.abc import Iterator
from pathlib import Path
from warnings import warn

from spacy.language import Language
from spacy.training import Example

from spacy_sgns.errors import SgnsWarning
from spacy_sgns.pipeline.config_error import as_config_error
from spacy_sgns.sources.readers import DocFile
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.stats import Stats


@as_config_error()
def text_corpus_v1(
    path: str | Path,
    unit: str = "line",
    field: str = "text",
    encoding: str = "utf-8",
    errors: str = "strict",
    source: str = "",
) -> "TextCorpus":
    """Return the corpus of a file or folder, as `[corpora]` of a config names it.

    path: a file or a folder, or the name of a bundled text, such as `sample:alice`. unit: what counts as one text in a
    .txt file: `line`, `paragraph` or `file`. field: of a .jsonl line that holds the text; `data.body` is a field within
    another. encoding: of .txt and .jsonl files. errors: `strict` stops at bytes that cannot be decoded, `replace`
    inserts a replacement mark. source: kind of all files, whatever their endings: `text`, `jsonl` or `docbin`.
    """
    return TextCorpus(Source(Path(path), unit, field, encoding, errors, source))


class TextCorpus:
    """Texts as Examples, read again at each call. The component `sgns` reads its `source` without making Examples."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __call__(self, nlp: Language) -> Iterator[Example]:
        """Yield an Example per text, several for a very long text. Only Examples from `.spacy` files are annotated."""
        stats = Stats()
        for file in self.source.files(stats):
            if isinstance(file, DocFile):
                for doc in file.reader.docs(file, nlp.vocab):
                    yield Example(nlp.tokenizer(doc.text), doc)
                continue
            for text, _ in self.source.pieces(file, _warn, stats):
                doc = nlp.tokenizer(text)
                yield Example(doc, doc.copy())
        self.source.warn_replaced(stats, _warn)


def _warn(text: str) -> None:
    warn(text, SgnsWarning, stacklevel=2)
