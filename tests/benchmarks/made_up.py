"""Results as the benchmark stores them, with figures that are easy to check."""

from corpora import Tokens
from jobs import EQUAL, Job

MACHINE = {"processor": "Z80", "cores": 2, "memory": "1 GiB", "system": "CP/M"}


def done(tool, label="", workers=1, seed=1, speed=1000, tokens=100, words=10, seconds=2.0, peak=1 << 20, **more):
    """Return a job and its result."""
    settings = {**EQUAL, "dim": 50, "epochs": 1}
    job = Job(tool, label or tool, Tokens("corpus.txt", "lines.txt", tokens), settings, workers, seed)
    result = {
        "key": {**job.key(), "version": "1", "machine": MACHINE},
        "words_per_second": speed,
        "seconds": seconds,
        "peak_bytes": peak,
        "words": words,
        "phases": {},
        "corpus": {"tokens": tokens},
        "when": f"2000-01-{seed:02}",
        "commit": "abc",
        "versions": {"Python": "3"},
        **more,
    }
    return job, result


def way(tool, label, workers, read, train, rest):
    """Return the job and the result of a way to a pipeline."""
    phases = {"read": read, "train": train, "rest": rest, "total": read + train + rest}
    return done(tool, label, workers, phases=phases)
