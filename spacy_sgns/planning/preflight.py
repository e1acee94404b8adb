"""Whether there is room for a run, from a glance at its files: what would not do is told before any work."""

from collections.abc import Callable, Iterator
from pathlib import Path

from spacy_sgns.errors import SgnsError
from spacy_sgns.planning.forecast import forecast
from spacy_sgns.planning.resources import Sizes, disk_needs, memory_needs
from spacy_sgns.planning.survey import surveyed
from spacy_sgns.runs.work_folder import work_folder
from spacy_sgns.settings import Settings
from spacy_sgns.sources.compression import STANDARD_INPUT, estimated_chars, is_compressed
from spacy_sgns.sources.sample import draw_sample
from spacy_sgns.sources.source import Source
from spacy_sgns.system.machine import free_disk, free_memory, shown_bytes, worker_count
from spacy_sgns.tokenization.docs import DocMaker

GLANCE, SLOW_GLANCE = 1 << 19, 1 << 16  # bytes that are read; fewer where components make the tokens
SKIM = 0.3  # seconds for unpacking what is passed over
PACKED = 10  # times as much as is likely may come out of a packed file
LETTERS = 2  # bytes that a token has at least, the space after it among them
MARGIN = 0.25  # share by which needs may be overestimated, beside what is not known of the words
WHAT_TO_DO = {
    "memory": "Lower dim or max_words, raise min_count, or train on another machine",
    "disk": "Choose an output on another disk, lower dim or max_words, or raise min_count",
}


def check_room(source: Source, maker: Callable[[], DocMaker], settings: Settings, output: Path) -> None:
    """Raise SgnsError if the memory, or the disk of the output, is too small for a run beyond doubt.

    Files are looked into only where room is not sure by their size; standard input is not. maker:
    makes what makes the tokens, where files are looked into.
    """
    free = {"memory": free_memory(), "disk": free_disk(output)}
    if source.path == STANDARD_INPUT or not list(_lacking(_most(source, settings), settings, free, 1.0)):
        return
    try:
        sizes, doubt = _glance(source, maker(), settings)
    except SgnsError:
        return  # what is wrong with files is told when all of them are read
    for what, needed, there in _lacking(sizes, settings, free, 1 + MARGIN + doubt):
        raise SgnsError(
            f"Not enough {what}: it needs about {shown_bytes(needed)} for {sizes.words:,.0f} words of {settings.dim} "
            f"dimensions and {sizes.tokens:,.0f} tokens, and {shown_bytes(there)} are free. {WHAT_TO_DO[what]}; to "
            "try all the same, add --force."
        )


def _lacking(
    sizes: Sizes, settings: Settings, free: dict[str, int | None], margin: float
) -> Iterator[tuple[str, float, int]]:
    """Yield what there is too little of, with bytes that are needed and bytes there are. margin: for overestimates."""
    workers = worker_count(settings.workers)
    needs = {
        "memory": memory_needs(sizes, settings, workers, sizes.forms / workers).peak,
        "disk": disk_needs(sizes, settings).peak,
    }
    for what, there in free.items():
        if there is not None and needs[what] > there * margin:
            yield what, needs[what], there


def _most(source: Source, settings: Settings) -> Sizes:
    """Return sizes that a source cannot well exceed, by the sizes of its files."""
    paths = [file.path for file in source.files()]
    tokens = sum(estimated_chars(path) * (PACKED if is_compressed(path) else 1) for path in paths) / LETTERS
    words = min(tokens / settings.min_count, settings.max_words or tokens)
    return Sizes(tokens, tokens, tokens, tokens, words)


def _glance(source: Source, maker: DocMaker, settings: Settings) -> tuple[Sizes, float]:
    """Return the sizes of a source, and how far off they may be, as a share."""
    with work_folder(None) as folder:
        sample = draw_sample(source, folder, GLANCE if maker.tokenizer_only else SLOW_GLANCE, SKIM)
        seen = surveyed(sample, maker, settings, folder, _ignore, times=1).seen
    expected = forecast(seen, settings)
    return expected.sizes, expected.error


def _ignore(text: str) -> None:
    """Take a warning that will be given when all is read."""
