"""Training from Docs, from a reader or from files: what the component, the callback and the command share."""

import copy
from collections.abc import Callable, Iterable
from typing import Any
from warnings import warn

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import logger
from spacy.vocab import Vocab

from spacy_sgns.errors import SgnsWarning
from spacy_sgns.files import work_folder
from spacy_sgns.flow import Event, Listener, Trained, learn_vectors
from spacy_sgns.pipeline.docs import DocMaker, batches_of_docs, batches_of_source
from spacy_sgns.pipeline.progress import notebook_bars
from spacy_sgns.pipeline.reader import TextCorpus
from spacy_sgns.settings import Settings
from spacy_sgns.training.events import EpochEnd


def train_on_docs(
    docs: Iterable[Doc | Example], vocab: Vocab, settings: Settings, progress: Listener | None = None
) -> Trained:
    """Train on Docs, or the reference Docs of Examples, gone through once. vocab: decides which kinds are dropped."""
    batches = batches_of_docs(docs, vocab, settings.drop, sentences=settings.within_sentences)
    with work_folder(None) as folder:
        return learn_vectors(batches, settings, folder=folder, listeners=_listeners(progress))


def train_on_reader(
    corpus: Callable[[Language], Iterable[Example]],
    nlp: Language,
    settings: Settings,
    progress: Listener | None = None,
) -> Trained:
    """Train on what a reader gives for a pipeline; of a `TextCorpus` only the texts are read, and no Examples made."""
    if not isinstance(corpus, TextCorpus):
        return train_on_docs(corpus(nlp), nlp.vocab, settings, progress)
    sentences = settings.within_sentences
    maker = DocMaker(lambda: nlp if sentences else _apart(nlp), sentences=sentences)
    batches = batches_of_source(corpus.source, maker, settings.drop, sentences=sentences, warn=_warn)
    with work_folder(None) as folder:
        return learn_vectors(batches, settings, folder=folder, listeners=_listeners(progress))


def _apart(nlp: Language) -> Language:
    """Return a pipeline with a copy of the tokenizer, so that the strings of the corpus stay out of the vocab of `nlp`."""
    tokenizer = copy.deepcopy(nlp.tokenizer)
    vocab: Any = getattr(tokenizer, "vocab", None) or nlp.vocab
    return type(nlp)(vocab, create_tokenizer=lambda _: tokenizer)


def _listeners(progress: Listener | None) -> list[Listener]:
    return [_log_epoch, *([progress] if progress else notebook_bars())]


def _log_epoch(event: Event) -> None:
    if isinstance(event, EpochEnd):
        logger.info(
            "sgns: epoch %d of %d, loss %.4f, %.0f words/s",
            event.epoch,
            event.epochs,
            event.loss,
            event.words_per_second,
        )


def _warn(text: str) -> None:
    warn(text, SgnsWarning, stacklevel=2)
