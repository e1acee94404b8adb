"""What a work folder keeps of a run, so that the run can be resumed.

run.json            the identity of the run, see `identity`; written once the corpus is encoded
corpus.json ...     the encoded corpus, see `corpus.saved`
checkpoint-N.sgns   the latest two checkpoints, see `checkpoint`
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from spacy_sgns.corpus import saved
from spacy_sgns.corpus.encoder import Encoding
from spacy_sgns.errors import SgnsError, of_machine
from spacy_sgns.runs.checkpoint import Checkpoint, CorruptCheckpoint, read_checkpoint, write_checkpoint
from spacy_sgns.runs.differences import differences, summary
from spacy_sgns.runs.identity import RunIdentity
from spacy_sgns.runs.work_folder import CHECKPOINTS, RUN, is_resumable
from spacy_sgns.system.interrupts import Interrupted
from spacy_sgns.training.trainer import Diverged

FORMAT = 1  # of all files in the work folder
MAX_CHECKPOINTS = 2
MAX_SHARE = 0.01  # of the time since the last checkpoint that a checkpoint at the end of an epoch may take


class CheckpointManager:
    """Saves and loads checkpoints and the encoded corpus of a run in its work folder.

    identity, machine: see `RunIdentity`. interval: seconds between checkpoints. resume: continue the run in the folder;
    raises SgnsError if that is a different run. warn: called with messages for the user.
    """

    def __init__(
        self,
        folder: Path,
        identity: Mapping[str, Any],
        machine: Mapping[str, Any],
        *,
        interval: float,
        resume: bool,
        warn: Callable[[str], object],
    ) -> None:
        self._folder, self._interval, self._warn = folder, interval, warn
        self._identity = RunIdentity({"format": FORMAT, **identity}, machine)
        self._run_id = ""  # digest of the identity and the encoded corpus
        self._last_save, self._save_seconds, self._disk_full = perf_counter(), 0.0, False
        self._saved_corpus = self._find_run() if resume else ""  # digest of the earlier run's encoded corpus

    def load_corpus(self) -> Encoding | None:
        """Return the encoded corpus of the earlier run, or None if the corpus must be encoded."""
        if not self._saved_corpus:
            return None
        try:
            encoding = saved.load_corpus(self._folder, self._saved_corpus)
        except SgnsError as error:
            self._warn(f"{error} The corpus is read again.")
            return None
        self._run_id = self._identity.digest(self._saved_corpus)
        return encoding

    def save_corpus(self, encoding: Encoding) -> None:
        """Save an encoded corpus; from now on the run can be resumed. Raises SgnsError if the disk is full."""
        start = perf_counter()
        try:
            saved.save_corpus(self._folder, encoding)
            self._write_identity(saved.corpus_digest(self._folder))
        except OSError as error:
            raise SgnsError(f"Cannot save the encoded corpus in {self._folder}: {error.strerror or error}.") from error
        self._saved_since(start)  # a first estimate of what a checkpoint takes

    def latest(self) -> Checkpoint | None:
        """Return the latest intact checkpoint of this run, or None; warn about those that cannot be used."""
        for path in reversed(self._paths()):
            try:
                checkpoint = read_checkpoint(path)
            except CorruptCheckpoint as error:
                self._warn(f"{error} The previous one is tried.")
                continue
            if checkpoint.run == self._run_id:
                return checkpoint
            self._warn(f"{path} belongs to another run and is not used.")
        if self._saved_corpus:
            self._warn(f"There is no checkpoint in {self._folder} to resume from: training starts over.")
        return None

    def is_due(self, *, epoch_ended: bool) -> bool:
        """Return whether it is time for a checkpoint: after the interval, and after an epoch if saving is quick."""
        passed = perf_counter() - self._last_save
        return passed >= self._interval or (epoch_ended and self._save_seconds <= MAX_SHARE * passed)

    def save(self, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bool:
        """Write a checkpoint, delete old ones, and return whether that succeeded; warn once if the disk is full."""
        start, paths = perf_counter(), self._paths()
        number = 1 + max(map(_number, paths), default=0)
        try:
            write_checkpoint(self._folder / f"checkpoint-{number:06}.sgns", self._run_id, state, arrays)
        except OSError as error:
            self._warn_once(error, "the previous one is kept, and " if paths else "")
            return False
        finally:
            self._saved_since(start)
        for path in paths[: 1 - MAX_CHECKPOINTS]:
            with suppress(OSError):
                path.unlink()
        return True

    @contextmanager
    def with_resume_hint(self) -> Iterator[None]:
        """Add to an error that ends the run how to resume it. A diverged run is deleted: it would diverge again."""
        run = self._folder / RUN
        try:
            yield
        except Diverged:
            for path in (run, *self._paths()):
                path.unlink(missing_ok=True)
            raise
        except (Interrupted, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            raise Interrupted(f"Interrupted. {self.resume_hint()}" if run.exists() else "") from None
        except (SgnsError, MemoryError, OSError) as error:
            if not run.exists():
                raise
            message = str(error) if isinstance(error, SgnsError) else of_machine(error)
            raise SgnsError(f"{message} {self.resume_hint()}") from error

    def delete_corpus(self) -> bool:
        """Delete the encoded corpus, which can be encoded again, to free disk space; return whether there was one."""
        parts = [path for path in self._folder.iterdir() if path.suffix in (".i32", ".i64")]
        for path in parts:
            path.unlink()
        return bool(parts)

    def resume_hint(self) -> str:
        """Return the message that tells the user how to resume the run."""
        what = "Training so far is" if self._paths() else "The encoded corpus is"
        return f"{what} kept in {self._folder}. To resume, give the same command with --resume."

    def _find_run(self) -> str:
        """Return the digest of the earlier run's corpus, "" if there is none. Raises SgnsError for another run."""
        try:
            earlier, corpus = RunIdentity.read(self._folder)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            return self._recover("is missing" if isinstance(error, FileNotFoundError) else f"is damaged: {error}")
        if different := list(differences(earlier.values, self._identity.values)):
            raise SgnsError(
                f"The run in {self._folder} is a different one: {summary(different)}. Give the same settings and "
                "corpus as then, or start over with --force in place of --resume."
            )
        if different := list(differences(earlier.machine, self._identity.machine)):
            self._warn(f"The run began on another machine ({summary(different)}): vectors may differ in the last bits.")
        return corpus

    def _recover(self, trouble: str) -> str:
        """Return the digest of the saved corpus if a checkpoint proves that it is this run's, else ""."""
        with suppress(OSError, SgnsError):
            corpus = saved.corpus_digest(self._folder)
            run_id = self._identity.digest(corpus)
            if any(_run_id_of(path) == run_id for path in self._paths()):
                self._warn(f"{self._folder / RUN} {trouble}. A checkpoint proves that it is the same run.")
                self._write_identity(corpus)
                return corpus
        why = f" ({RUN} {trouble})" if is_resumable(self._folder) else ""
        self._warn(f"There is no run to resume in {self._folder}{why}: it starts over.")
        return ""

    def _write_identity(self, corpus: str) -> None:
        self._identity.write(self._folder, corpus)
        self._run_id = self._identity.digest(corpus)

    def _warn_once(self, error: OSError, previous: str) -> None:
        if not self._disk_full:
            self._warn(
                f"A checkpoint cannot be written to {self._folder}: {error.strerror or error}; {previous}training "
                "continues. This warning is shown once."
            )
        self._disk_full = True

    def _saved_since(self, start: float) -> None:
        self._last_save = perf_counter()
        self._save_seconds = self._last_save - start

    def _paths(self) -> list[Path]:
        """Return the checkpoints in the folder, oldest first."""
        return sorted((path for path in self._folder.glob(CHECKPOINTS) if _number(path)), key=_number)


def _run_id_of(path: Path) -> str:
    """Return the run that a checkpoint belongs to, or "" if it is damaged."""
    try:
        return read_checkpoint(path).run
    except CorruptCheckpoint:
        return ""


def _number(path: Path) -> int:
    """Return the number of a checkpoint, from 1, or 0 for any other file."""
    found = re.fullmatch(r"checkpoint-(\d{6,18})\.sgns", path.name, re.ASCII)
    return int(found[1]) if found else 0
