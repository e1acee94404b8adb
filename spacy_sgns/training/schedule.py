"""How long to train, how fast, and in what portions: rules of the corpus and the settings, never of the machine."""

from dataclasses import replace
from typing import Any

from spacy_sgns.settings import Settings

LARGE = 17e6  # tokens of the corpus on which the defaults for large corpora were chosen
SMALL = 1e6  # from here down the learning rate for small corpora is better; between the two, their mean divides
HIGHEST_RATE = 0.07  # to which a rate is raised to make up for few epochs
LANES = 2  # of a large corpus: as good as one, and two can work; with 4 and more quality falls a little
LARGEST_CHUNK, SMALLEST_CHUNK = 2048, 64


def resolve_auto(settings: Settings, tokens: int) -> Settings:
    """Return the settings with every "auto" replaced, for a corpus of `tokens` kept tokens."""
    epochs = epochs_for(tokens) if settings.epochs == "auto" else settings.epochs
    chosen: dict[str, Any] = {
        "epochs": epochs,
        "learning_rate": round(min(1, settings.architecture.make().rate * learning_rate_for(tokens, epochs)), 6),
        "chunk_size": chunk_size_for(tokens, settings.dim),
        "chunks_per_step": LANES if _large(tokens) else 1,
    }
    return replace(settings, **{name: value for name, value in chosen.items() if getattr(settings, name) == "auto"})


def epochs_for(tokens: int) -> int:
    """Return 5 epochs for a large corpus and more for a smaller one: 16 for 1 M tokens, 32 for 200 k, 77 for 25 k.

    With fewer, all words of a small corpus still point the same way; with more, they learn it by heart.
    """
    return max(5, min(200, round(5 * (LARGE / max(tokens, 1)) ** 0.42)))


def learning_rate_for(tokens: int, epochs: int) -> float:
    """Return .035 for a large corpus, .025 for a small one, and more for fewer epochs than would be chosen.

    That is for skip-gram; an architecture says how much more is good for it.
    """
    usual = 0.035 if _large(tokens) else 0.025
    return round(min(HIGHEST_RATE, usual * max(1, epochs_for(tokens) / epochs)), 6)


def chunk_size_for(tokens: int, dim: int) -> int:
    """Return the tokens of a chunk: what fits into a core's own cache, but at least some 64 steps in an epoch."""
    cached = _power_of_two(160_000 // dim)
    enough_steps = _power_of_two(tokens // 64)
    return max(SMALLEST_CHUNK, min(LARGEST_CHUNK, cached, enough_steps))


def linear_decay(rate: float, progress: float) -> float:
    """Return the learning rate at `progress`, 0 to 1, through all epochs: linear decay to almost nothing."""
    return rate * max(1 - progress, 1e-4)


def _large(tokens: int) -> bool:
    return tokens > (LARGE * SMALL) ** 0.5


def _power_of_two(number: int) -> int:
    """Return the largest power of two that is no larger than `number`, or 1."""
    return 1 << max(number.bit_length() - 1, 0)
