"""The reader `spacy_sgns.TextCorpus.v1`: text files as a corpus in a config."""

from collections.abc import Iterator
from pathlib import Path
from warnings import warn

from spacy.language import Language
from spacy.training import Example

from spacy_sgns.errors import SgnsWarning
from spacy_sgns.sources.source import DOC_KIND, Source, Stats, kind_of, say_replaced


def text_corpus_v1(
    path: str | Path, unit: str = "line", field: str = "text", encoding: str = "utf-8", errors: str = "strict"
) -> "TextCorpus":
    """Return the corpus of a file or folder. The arguments are those of `train` on the command line."""
    return TextCorpus(Source(Path(path), unit, field, encoding, errors))


class TextCorpus:
    """Texts as Examples, read again at each call. The component `sgns` reads its `source` without making Examples."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __call__(self, nlp: Language) -> Iterator[Example]:
        """Yield an Example per text, several for a very long text. Only Examples from `.spacy` files are annotated."""
        from spacy_sgns.tokenization.docbin import stored_docs

        stats = Stats()
        for path in self.source.files(stats):
            if kind_of(path) == DOC_KIND:
                for doc in stored_docs(path, nlp.vocab):
                    yield Example(nlp.tokenizer(doc.text), doc)
                continue
            for text, _ in self.source.pieces(path, _warn, stats):
                doc = nlp.tokenizer(text)
                yield Example(doc, doc.copy())
        say_replaced(self.source, stats, _warn)


def _warn(text: str) -> None:
    warn(text, SgnsWarning, stacklevel=2)
