"""Training on Docs, on a reader or on files, for the component, the callback and the commands."""

import copy
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, nullcontext
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from logging import INFO, NOTSET
from pathlib import Path
from typing import Any, TypeAlias

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
from spacy_sgns.pipeline.factory import PipelineFactory, from_language
from spacy_sgns.pipeline.options import RunOptions
from spacy_sgns.pipeline.progress import Lines, notebook_bars
from spacy_sgns.pipeline.reader import TextCorpus
from spacy_sgns.pipeline.save import check_output, save_pipeline
from spacy_sgns.runs.checkpoint_manager import CheckpointManager
from spacy_sgns.runs.events import Encoded, Event, Listener
from spacy_sgns.runs.report import machine
from spacy_sgns.runs.trace import Trace, trace
from spacy_sgns.runs.train_vectors import Trained, train_vectors
from spacy_sgns.runs.work_folder import work_folder
from spacy_sgns.settings import Settings
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.stats import Warn
from spacy_sgns.system.machine import worker_count
from spacy_sgns.system.plugins import loaded_code
from spacy_sgns.tokenization.docs import DocMaker, as_docs, batches_of_docs
from spacy_sgns.tokenization.items import check_items, item_tokens
from spacy_sgns.tokenization.languages import tokenizer_warnings
from spacy_sgns.tokenization.source_tokens import source_tokens
from spacy_sgns.vectors.word_vectors import WordVectors

NO_OUTPUT = RunOptions()
Log: TypeAlias = Callable[..., None]
VISIBLE = logger.getChild("sgns")  # writes as spaCy's logger does, which is silent below warnings without --verbose
if VISIBLE.level == NOTSET:  # the user has chosen none
    VISIBLE.setLevel(INFO)


def train(
    texts: Iterable[Any],
    *,
    lang: str = "en",
    nlp: Language | None = None,
    field: str = "text",
    progress: Listener | None = None,
    **settings: Any,
) -> WordVectors:
    """Return the vectors of the words in `texts`, an iterable of items of one kind, which is consumed once.

    An item is a string, a dict with the text in `field` (`data.body`: a dict within it), a list of tokens, a Doc or an
    Example. Items without text (None, NaN, dicts without the field) are skipped, with a warning that counts them.
    lang: language of the blank pipeline that splits strings into tokens, as the command `train` does; nlp: the pipeline
    to use instead. progress: called with each event of a run; without it, a bar is shown in a notebook. settings:
    those of `Settings`. Raises SgnsError, SettingError.

    >>> train(["a b c d"] * 9, epochs=1).words
    ['a', 'b', 'c', 'd']
    """
    chosen, said = Settings.of(**settings), list[str]()
    check_items(texts)
    texts = _not_empty(texts)
    factory = PipelineFactory(partial(_copy, nlp), {}) if nlp else from_language(lang, {})
    sentences, workers = chosen.within_sentences, worker_count(chosen.workers)
    maker = partial(_doc_maker, factory, chosen)
    batches = item_tokens(
        texts, maker, chosen.drop, field=field, sentences=sentences, warn=said.append, workers=workers
    )
    with work_folder(None) as folder, closing(batches):
        trained = train_vectors(batches, chosen, folder=folder, listeners=_listeners(progress))
    for text in (*said, *trained.warnings):
        warnings.warn(text, SgnsWarning, stacklevel=2)
    return trained.vectors


def _not_empty(texts: Iterable[Any]) -> Iterable[Any]:
    """Return an iterable of the same texts. Raises SgnsError if there are none."""
    rest = iter(texts)
    for first in rest:
        return chain([first], rest)
    raise SgnsError("There are no texts to train on. If they come from a generator, it was used up before.")


def _doc_maker(factory: PipelineFactory, settings: Settings) -> DocMaker:
    """Return the `DocMaker` for texts in Python, and warn about its tokenizer."""
    maker = factory.doc_maker(sentences=settings.within_sentences)
    for text in tokenizer_warnings(maker.nlp):
        _warn(text)
    return maker


