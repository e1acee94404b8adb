"""The reader `spacy_sgns.TextCorpus.v1`: the command's input as a corpus in a config."""

from collections.abc import Iterator
from pathlib import Path
from warnings import warn

from spacy.language import Language
from spacy.training import Example

from spacy_sgns.errors import SgnsWarning
from spacy_sgns.pipeline.read import Source


def text_corpus_v1(path: str | Path, unit: str = "line", field: str = "text") -> "TextCorpus":
    """Return the corpus of a file or folder, registered as `spacy_sgns.TextCorpus.v1`; arguments as in `Source`."""
    return TextCorpus(Source(Path(path), unit, field))


class TextCorpus:
    """Texts as Examples, read anew at each call. The component `sgns` takes the source itself."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __call__(self, nlp: Language) -> Iterator[Example]:
        """Yield an unannotated Example for each text; a text too long for one Doc comes in several."""
        from spacy_sgns.pipeline.docs import DocMaker, docs_of_source

        maker = DocMaker(lambda: nlp)
        for doc in docs_of_source(self.source, maker, lambda text: warn(text, SgnsWarning, stacklevel=2)):
            yield Example(doc, doc.copy())
