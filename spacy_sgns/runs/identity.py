"""The identity of a run, and `run.json`, the file that holds it in the work folder."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spacy_sgns.runs.work_folder import RUN
from spacy_sgns.system.files import written_through


class RunIdentity:
    """What decides which vectors a run makes, in plain values.

    values: settings, corpus and versions; a run with other values cannot be resumed as this one. machine: NumPy, BLAS
    and the like; on another machine the vectors may differ in their last bits.
    """

    def __init__(self, values: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
        self.values, self.machine = json.loads(json.dumps((values, machine)))

    def digest(self, corpus: str) -> str:
        """Return the SHA-256 that names this run on an encoded corpus. corpus: its digest."""
        return _sha256({"identity": self.values, "corpus": corpus})

    def write(self, folder: Path, corpus: str) -> None:
        """Write `run.json` for this run on an encoded corpus. Raises OSError."""
        content = {"identity": self.values, "machine": self.machine, "corpus": corpus}
        with written_through(folder / RUN) as file:
            file.write(json.dumps({**content, "sha256": _sha256(content)}).encode())

    @classmethod
    def read(cls, folder: Path) -> tuple["RunIdentity", str]:
        """Return the identity in `run.json` and the digest of the encoded corpus.

        Raises OSError, and ValueError, KeyError, TypeError or RecursionError if the file is damaged.
        """
        found = json.loads((folder / RUN).read_bytes())
        content = {name: found[name] for name in ("identity", "machine", "corpus")}
        if found["sha256"] != _sha256(content):
            raise ValueError("its checksum is wrong")
        return cls(content["identity"], content["machine"]), content["corpus"]


def _sha256(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
