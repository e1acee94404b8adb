"""The rules behind "auto": epochs, learning rate, chunk size and chunks per step.

They depend on the size of the corpus and on the settings, never on the machine, which must not change the vectors.
"""

from dataclasses import replace
from typing import Any

from spacy_sgns.settings import Settings

LARGE_TOKENS = 17e6  # size of the corpus on which the defaults for large corpora were chosen
SMALL_TOKENS = 1e6  # up to here the learning rate for small corpora is better; the geometric mean is the threshold
MAX_LEARNING_RATE = 0.07  # to which the rate is raised to compensate for few epochs
LARGE_CHUNKS_PER_STEP = 2  # as good as 1, and two workers can train; from 4 on quality falls a little
MIN_CHUNK_TOKENS, MAX_CHUNK_TOKENS = 64, 2048


def resolve_auto(settings: Settings, tokens: int) -> Settings:
    """Return the settings with each "auto" resolved for a corpus of `tokens` kept tokens."""
    epochs = epochs_for(tokens) if settings.epochs == "auto" else settings.epochs
    chosen: dict[str, Any] = {
        "epochs": epochs,
        "learning_rate": round(min(1, settings.architecture.make().rate * learning_rate_for(tokens, epochs)), 6),
        "chunk_size": chunk_size_for(tokens, settings.dim),
        "chunks_per_step": LARGE_CHUNKS_PER_STEP if _large(tokens) else 1,
    }
    return replace(settings, **{name: value for name, value in chosen.items() if getattr(settings, name) == "auto"})


def epochs_for(tokens: int) -> int:
    """Return 5 epochs for a large corpus and more for a smaller one: 16 for 1 M tokens, 32 for 200 k, 77 for 25 k.

    With fewer, all words of a small corpus still point in the same direction; with more, the vectors overfit.
    """
    return max(5, min(200, round(5 * (LARGE_TOKENS / max(tokens, 1)) ** 0.42)))


def learning_rate_for(tokens: int, epochs: int) -> float:
    """Return the learning rate of skip-gram: .035 for a large corpus, .025 for a small one, more for few epochs.

    Other architectures multiply it by their `rate`.
    """
    base = 0.035 if _large(tokens) else 0.025
    return round(min(MAX_LEARNING_RATE, base * max(1, epochs_for(tokens) / epochs)), 6)


def chunk_size_for(tokens: int, dim: int) -> int:
    """Return the tokens of a chunk: as many as fit into a core's own cache, but few enough for 64 steps in an epoch."""
    cached = _power_of_two(160_000 // dim)
    enough_steps = _power_of_two(tokens // 64)
    return max(MIN_CHUNK_TOKENS, min(MAX_CHUNK_TOKENS, cached, enough_steps))


def linear_decay(rate: float, progress: float) -> float:
    """Return the learning rate at `progress`, from 0 to 1 over all epochs: linear decay to 1/10,000 of `rate`."""
    return rate * max(1 - progress, 1e-4)


def _large(tokens: int) -> bool:
    return tokens > (LARGE_TOKENS * SMALL_TOKENS) ** 0.5


def _power_of_two(number: int) -> int:
    """Return the largest power of two up to `number`, at least 1."""
    return 1 << max(number.bit_length() - 1, 0)
