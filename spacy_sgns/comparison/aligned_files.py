"""Files of vectors in a common space, one for each training."""

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from spacy_sgns.errors import SettingError, SgnsError
from spacy_sgns.system.files import reason
from spacy_sgns.vectors.formats.lookup import format_for
from spacy_sgns.vectors.word_vectors import WordVectors


class AlignedFiles:
    """The files in a folder that hold the vectors of trainings in a common space, in the format of an ending.

    paths: of the files, named after the trainings; with numbers if two names would be the same. Raises SgnsError for an
    unknown ending, or if the folder is a file.
    """

    def __init__(self, folder: Path, names: Sequence[str], ending: str) -> None:
        if folder.exists() and not folder.is_dir():
            raise SgnsError(f"{folder} is a file. Give the path of a folder.")
        ending = f".{ending.removeprefix('.')}"
        self._format = format_for(Path(f"vectors{ending}"))
        if ending.lower() not in self._format.endings:
            raise SettingError(f"The ending must be one of {', '.join(self._format.endings)}, got {ending!r}.")
        stems = [_stem(name) for name in names]
        if len(set(stems)) < len(stems):
            stems = [f"{i}-{stem}" for i, stem in enumerate(stems, 1)]
        self._folder, self.paths = folder, [folder / f"{stem}{ending}" for stem in stems]

    def write(self, space: Iterable[WordVectors]) -> None:
        """Write all files, or none. space: the vectors of each side. Raises SgnsError."""
        beside, made = self._folder / f"aligned.{os.getpid()}.part", not self._folder.exists()
        try:
            beside.mkdir(parents=True)
            for path, vectors in zip(self.paths, space, strict=True):
                self._format.save(beside / path.name, vectors.words, vectors.rows)
            for path in self.paths:
                os.replace(beside / path.name, path)
        except OSError as error:
            raise SgnsError(f"Cannot write {self._folder}: {reason(error)}.") from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            if made:
                with suppress(OSError):  # it is missing, or has all files
                    self._folder.rmdir()


def _stem(name: str) -> str:
    """Return a name without the ending of a vector file, and without letters that a file name may not have."""
    with suppress(SgnsError):  # a pipeline's name has no such ending
        format_for(Path(name))
        name = Path(name).stem
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "vectors"
