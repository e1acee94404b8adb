"""A run that can go on after whatever ended it: what is kept of it in its work folder, and when.

run.json            of what the run is, in plain values; written when the corpus is encoded
corpus.json ...     the encoded corpus, see `corpus.saved`
checkpoint-N.sgns   the latest two, see `checkpoint`
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from spacy_sgns.corpus.encoder import Encoding
from spacy_sgns.corpus.saved import corpus_digest, load_corpus, save_corpus
from spacy_sgns.errors import SgnsError, of_machine
from spacy_sgns.runs.checkpoint import Checkpoint, CorruptCheckpoint, read_checkpoint, write_checkpoint
from spacy_sgns.runs.work_folder import CHECKPOINTS, RUN, can_go_on
from spacy_sgns.system.files import written_through
from spacy_sgns.system.interrupts import Interrupted
from spacy_sgns.training.trainer import Diverged

FORMAT = 1  # of all files in the work folder
KEPT = 2  # checkpoints
SHARE = 0.01  # of the time since the last checkpoint, which one at an epoch's end may take at most
SHOWN = 3  # differences that a message names

Tell = Callable[[str], object]


class CheckpointManager:
    """What is kept of a run in `folder`.

    of: what it is, in plain values; a run of something else does not go on with it. machine: on what it runs, plain
    values too; on another one the vectors are others in their last bits. every: seconds between checkpoints. resume: go
    on with the run that is there. tell: called with what people should know.
    """

    def __init__(
        self,
        folder: Path,
        of: Mapping[str, Any],
        machine: Mapping[str, Any],
        *,
        every: float,
        resume: bool,
        tell: Tell,
    ) -> None:
        self._folder, self._every, self._tell = folder, every, tell
        self._of, self._machine = json.loads(json.dumps(({"format": FORMAT, **of}, machine)))
        self._name = ""  # the digest of what the run is and reads
        self._encoded = ""  # the digest of the corpus of the earlier run
        self._last, self._cost, self._full = perf_counter(), 0.0, False
        self._earlier = resume and self._found()

    def corpus(self) -> Encoding | None:
        """Return the corpus as the earlier run has encoded it, or None where it is to be encoded."""
        if not self._earlier:
            return None
        try:
            found = load_corpus(self._folder, self._encoded)
        except SgnsError as error:
            self._tell(f"{error} The corpus is read anew.")
            return None
        self._name = self._digest(self._encoded)
        return found

    def keep_corpus(self, encoding: Encoding) -> None:
        """Keep a corpus that was encoded. From now on the run can go on. Raises SgnsError where there is no room."""
        start = perf_counter()
        try:
            save_corpus(self._folder, encoding)
            self._write_run(corpus_digest(self._folder))
        except OSError as error:
            raise SgnsError(f"Cannot keep the encoded corpus in {self._folder}: {error.strerror or error}.") from error
        self._took(start)  # of the same kind as a checkpoint, of which there is none yet

    def latest(self) -> Checkpoint | None:
        """Return the latest checkpoint of this run that is whole, or None; say of others why they are not used."""
        for path in reversed(self._checkpoints()):
            try:
                checkpoint = read_checkpoint(path)
            except CorruptCheckpoint as error:
                self._tell(f"{error} The one before it is tried.")
                continue
            if checkpoint.run == self._name:
                return checkpoint
            self._tell(f"{path} is of another run, and not used.")
        if self._earlier:
            self._tell(f"There is no checkpoint in {self._folder} to go on from: training starts over.")
        return None

    def is_due(self, *, epoch_ended: bool) -> bool:
        """Return whether it is time for a checkpoint; at an epoch's end, unless it would take too much of the time."""
        passed = perf_counter() - self._last
        return passed >= self._every or (epoch_ended and self._cost <= SHARE * passed)

    def save(self, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bool:
        """Write a checkpoint and delete old ones; say where that is not possible, and return whether it was."""
        start, paths = perf_counter(), self._checkpoints()
        number = 1 + max(map(_number, paths), default=0)
        try:
            write_checkpoint(self._folder / f"checkpoint-{number:06}.sgns", self._name, state, arrays)
        except OSError as error:
            if not self._full:
                before = "the one before is kept, and " if paths else ""
                self._tell(
                    f"A checkpoint cannot be written to {self._folder}: {error.strerror or error}; {before}training "
                    "goes on. This is said once."
                )
            self._full = True
            return False
        finally:
            self._took(start)
        for path in paths[: 1 - KEPT]:
            with suppress(OSError):
                path.unlink()
        return True

    @contextmanager
    def with_resume_hint(self) -> Iterator[None]:
        """Add to what ends a run how it can go on. One that diverged is not kept: it would end in the same way."""
        run = self._folder / RUN
        try:
            yield
        except (Diverged, Interrupted) as error:
            if isinstance(error, Diverged):
                for path in (run, *self._checkpoints()):
                    path.unlink(missing_ok=True)
            raise
        except KeyboardInterrupt:
            raise Interrupted(f"Interrupted. {self.how_to_go_on()}" if run.exists() else "") from None
        except BrokenPipeError:
            raise
        except (SgnsError, MemoryError, OSError) as error:
            if not run.exists():
                raise
            said = str(error) if isinstance(error, SgnsError) else of_machine(error)
            raise SgnsError(f"{said} {self.how_to_go_on()}") from error

    def make_room(self) -> bool:
        """Delete the encoded corpus, which can be made again, where the disk is full; return whether there was any."""
        parts = [path for path in self._folder.iterdir() if path.suffix in (".i32", ".i64")]
        for path in parts:
            path.unlink()
        return bool(parts)

    def how_to_go_on(self) -> str:
        """Return what to tell the user of a run that has ended before its time."""
        what = "Training so far is" if self._checkpoints() else "The encoded corpus is"
        return f"{what} kept in {self._folder}. To go on, give the same command with --resume."

    def _took(self, start: float) -> None:
        self._last = perf_counter()
        self._cost = self._last - start

    def _found(self) -> bool:
        """Return whether there is a run to go on with. Raises SgnsError if it is another one than this."""
        try:
            found = json.loads((self._folder / RUN).read_bytes())
            then, machine, self._encoded = (found[name] for name in ("of", "machine", "encoded"))
            if found["sha256"] != _sealed(then, machine, self._encoded)["sha256"]:
                raise ValueError("its checksum is wrong")
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            return self._is_proved("is missing" if isinstance(error, FileNotFoundError) else f"is damaged: {error}")
        if different := list(_differences(then, self._of)):
            raise SgnsError(
                f"The training in {self._folder} is another one: {_some(different)}. Give what was given then, or "
                "start over with --force in place of --resume."
            )
        if different := list(_differences(machine, self._machine)):
            self._tell(f"Not the machine where it began ({_some(different)}): vectors may differ in their last bits.")
        return True

    def _is_proved(self, trouble: str) -> bool:
        """Return whether a checkpoint shows that what is there is of this run, though `RUN` does not say it."""
        with suppress(OSError, SgnsError):
            self._encoded = corpus_digest(self._folder)
            name = self._digest(self._encoded)
            if any(_run_of(path) == name for path in self._checkpoints()):
                self._tell(f"{self._folder / RUN} {trouble}. A checkpoint shows that it is this training.")
                self._write_run(self._encoded)
                return True
        why = f" ({RUN} {trouble})" if can_go_on(self._folder) else ""
        self._tell(f"There is no training to go on with in {self._folder}{why}: it starts over.")
        return False

    def _write_run(self, encoded: str) -> None:
        """Write of what this run is. Raises OSError."""
        with written_through(self._folder / RUN) as file:
            file.write(json.dumps(_sealed(self._of, self._machine, encoded)).encode())
        self._name = self._digest(encoded)

    def _digest(self, encoded: str) -> str:
        of = json.dumps({**self._of, "encoded": encoded}, sort_keys=True)
        return hashlib.sha256(of.encode()).hexdigest()

    def _checkpoints(self) -> list[Path]:
        """Return the checkpoints that are there, the oldest first."""
        return sorted((path for path in self._folder.glob(CHECKPOINTS) if _number(path)), key=_number)


def _sealed(of: Mapping[str, Any], machine: Mapping[str, Any], encoded: str) -> dict[str, Any]:
    """Return what `RUN` holds, with a checksum of it."""
    said = {"of": of, "machine": machine, "encoded": encoded}
    return {**said, "sha256": hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}


def _run_of(path: Path) -> str:
    """Return the name of the run that a checkpoint is of, or an empty one if it is damaged."""
    try:
        return read_checkpoint(path).run
    except CorruptCheckpoint:
        return ""


def _number(path: Path) -> int:
    """Return the number of a checkpoint, from 1, or 0 for what is none."""
    found = re.fullmatch(r"checkpoint-(\d{6,18})\.sgns", path.name, re.ASCII)
    return int(found[1]) if found else 0


def _differences(then: Any, now: Any, name: str = "") -> Iterator[str]:
    """Yield where plain values differ, each with its name and both values."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*then, *now)):
            yield from _differences(then.get(key), now.get(key), f"{name}.{key}".lstrip("."))
    elif then != now:
        yield f"{name} was {_shown(then)}, is {_shown(now)}"


def _some(different: Sequence[str]) -> str:
    more = f"; and {len(different) - SHOWN} more" if len(different) > SHOWN else ""
    return "; ".join(different[:SHOWN]) + more


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
