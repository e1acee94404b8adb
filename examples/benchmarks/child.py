"""Run one task in its own process: read it from the first file, write the outcome to the second."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from jobs import Task


def main(task_file: Path, outcome_file: Path) -> None:
    """Do the task, on its cores."""
    task = Task(**json.loads(task_file.read_text(encoding="utf8")))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, task.cores)
    from tools import TOOLS

    outcome_file.write_text(json.dumps(asdict(TOOLS[task.tool].do(task))), encoding="utf8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