def train_on_docs(
    docs: Iterable[Doc | Example], vocab: Vocab, settings: Settings, progress: Listener | None = None
) -> Trained:
    """Train on Docs, or on the reference Docs of Examples, which are consumed once.

    vocab: decides, by its language, which tokens belong to the kinds that are dropped.
    """
    batches = batches_of_docs(as_docs(docs), vocab, settings.drop, sentences=settings.within_sentences)
    with work_folder(None) as folder:
        return train_vectors(batches, settings, folder=folder, listeners=_listeners(progress))


def train_on_reader(corpus: Callable[[Language], Iterable[Example]], nlp: Language, settings: Settings) -> Trained:
    """Train on the Examples of a reader; from a `TextCorpus` the texts are read directly, without Examples.

    The logger `spacy.sgns` shows the progress on standard error, except in a notebook, which has a bar.
    The strings of the corpus are not added to the vocab of `nlp`, unless it cannot be copied.
    """
    sentences = settings.within_sentences
    listeners = _listeners(None, logger.info if notebook_bars() else VISIBLE.info)
    if isinstance(corpus, TextCorpus):
        VISIBLE.info("sgns: reading %s", corpus.source.path)
        maker = DocMaker(partial(_copy, nlp), sentences=sentences)
        batches = _batches(corpus.source, maker, settings, _warn)
    else:
        docs = as_docs(corpus(_copy(nlp)))
        batches = batches_of_docs(docs, nlp.vocab, settings.drop, sentences=sentences)
    with work_folder(None) as folder, closing(batches):
        return train_vectors(batches, settings, folder=folder, listeners=listeners)


def train_pipeline(
    source: Source,
    factory: PipelineFactory,
    settings: Settings,
    options: RunOptions = NO_OUTPUT,
    *,
    listeners: Iterable[Listener] = (),
    gold: Sequence[GoldSet] = (),
    warn: Warn,
) -> Trained:
    """Train on files and write a pipeline with the vectors, as the options say.

    gold: sets on which the vectors are scored after each epoch. warn: called with each warning for the user. Raises
    SgnsError if the input or the machine does not allow it, Interrupted if the user stops a run that can be resumed.
    """
    output = options.output
    with work_folder(output, keep=options.resume, force=options.force, warn=warn) as folder:
        if output:
            check_output(output, force=options.force)  # another run may have written it in the meantime
        maker = factory.doc_maker(sentences=settings.within_sentences)
        for text in tokenizer_warnings(maker.nlp):
            warn(text)
        nlp = (
            _output_pipeline(factory, settings, options, warn) if output else maker.nlp
        )  # an error must come before the work
        manager = _checkpoint_manager(folder, _identity(source, maker.nlp, settings), options, warn)
        with manager.with_resume_hint() if manager else nullcontext():
            trained = _train_on_source(source, maker, settings, folder, listeners, gold, manager, warn)
            if output:
                attach(trained, nlp.vocab)
                _save(partial(save_pipeline, nlp, output, folder, force=options.force), manager)
    return trained


def _output_pipeline(factory: PipelineFactory, settings: Settings, options: RunOptions, warn: Warn) -> Language:
    """Return the pipeline to write; warn about its present vectors, and about components that need training."""
    nlp = factory.for_output(settings, component=options.component)
    if number := len(nlp.vocab.vectors):
        warn(f"The base has {number:,} vectors. They are not used: the output has only the vectors that are trained.")
    if names := untrained(nlp):
        warn(f"{', '.join(names)} are not trained: the pipeline runs only after they are trained or removed.")
    return nlp


def _checkpoint_manager(
    folder: Path, identity: Mapping[str, Any], options: RunOptions, warn: Warn
) -> CheckpointManager | None:
    if not options.output or not options.checkpoint_every:
        return None
    interval = 60 * options.checkpoint_every
    return CheckpointManager(folder, identity, machine(), interval=interval, resume=options.resume, warn=warn)


