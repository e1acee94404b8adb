"""A small corpus, a function that runs commands in a process of their own, and one that lists a folder."""

import os
import random
import subprocess
import sys
from pathlib import Path

WORDS = [f"{a}{b}" for a in ("ba", "de", "fi", "go", "lu") for b in ("mon", "rak", "sel", "tin")]
SENTENCES = [" ".join(random.Random(i).choices(WORDS, k=5 + i % 15)) for i in range(120)]
TEXT = "\n".join(SENTENCES) + "\n"
QUICK = ("--dim", "8", "--epochs", "2")


def tree(folder):
    """Return all paths below a folder, hidden files included."""
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))


def real(*args, cwd, **options):
    """Run `python -m spacy sgns ...` in a process of its own."""
    environment = {**os.environ, **options.pop("env", {})}
    command = [sys.executable, "-m", "spacy", "sgns", *map(str, args)]
    options = {"capture_output": True, "text": True, "timeout": 120, **options}
    return subprocess.run(command, cwd=cwd, env=environment, check=False, **options)
