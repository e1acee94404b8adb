"""A check before a run, from a small sample: a run that cannot fit into memory or on the disk is refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

from spacy_sgns.errors import SgnsError
from spacy_sgns.planning.forecast import forecast
from spacy_sgns.planning.resources import Sizes, disk_bytes, memory_bytes
from spacy_sgns.planning.survey import survey_sample
from spacy_sgns.runs.work_folder import work_folder
from spacy_sgns.settings import Settings
from spacy_sgns.sources.compression import STANDARD_INPUT, estimated_chars, is_compressed
from spacy_sgns.sources.sample import draw_sample
from spacy_sgns.sources.source import Source
from spacy_sgns.system.machine import free_disk, free_memory, shown_bytes, worker_count
from spacy_sgns.tokenization.docs import DocMaker

SAMPLE_BYTES, SLOW_SAMPLE_BYTES = 1 << 19, 1 << 16  # fewer if components make the tokens
MAX_SKIM_SECONDS = 0.3  # for decompressing what is skipped
MAX_COMPRESSION_RATIO = 10  # upper bound, relative to the typical size
MIN_TOKEN_BYTES = 2  # a letter and the space after it
MARGIN = 0.25  # share by which bytes may be overestimated, apart from the error of the number of words
WHAT_TO_DO = {
    "memory": "Lower dim or max_words, raise min_count, or train on another machine",
    "disk": "Choose an output on another disk, lower dim or max_words, or raise min_count",
}


def check_resources(source: Source, maker: Callable[[], DocMaker], settings: Settings, output: Path) -> None:
    """Raise SgnsError if memory, or the disk of the output, is certainly too small for a run.

    Files are read only if their sizes leave a doubt; standard input is never read. maker: returns the `DocMaker` of the
    pipeline, if files are read.
    """
    free = {"memory": free_memory(), "disk": free_disk(output)}
    if source.path == STANDARD_INPUT or not list(_shortages(_upper_bounds(source, settings), settings, free, 1.0)):
        return
    try:
        sizes, doubt = _estimate(source, maker(), settings)
    except SgnsError:
        return  # errors in files are reported when the whole corpus is read
    for what, needed, there in _shortages(sizes, settings, free, 1 + MARGIN + doubt):
        raise SgnsError(
            f"Not enough {what}: it needs about {shown_bytes(needed)} for {sizes.words:,.0f} words of {settings.dim} "
            f"dimensions and {sizes.tokens:,.0f} tokens, and {shown_bytes(there)} are free. {WHAT_TO_DO[what]}; to "
            "try anyway, add --force."
        )


def _shortages(
    sizes: Sizes, settings: Settings, free: dict[str, int | None], margin: float
) -> Iterator[tuple[str, float, int]]:
    """Yield each shortage: its name, bytes needed and bytes free. margin: factor for overestimates."""
    workers = worker_count(settings.workers)
    needs = {
        "memory": memory_bytes(sizes, settings, workers, sizes.forms / workers).peak,
        "disk": disk_bytes(sizes, settings).peak,
    }
    for what, there in free.items():
        if there is not None and needs[what] > there * margin:
            yield what, needs[what], there


def _upper_bounds(source: Source, settings: Settings) -> Sizes:
    """Return upper bounds for the sizes of a source, from the sizes of its files."""
    paths = [file.path for file in source.files()]
    tokens = (
        sum(estimated_chars(path) * (MAX_COMPRESSION_RATIO if is_compressed(path) else 1) for path in paths)
        / MIN_TOKEN_BYTES
    )
    words = min(tokens / settings.min_count, settings.max_words or tokens)
    return Sizes(tokens, tokens, tokens, tokens, words)


def _estimate(source: Source, maker: DocMaker, settings: Settings) -> tuple[Sizes, float]:
    """Return the sizes of a source, and their relative error."""
    with work_folder(None) as folder:
        sample = draw_sample(
            source, folder, SAMPLE_BYTES if maker.tokenizer_only else SLOW_SAMPLE_BYTES, MAX_SKIM_SECONDS
        )
        stats = survey_sample(sample, maker, settings, folder, _ignore, times=1).stats
    expected = forecast(stats, settings)
    return expected.sizes, expected.error


def _ignore(text: str) -> None:
    """Drop a warning that will be given when the whole corpus is read."""
