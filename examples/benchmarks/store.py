"""Results on disk, one per line, so that nothing is measured twice or lost by an interruption."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Result = dict[str, Any]


class Store:
    """Results in a file of JSON lines. Each has a `key`, equal for equal measurements."""

    def __init__(self, path: Path) -> None:
        self._path = path
        text = path.read_text(encoding="utf8") if path.exists() else ""
        whole, _, half = text.rpartition("\n")  # a line that was being written when the power went
        if half:
            path.write_text(whole + "\n" if whole else "", encoding="utf8")
        self._results: list[Result] = [json.loads(line) for line in whole.splitlines()]
        self._before = len(self._results)

    def find(self, key: Mapping[str, Any], *wanted: str, new: bool = False) -> Result | None:
        """Return the newest result stored under `key` that holds all that is `wanted`.

        new: look only at what was added since the file was opened.
        """
        key = json.loads(json.dumps(key))
        results = self._results[self._before if new else 0 :]
        return next((r for r in reversed(results) if r["key"] == key and r.keys() >= set(wanted)), None)

    def add(self, result: Result) -> None:
        """Append a result; its values must be plain."""
        line = json.dumps(result)
        with self._path.open("a", encoding="utf8") as file:
            file.write(line + "\n")
        self._results.append(json.loads(line))
