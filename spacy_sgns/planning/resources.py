"""Memory and disk of a run, from the sizes of its corpus and its tables."""

from dataclasses import dataclass

from spacy_sgns.settings import Settings

MB = 1e6
NUMBER_BYTES = 4  # a float32, or an id
END_BYTES = 8  # the end of a context
CHECKPOINTS = 3  # two that are kept and one that is being written, each with both tables
TEXT_BYTES = 16  # a text while it is encoded: its end and its hash
WORD_BYTES = 110  # a word of a pipeline without its vector: text, key and count
REPORT_BYTES = 80_000  # a pipeline without words
PROGRAM_BYTES = 120 * MB  # Python, spaCy and a tokenizer's rules
ENCODER_BYTES = 60 * MB  # a process that encodes
TRAINER_BYTES = 40 * MB  # a process that trains
FORM_BYTES = 450  # a form in an encoder, and again in the merged vocabulary
KEPT_FORM_BYTES = 650  # a form during training: its text, its word, and what Python does not return to the system


@dataclass(frozen=True)
class Sizes:
    """The sizes that decide the resources of a run.

    tokens: without dropped kinds. kept: tokens of words. forms: distinct tokens. words: those with a vector.
    """

    texts: float
    tokens: float
    kept: float
    forms: float
    words: float


@dataclass(frozen=True)
class StageBytes:
    """Peak bytes of each stage. Bytes on disk are in the work folder, except those of the pipeline."""

    encoding: float
    training: float
    pipeline: float

    @property
    def peak(self) -> float:
        """The maximum over the stages."""
        return max(self.encoding, self.training, self.pipeline)


def disk_bytes(sizes: Sizes, settings: Settings) -> StageBytes:
    """Return the disk space of a run. While encoding ends, the ids are stored twice; they stay until the end."""
    ends = END_BYTES * sizes.texts
    ids = NUMBER_BYTES * sizes.kept + ends
    checkpoints = CHECKPOINTS * table_bytes(sizes.words, settings.dim)
    pipeline = pipeline_bytes(sizes.words, settings.dim)
    return StageBytes(
        NUMBER_BYTES * sizes.tokens + ends + TEXT_BYTES * sizes.texts + ids,
        ids + checkpoints,
        ids + checkpoints + pipeline,
    )


def memory_bytes(sizes: Sizes, settings: Settings, workers: int, forms_per_worker: float) -> StageBytes:
    """Return the memory of all processes of a run. forms_per_worker: distinct tokens that one worker meets."""
    encoding = PROGRAM_BYTES + (workers - 1) * ENCODER_BYTES + FORM_BYTES * (sizes.forms + workers * forms_per_worker)
    held = PROGRAM_BYTES + KEPT_FORM_BYTES * sizes.forms
    both = table_bytes(sizes.words, settings.dim)
    copied = both / 2 if workers > 1 else 0.0  # the input table, copied out of shared memory
    return StageBytes(encoding, held + (workers - 1) * TRAINER_BYTES + both + copied, held + both)


def pipeline_bytes(words: float, dim: int) -> float:
    """Return the bytes of a pipeline with `words` vectors."""
    return words * (dim * NUMBER_BYTES + WORD_BYTES) + REPORT_BYTES


def table_bytes(words: float, dim: int) -> float:
    """Return the bytes of an input and an output table."""
    return 2 * words * dim * NUMBER_BYTES
