"""Whether a run that is to be resumed has finished already."""

import json
import os
from pathlib import Path
from typing import Any

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.save import FOLDER, REPORT_FILE
from spacy_sgns.runs.differences import differences, summary
from spacy_sgns.runs.work_folder import is_resumable
from spacy_sgns.settings import Settings
from spacy_sgns.system.files import read_text


def finished_report(output: Path, settings: Settings) -> dict[str, Any] | None:
    """Return the report of the finished run in `output`; None if there is none, or a run to resume.

    Raises SgnsError if it is damaged, or if that run had other settings.
    """
    if is_resumable(Path(os.path.abspath(output) + ".work")) or not (output / FOLDER / REPORT_FILE).is_file():
        return None
    report = _read(output / FOLDER / REPORT_FILE)
    given = {name: value for name, value in settings.as_dict().items() if value != "auto" and name != "workers"}
    before = {name: report["settings"].get(name) for name in given}
    if found := list(differences(before, given)):
        raise SgnsError(
            f"The run in {output} is finished, and had other settings: {summary(found)}. Choose another folder, or "
            "replace it with --force."
        )
    return report


def _read(path: Path) -> dict[str, Any]:
    """Return a report. Raises SgnsError if it is damaged."""
    try:
        report = json.loads(read_text(path))
        report["settings"].get("dim")
    except (OSError, ValueError, RecursionError, TypeError, LookupError, AttributeError) as error:
        raise SgnsError(
            f"The report {path} is damaged, so it is unknown whether the run is finished: {error}. Start over with "
            "--force."
        ) from error
    return report  # type: ignore[no-any-return]
