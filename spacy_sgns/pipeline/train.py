"""Training from Docs, from a reader or from files: what the component, the callback and the command share."""

import copy
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path
from typing import Any
from warnings import warn

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import logger
from spacy.vocab import Vocab

from spacy_sgns.corpus.tokens import TokenBatches
from spacy_sgns.errors import SgnsError, SgnsWarning
from spacy_sgns.evaluation.evaluate import score_sets
from spacy_sgns.evaluation.gold import GoldSet
from spacy_sgns.pipeline.attach import attach, untrained
from spacy_sgns.pipeline.factory import PipelineFactory
from spacy_sgns.pipeline.progress import notebook_bars
from spacy_sgns.pipeline.reader import TextCorpus
from spacy_sgns.pipeline.record import Record
from spacy_sgns.pipeline.save import check_output, save_pipeline
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.runs.events import Encoded, Event, Listener
from spacy_sgns.runs.report import machine
from spacy_sgns.runs.trace import Trace, trace
from spacy_sgns.runs.train_vectors import Trained, train_vectors
from spacy_sgns.runs.work_folder import work_folder
from spacy_sgns.settings import Settings
from spacy_sgns.sources.source import Source, Warn
from spacy_sgns.system.machine import worker_count
from spacy_sgns.system.plugins import loaded_code
from spacy_sgns.tokenization.docs import DocMaker, as_docs, batches_of_docs
from spacy_sgns.tokenization.source_tokens import batches_of_source
from spacy_sgns.training.events import EpochEnd
from spacy_sgns.vectors.word_vectors import WordVectors


def train(docs: Iterable[Doc], *, progress: Listener | None = None, **settings: Any) -> WordVectors:
    """Return the vectors of the words in `docs`, any iterable of Docs, gone through once.

    settings: those of `Settings`. progress: called with each event of a run; without it, a bar is shown in
    a notebook. Raises SgnsError, SettingError.

    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> train(nlp.pipe(["a b c d"] * 9), epochs=1).words
    ['a', 'b', 'c', 'd']
    """
    chosen = Settings.of(**settings)
    docs = as_docs(docs)
    first = list(islice(docs, 1))
    vocab = first[0].vocab if first else Vocab()
    trained = train_on_docs(chain(first, docs), vocab, chosen, progress)
    for text in trained.warnings:
        warn(text, SgnsWarning, stacklevel=2)
    return trained.vectors


def train_on_docs(
    docs: Iterable[Doc | Example], vocab: Vocab, settings: Settings, progress: Listener | None = None
) -> Trained:
    """Train on Docs, or the reference Docs of Examples, gone through once.

    vocab: its language decides which kinds are dropped.
    """
    batches = batches_of_docs(as_docs(docs), vocab, settings.drop, sentences=settings.within_sentences)
    with work_folder(None) as folder:
        return train_vectors(batches, settings, folder=folder, listeners=_listeners(progress))


def train_on_reader(corpus: Callable[[Language], Iterable[Example]], nlp: Language, settings: Settings) -> Trained:
    """Train on what a reader gives for a pipeline; of a `TextCorpus` only the texts are read, and no Examples made.

    Strings of the corpus stay out of the vocab of `nlp`, unless it cannot be copied.
    """
    sentences = settings.within_sentences
    if isinstance(corpus, TextCorpus):
        maker = PipelineFactory(partial(_apart, nlp), {}).doc_maker(sentences=sentences)
        batches = _batches(corpus.source, maker, settings, _warn)
    else:
        docs = as_docs(corpus(_apart(nlp)))
        batches = batches_of_docs(docs, nlp.vocab, settings.drop, sentences=sentences)
    with work_folder(None) as folder, closing(batches):
        return train_vectors(batches, settings, folder=folder, listeners=_listeners(None))


