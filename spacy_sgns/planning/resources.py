"""How much memory and disk a run takes, from the sizes of its corpus and its tables."""

from dataclasses import dataclass

from spacy_sgns.settings import Settings

MB = 1e6
NUMBER = 4  # bytes of a float32, and of an id
END = 8  # bytes of where a context ends
CHECKPOINTS = 3  # the two that are kept and one that is being written, each with both tables
TEXT = 16  # bytes of a text while it is encoded: its end and its hash
KEYS = 110  # bytes of a word beside its vector in a pipeline: its text, its key, its count
REPORT = 80_000  # bytes of what a pipeline has beside words
PROGRAM = 120 * MB  # Python, spaCy and the rest; a tokenizer's rules among them
ENCODER = 60 * MB  # a process that encodes
TRAINER = 40 * MB  # a process that trains
FORM = 450  # bytes of a form in an encoder, and again where the forms of all are put together
KEPT_FORM = 650  # bytes of a form while vectors are trained: its text, its word, and what Python does not give back


@dataclass(frozen=True)
class Sizes:
    """What a run's needs follow from.

    texts, tokens: without the kinds left out. kept: tokens of words. forms: distinct tokens. words: with a vector.
    """

    texts: float
    tokens: float
    kept: float
    forms: float
    words: float


@dataclass(frozen=True)
class Needs:
    """Bytes by stage, at their peaks; those of the disk are in the work folder, but for the pipeline."""

    encoding: float
    training: float
    pipeline: float

    @property
    def peak(self) -> float:
        """The most of all stages."""
        return max(self.encoding, self.training, self.pipeline)


def disk_needs(sizes: Sizes, settings: Settings) -> Needs:
    """Return the disk that a run takes: ids are on it twice while encoding ends, and stay until all is written."""
    ends = END * sizes.texts
    ids = NUMBER * sizes.kept + ends
    checkpoints = CHECKPOINTS * tables(sizes.words, settings.dim)
    pipeline = pipeline_size(sizes.words, settings.dim)
    return Needs(
        NUMBER * sizes.tokens + ends + TEXT * sizes.texts + ids, ids + checkpoints, ids + checkpoints + pipeline
    )


def memory_needs(sizes: Sizes, settings: Settings, workers: int, forms_of_one: float) -> Needs:
    """Return the memory that a run takes, of all its processes. forms_of_one: distinct tokens that a worker meets."""
    encoding = PROGRAM + (workers - 1) * ENCODER + FORM * (sizes.forms + workers * forms_of_one)
    held = PROGRAM + KEPT_FORM * sizes.forms
    both = tables(sizes.words, settings.dim)
    copied = both / 2 if workers > 1 else 0.0  # the input table, out of the memory that is shared
    return Needs(encoding, held + (workers - 1) * TRAINER + both + copied, held + both)


def pipeline_size(words: float, dim: int) -> float:
    """Return the bytes of a pipeline with so many vectors."""
    return words * (dim * NUMBER + KEYS) + REPORT


def tables(words: float, dim: int) -> float:
    """Return the bytes of an input and an output table."""
    return 2 * words * dim * NUMBER