def _train_on_source(
    source: Source,
    maker: DocMaker,
    settings: Settings,
    folder: Path,
    listeners: Iterable[Listener],
    gold: Sequence[GoldSet],
    manager: CheckpointManager | None,
    warn: Warn,
) -> Trained:
    """Train on files, and warn about the result."""
    evaluate = partial(score_sets, sets=gold) if gold else None
    with closing(_batches(source, maker, settings, warn)) as batches:
        trained = train_vectors(
            batches, settings, folder=folder, listeners=listeners, evaluate=evaluate, manager=manager
        )
    for text in trained.warnings:
        warn(text)
    return trained


def _save(save: Callable[[], None], manager: CheckpointManager | None) -> None:
    """Save a pipeline; if the disk is full, delete the encoded corpus and try once more. Raises SgnsError."""
    try:
        save()
    except SgnsError as error:
        if not isinstance(error.__cause__, OSError) or manager is None or not manager.delete_corpus():
            raise
        save()


def _identity(source: Source, nlp: Language, settings: Settings) -> dict[str, Any]:
    """Return what decides which vectors a run makes, as plain values."""
    return {
        "spacy_sgns": version("spacy-sgns"),
        "settings": {name: value for name, value in settings.as_dict().items() if name != "workers"},
        "code": {path: sha256(Path(path).read_bytes()).hexdigest()[:12] for path in loaded_code},
        "pipeline": {"lang": nlp.lang, "config": sha256(nlp.config.to_str().encode()).hexdigest()[:12]},
        "corpus": source.identity(),
    }


def trace_source(source: Source, factory: PipelineFactory, settings: Settings, *, pairs: int, warn: Warn) -> Trace:
    """Return a trace of the first step on files, see `spacy_sgns.runs.trace`. Raises SgnsError."""
    maker = factory.doc_maker(sentences=settings.within_sentences)
    for text in tokenizer_warnings(maker.nlp):
        warn(text)
    with work_folder(None) as folder, closing(_batches(source, maker, settings, warn)) as batches:
        return trace(batches, settings, folder=folder, pairs=pairs)


def _batches(source: Source, maker: DocMaker, settings: Settings, warn: Warn) -> TokenBatches:
    """Return the tokens of a source; closing them ends the processes that read it."""
    workers, sentences = worker_count(settings.workers), settings.within_sentences
    return source_tokens(source, maker, settings.drop, sentences=sentences, warn=warn, workers=workers)


def _copy(nlp: Language) -> Language:
    """Return a copy of a pipeline with its own vocab, or the pipeline itself if it cannot be copied."""
    try:
        return copy.deepcopy(nlp)
    except Exception:  # whatever another package's tokenizer or model holds
        return nlp


def _listeners(progress: Listener | None, log: Log = logger.info) -> list[Listener]:
    """Return the listeners of a run in Python. log: writes lines; by default where spaCy's --verbose shows them."""
    shown = [progress] if progress else notebook_bars()
    return [_warn_of_few_workers, partial(_log_counts, log), Lines(partial(log, "sgns: %s")), *shown]


def _warn_of_few_workers(event: Event) -> None:
    """Warn that fewer workers train than the setting says, or only one."""
    if isinstance(event, Encoded) and event.workers_note and (event.workers == 1 or event.settings.workers != "auto"):
        _warn(event.workers_note)


def _log_counts(log: Log, event: Event) -> None:
    if isinstance(event, Encoded):
        counts = event.counts
        log("sgns: read %s texts, %s tokens", f"{counts.texts:,}", f"{counts.tokens_read:,}")
        log("sgns: kept %s words, %s tokens", f"{counts.words:,}", f"{counts.tokens_kept:,}")


def _warn(text: str) -> None:
    warnings.warn(text, SgnsWarning, stacklevel=2)
