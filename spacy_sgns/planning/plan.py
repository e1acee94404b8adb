"""The plan of a run: a sample is encoded and trained on for a few seconds, and the rest is extrapolated."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from spacy_sgns.planning.calibration import Speed, training_speed
from spacy_sgns.planning.corpus_checks import corpus_warnings, repeated_share
from spacy_sgns.planning.forecast import Forecast, forecast
from spacy_sgns.planning.resources import StageBytes, disk_bytes, memory_bytes, pipeline_bytes
from spacy_sgns.planning.survey import Survey, survey_sample
from spacy_sgns.runs.work_folder import work_folder
from spacy_sgns.settings import Settings
from spacy_sgns.sources.compression import estimated_chars
from spacy_sgns.sources.readers import TextFile
from spacy_sgns.sources.sample import draw_sample, text_quality
from spacy_sgns.sources.source import Source
from spacy_sgns.system.machine import free_disk, free_memory, worker_count
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.languages import tokenizer_warnings
from spacy_sgns.tokenization.parallel.pool import MIN_PARALLEL_CHARS
from spacy_sgns.tokenization.source_tokens import tokenizer_spec_for

PRETOKEN_SAMPLE_BYTES, DOC_SAMPLE_BYTES, COMPONENT_SAMPLE_BYTES = (
    1 << 23,
    1 << 21,
    1 << 18,
)  # each takes a few seconds
TRAINING_SECONDS = 2.5  # of the calibration
MAX_TABLE_BYTES = 1 << 29  # of the calibration; larger tables train as fast, but take longer to make


@dataclass(frozen=True)
class Plan:
    """The expected cost of a run.

    sample: share of the corpus that was read. seconds: spent on planning. encoding, epoch: seconds of each. encoders:
    processes that encode. speed: of training. memory, disk: bytes needed. free_memory, free_disk: bytes available; None
    if unknown. warnings: for the user.
    """

    sample: float
    seconds: float
    expected: Forecast
    encoding: float
    epoch: float
    encoders: int
    speed: Speed
    memory: StageBytes
    disk: StageBytes
    free_memory: int | None
    free_disk: int | None
    warnings: list[str]

    @property
    def training(self) -> float:
        """Seconds of all epochs."""
        return self.epoch * int(self.expected.settings.epochs)

    @property
    def output(self) -> float:
        """Bytes of the pipeline that will be written."""
        return pipeline_bytes(self.expected.sizes.words, self.expected.settings.dim)


def plan_source(source: Source, maker: DocMaker, settings: Settings) -> Plan:
    """Return the plan of training on a source. Raises SgnsError if the files, or the settings, do not allow training.

    maker: makes the Docs of the pipeline whose tokens are trained on.
    """
    start, warnings = perf_counter(), list[str]()
    by_pretokens = tokenizer_spec_for(maker) is not None
    size = (
        PRETOKEN_SAMPLE_BYTES if by_pretokens else DOC_SAMPLE_BYTES if maker.tokenizer_only else COMPONENT_SAMPLE_BYTES
    )
    with work_folder(None) as folder:
        sample = draw_sample(source, folder, size)
        times = 2 if by_pretokens and sample.fraction < 1 else 1
        survey = survey_sample(sample, maker, settings, folder, warnings.append, times=times)
        quality = text_quality(sample)
        expected = forecast(survey.stats, settings)
        speed = _speed(survey, expected)
    encoders = _encoders(source, settings) if by_pretokens else 1
    forms = expected.forms_per_worker(encoders)
    repeated = repeated_share(quality.repeated, sample.fraction)
    return Plan(
        sample.fraction,
        perf_counter() - start,
        expected,
        _encoding(survey, expected, encoders),
        expected.sizes.kept / speed.tokens_per_second,
        encoders,
        speed,
        memory_bytes(expected.sizes, expected.settings, max(encoders, speed.workers), forms),
        disk_bytes(expected.sizes, expected.settings),
        free_memory(),
        free_disk(Path()),
        [*tokenizer_warnings(maker.nlp), *warnings, *corpus_warnings(expected, repeated, quality.mojibake)],
    )


def _speed(survey: Survey, expected: Forecast) -> Speed:
    rows = max(2, MAX_TABLE_BYTES // (8 * expected.settings.dim))
    return training_speed(survey.corpus, expected.counts[:rows], expected.settings, TRAINING_SECONDS)


def _encoding(survey: Survey, expected: Forecast, workers: int) -> float:
    """Return the seconds of encoding the whole corpus."""
    if survey.stats.fraction == 1:
        return survey.seconds
    tokens = expected.sizes.tokens + expected.dropped
    return survey.cost.seconds(tokens, expected.forms_per_worker(workers), workers)


def _encoders(source: Source, settings: Settings) -> int:
    """Return the number of processes that encode a source by pretokens."""
    texts = sum(estimated_chars(file.path) for file in source.files() if isinstance(file, TextFile))
    if texts < MIN_PARALLEL_CHARS:
        return 1
    return worker_count(settings.workers)