def train_pipeline(
    source: Source,
    factory: PipelineFactory,
    settings: Settings,
    *,
    output: Path | None,
    force: bool = False,
    vectors_only: bool = False,
    listeners: Iterable[Listener] = (),
    gold: Sequence[GoldSet] = (),
    checkpoint_every: float = 10,
    resume: bool = False,
    tell: Callable[[str], None],
) -> Trained:
    """Train on files and write the pipeline with its vectors to `output`; without one nothing is written or kept.

    gold: sets that the vectors are scored on after each epoch. checkpoint_every: minutes; 0: nothing is kept. resume:
    go on with an earlier run. force: replace a pipeline that is there, and start over where a run could go on. tell:
    called with each warning, for people. Raises SgnsError where the input or the machine does not allow it, Interrupted
    where the user stops a run that is kept.
    """
    with work_folder(output, keep=resume, force=force, tell=tell) as folder:
        if output:
            check_output(output, force=force)  # another training may have ended there meanwhile
        maker = factory.doc_maker(sentences=settings.within_sentences)
        written = factory.for_output(settings, vectors_only=vectors_only)  # now, so that it fails before the work
        if names := untrained(written):
            tell(f"{', '.join(names)} are not trained: the pipeline will not run before they are, or are taken out.")
        manager = None
        if output and checkpoint_every:
            identity, interval = _identity(source, maker.nlp, settings), 60 * checkpoint_every
            manager = CheckpointManager(folder, identity, machine(), interval=interval, resume=resume, warn=tell)
        with manager.with_resume_hint() if manager else nullcontext():
            evaluate = partial(score_sets, sets=gold) if gold else None
            with closing(_batches(source, maker, settings, tell)) as batches:
                trained = train_vectors(
                    batches, settings, folder=folder, listeners=listeners, evaluate=evaluate, manager=manager
                )
            for text in trained.warnings:
                tell(text)
            if output:
                attach(trained.vectors, written.vocab)
                _save(partial(save_pipeline, written, output, folder, Record.of(trained), force=force), manager)
    return trained


def _save(save: Callable[[], None], manager: CheckpointManager | None) -> None:
    """Save a pipeline; if that fails, for want of room maybe, make some and try once more. Raises SgnsError."""
    try:
        save()
    except SgnsError as error:
        if not isinstance(error.__cause__, OSError) or manager is None or not manager.delete_corpus():
            raise
        save()


def _identity(source: Source, nlp: Language, settings: Settings) -> dict[str, Any]:
    """Return in plain values what decides which vectors a run makes."""
    pipeline = {"lang": nlp.lang, "config": sha256(nlp.config.to_str().encode()).hexdigest()[:12]}
    chosen = {name: value for name, value in settings.as_dict().items() if name != "workers"}
    return {
        "spacy_sgns": version("spacy-sgns"),
        "settings": chosen,
        "code": {path: sha256(Path(path).read_bytes()).hexdigest()[:12] for path in loaded_code},
        "pipeline": pipeline,
        "corpus": source.identity(),
    }


def trace_source(
    source: Source, factory: PipelineFactory, settings: Settings, *, pairs: int, tell: Callable[[str], None]
) -> Trace:
    """Return what the first step on files is made of; see `spacy_sgns.runs.trace`. Raises SgnsError."""
    maker = factory.doc_maker(sentences=settings.within_sentences)
    with work_folder(None) as folder, closing(_batches(source, maker, settings, tell)) as batches:
        return trace(batches, settings, folder=folder, pairs=pairs)


def _batches(source: Source, maker: DocMaker, settings: Settings, warn: Warn) -> TokenBatches:
    """Return the tokens of a source; closed, nothing is left at work."""
    workers, sentences = worker_count(settings.workers), settings.within_sentences
    return batches_of_source(source, maker, settings.drop, sentences=sentences, warn=warn, workers=workers)


def _apart(nlp: Language) -> Language:
    """Return a copy of a pipeline with a vocab of its own; itself where it cannot be copied."""
    try:
        return copy.deepcopy(nlp)
    except Exception:  # whatever another package's tokenizer or model holds
        return nlp


def _listeners(progress: Listener | None) -> list[Listener]:
    return [_warn_of_few_workers, _log_epoch, *([progress] if progress else notebook_bars())]


def _warn_of_few_workers(event: Event) -> None:
    """Warn that fewer workers train than were asked for, or that nobody else can."""
    if isinstance(event, Encoded) and event.workers_note and (event.workers == 1 or event.settings.workers != "auto"):
        _warn(event.workers_note)


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
