"""A run before it is begun: a sample of the files is encoded and trained on for some seconds, and the rest foreseen."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from spacy_sgns.planning.calibration import Speed, training_speed
from spacy_sgns.planning.corpus_checks import copies, doubts
from spacy_sgns.planning.forecast import Forecast, forecast
from spacy_sgns.planning.resources import Needs, disk_needs, memory_needs, pipeline_size
from spacy_sgns.planning.survey import Survey, surveyed
from spacy_sgns.runs.work_folder import work_folder
from spacy_sgns.settings import Settings
from spacy_sgns.sources.compression import estimated_chars
from spacy_sgns.sources.readers import TextFile
from spacy_sgns.sources.sample import draw_sample, text_quality
from spacy_sgns.sources.source import Source
from spacy_sgns.system.machine import free_disk, free_memory, worker_count
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.parallel.pool import MIN_PARALLEL_CHARS
from spacy_sgns.tokenization.source_tokens import tokenizer_spec_for

CHUNKS, DOCS, COMPONENTS = 1 << 23, 1 << 21, 1 << 18  # bytes that become tokens in seconds, by the way they go
TRAINING = 2.5  # seconds of training
LARGEST = 1 << 29  # bytes of tables that are made for it: larger ones are no slower to train, but to make


@dataclass(frozen=True)
class Plan:
    """What a run will be like.

    sample: share of the corpus that was read. seconds: that the plan took. encoding, epoch: seconds. encoders:
    processes that encode. speed: of training. memory, disk: bytes it takes; free_memory, free_disk: bytes there are,
    None where that is not known. warnings: for people.
    """

    sample: float
    seconds: float
    expected: Forecast
    encoding: float
    epoch: float
    encoders: int
    speed: Speed
    memory: Needs
    disk: Needs
    free_memory: int | None
    free_disk: int | None
    warnings: list[str]

    @property
    def training(self) -> float:
        """The seconds of all epochs."""
        return self.epoch * int(self.expected.settings.epochs)

    @property
    def output(self) -> float:
        """The bytes of the pipeline that will be written."""
        return pipeline_size(self.expected.sizes.words, self.expected.settings.dim)


def plan_source(source: Source, maker: DocMaker, settings: Settings) -> Plan:
    """Return what training on files will be like. Raises SgnsError where they, or the settings, do not allow it.

    maker: of the pipeline that makes the tokens.
    """
    start, warnings = perf_counter(), list[str]()
    by_chunks = tokenizer_spec_for(maker) is not None
    size = CHUNKS if by_chunks else DOCS if maker.tokenizer_only else COMPONENTS
    with work_folder(None) as folder:
        sample = draw_sample(source, folder, size)
        times = 2 if by_chunks and sample.fraction < 1 else 1
        survey = surveyed(sample, maker, settings, folder, warnings.append, times=times)
        quality = text_quality(sample)
        expected = forecast(survey.seen, settings)
        speed = _speed(survey, expected)
    encoders = _encoders(source, settings) if by_chunks else 1
    forms = expected.forms_of_one(encoders)
    repeated = copies(quality.repeated, sample.fraction)
    return Plan(
        sample.fraction,
        perf_counter() - start,
        expected,
        _encoding(survey, expected, encoders),
        expected.sizes.kept / speed.tokens_per_second,
        encoders,
        speed,
        memory_needs(expected.sizes, expected.settings, max(encoders, speed.workers), forms),
        disk_needs(expected.sizes, expected.settings),
        free_memory(),
        free_disk(Path()),
        [*warnings, *doubts(expected, repeated, quality.mojibake)],
    )


def _speed(survey: Survey, expected: Forecast) -> Speed:
    rows = max(2, LARGEST // (8 * expected.settings.dim))
    return training_speed(survey.corpus, expected.counts[:rows], expected.settings, TRAINING)


def _encoding(survey: Survey, expected: Forecast, workers: int) -> float:
    """Return the seconds until all is encoded."""
    seen = survey.seen
    if seen.fraction == 1:
        return survey.seconds
    tokens = expected.sizes.tokens + expected.left_out
    return survey.pace.seconds(tokens, expected.forms_of_one(workers), workers)


def _encoders(source: Source, settings: Settings) -> int:
    """Return how many processes encode a source whose texts are cut into chunks."""
    texts = sum(estimated_chars(file.path) for file in source.files() if isinstance(file, TextFile))
    if texts < MIN_PARALLEL_CHARS:
        return 1
    return worker_count(settings.workers)
