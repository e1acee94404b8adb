"""Texts that come with the package, by names that work in any folder: `sample:alice`."""

from pathlib import Path

from spacy_sgns.errors import SgnsError

PREFIX = "sample:"
FOLDER = Path(__file__).parent.parent / "sample"


def bundled_names() -> list[str]:
    """Return the names of the bundled texts."""
    return sorted(PREFIX + file.stem for file in FOLDER.glob("*.txt"))


def resolved(path: Path) -> Path:
    """Return the file of a bundled text by its name, and any other path as it is. Raises SgnsError."""
    name = str(path)
    if not name.startswith(PREFIX) or path.exists():
        return path
    known = bundled_names()
    if name not in known:
        raise SgnsError(f"There is no bundled text {name!r}. Choose one of these: {', '.join(known)}.")
    return FOLDER / f"{name.removeprefix(PREFIX)}.txt"
