"""The component `sgns`: trains vectors, attaches them to the vocab and answers queries about them.

spaCy imports this module whenever it makes a pipeline, so training code is imported inside the functions that use it.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import Field
from typing import TYPE_CHECKING, Any, TypeAlias
from warnings import warn

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import logger
from spacy.vocab import Vocab

from spacy_sgns.errors import SgnsError, SgnsWarning
from spacy_sgns.pipeline.config import as_config, register
from spacy_sgns.pipeline.config_error import as_config_error
from spacy_sgns.pipeline.scorer import SCORE, SCORE_PER_SET, GoldScorer
from spacy_sgns.settings import Settings, with_settings

if TYPE_CHECKING:
    from spacy_sgns.runs.events import Listener
    from spacy_sgns.runs.train_vectors import Trained
    from spacy_sgns.vectors.queries import AskedOrMany
    from spacy_sgns.vectors.scored_words import ScoredWords
    from spacy_sgns.vectors.word_vectors import WordVectors

    Scorer: TypeAlias = Callable[[WordVectors], dict[str, Any]]

register()
NO_CORPUS = (
    "sgns has no vectors and no corpus to train them on. Name one in the config, [initialize.components.sgns.corpus] "
    'with @readers = "spacy_sgns.TextCorpus.v1" and a path, or call nlp.get_pipe("sgns").train(docs).'
)


class Sgns:
    """Vectors for the vocab of a pipeline, trained on Docs; a Doc passes through unchanged.

    `nlp.add_pipe("sgns", config={...})` makes it. vocab: gets the vectors. name: of the component in the pipeline.
    settings: of the training. scorer: scores vectors for `spacy train`, or None.

    >>> import spacy
    >>> spacy.blank("en").add_pipe("sgns", config={"dim": 50}).settings.dim
    50
    """

    def __init__(self, vocab: Vocab, name: str, settings: Settings, scorer: "Scorer | None" = None) -> None:
        self.vocab, self.name, self.settings, self.scorer = vocab, name, settings, scorer
        self._cached: tuple[Any, int, WordVectors] | None = None  # with the table and its number of keys

    def __call__(self, doc: Doc) -> Doc:
        """Return `doc` unchanged: its tokens find their vectors in the vocab."""
        return doc

    @property
    def report(self) -> dict[str, Any]:
        """The report of the run that trained the vectors; empty if there was none."""
        from spacy_sgns.vectors.record import record_of

        record = record_of(self.vocab)
        return record.report if record else {}

    @property
    def vectors(self) -> "WordVectors":
        """The vectors in the vocab. Raises SgnsError if there are none."""
        from spacy_sgns.vectors.word_vectors import WordVectors

        table = self.vocab.vectors
        if self._cached is None or self._cached[0] is not table.data or self._cached[1] != table.n_keys:
            self._cached = table.data, table.n_keys, WordVectors.from_pipeline(self)
        return self._cached[2]

    def train(
        self, docs: Iterable[Doc], *, progress: "Listener | None" = None, overwrite: bool = False
    ) -> "WordVectors":
        """Train on Docs, attach the vectors to the vocab and return them.

        docs: iterated once; they may have another vocab. progress: called with each event of the run. overwrite:
        replace the vectors that the vocab has. Raises SgnsError if there are any without `overwrite`: training starts
        from random vectors, and does not continue from them.
        """
        from spacy_sgns.pipeline.train import train_on_docs

        self._check_free(overwrite)
        return self.adopt(train_on_docs(docs, self.vocab, self.settings, progress))

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language,
        corpus: Callable[[Language], Iterable[Example]] | None = None,
        overwrite: bool = False,
    ) -> None:
        """Train on `corpus`, a reader; without a corpus, warn if the vocab has no vectors. `get_examples` is not used.

        Vectors that the vocab already has are kept unless `overwrite`. nlp: the pipeline, whose tokenizer the reader
        uses.
        """
        with as_config_error():
            self._check_scorer()
        has_vectors = bool(self.vocab.vectors.n_keys)
        if corpus is None and not has_vectors:
            warn(NO_CORPUS, SgnsWarning, stacklevel=2)
        elif corpus is not None and has_vectors and not overwrite:
            logger.info("%s: the vocab's vectors are kept; set overwrite = true to train new ones", self.name)
        elif corpus is not None:
            with as_config_error():
                self.train_from_config(corpus, nlp)

    def train_from_config(self, corpus: Callable[[Language], Iterable[Example]], nlp: Language) -> None:
        """Train on the corpus of a config, a reader. The progress is logged, and a warning says if nothing uses it."""
        from spacy_sgns.pipeline.attach import unused_vectors
        from spacy_sgns.pipeline.train import train_on_reader

        self._check_scorer()
        if unused := unused_vectors(nlp):
            warn(unused, SgnsWarning, stacklevel=3)
        self.adopt(train_on_reader(corpus, nlp, self.settings))

    def adopt(self, trained: "Trained") -> "WordVectors":
        """Attach the vectors of a finished run to the vocab, and keep the run's record."""
        from spacy_sgns.pipeline.attach import attach

        for text in trained.warnings:
            warn(text, SgnsWarning, stacklevel=3)
        attach(trained, self.vocab)
        self._cached = self.vocab.vectors.data, self.vocab.vectors.n_keys, trained.vectors
        return trained.vectors

    def most_similar(
        self, positive: "AskedOrMany", negative: "AskedOrMany" = (), n: int = 10, **options: Any
    ) -> "ScoredWords":
        """Return the n words nearest to `positive` minus `negative`, with cosines; see `WordVectors.most_similar`."""
        return self.vectors.most_similar(positive, negative, n, **options)

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of the words `a` and `b`. Raises UnknownWord."""
        return self.vectors.similarity(a, b)

    def score(self, examples: Iterable[Example], **more: Any) -> dict[str, Any]:
        """Return the scores of the vectors on the gold sets; empty without a scorer.

        examples, more: of spaCy's protocol; not used.
        """
        return self.scorer(self.vectors) if self.scorer and self.vocab.vectors.n_keys else {}

    def __repr__(self) -> str:
        rows, width = self.vocab.vectors.shape
        return f"<Sgns {self.name!r}: {f'{rows:,} vectors of {width} dimensions' if rows else 'no vectors yet'}>"

    def __getstate__(self) -> dict[str, Any]:
        """Return the state for a copy, which finds the vectors in its own vocab."""
        return {**self.__dict__, "_cached": None}

    def _check_scorer(self) -> None:
        """Raise SgnsError before training if the scorer cannot read its files."""
        if isinstance(self.scorer, GoldScorer):
            self.scorer.sets  # noqa: B018 - they are read now and kept

    def _check_free(self, overwrite: bool) -> None:
        """Raise SgnsError if the vocab has vectors that training would replace."""
        if self.vocab.vectors.n_keys and not overwrite:
            whose = "was trained already" if self.report else "has vectors from elsewhere in its vocab"
            raise SgnsError(
                f"{self.name} {whose} ({len(self.vocab.vectors):,} vectors), and training starts over from random "
                "ones. To replace them: train(docs, overwrite=True). To keep them, train another pipeline."
            )


def make_sgns(nlp: Language, name: str, scorer: Any, **settings: Any) -> Sgns:
    """Return the component for the settings of `[components.sgns]`. Raises ConfigSettingError.

    scorer: scores vectors, such as `spacy_sgns.gold_scorer.v1`; or None.
    """
    with as_config_error():
        return Sgns(nlp.vocab, name, Settings.of(**settings), scorer)


def _parameter(setting: Field[Any]) -> inspect.Parameter:
    """Return the parameter that spaCy fills from the config. `Settings` checks its type and range."""
    return inspect.Parameter(setting.name, inspect.Parameter.KEYWORD_ONLY, annotation=Any)


make_sgns = Language.factory(
    "sgns",
    default_config={**as_config(Settings()), "scorer": None},
    default_score_weights={SCORE: None, SCORE_PER_SET: None},
    assigns=["token.vector", "doc.vector"],
)(with_settings(make_sgns, _parameter))
