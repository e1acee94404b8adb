"""Choosing the format of a vector file, by name or by ending."""

from pathlib import Path

from spacy_sgns.errors import SgnsError
from spacy_sgns.registry import Choice, names, unversioned
from spacy_sgns.vectors.formats.protocols import VectorFormat


def format_for(path: Path, name: str = "") -> VectorFormat:
    """Return the format with that name or, without a name, the format whose endings match `path`.

    Raises SgnsError if no format matches, or several do.
    """
    if name:
        return Choice.of("format", name).make()  # type: ignore[no-any-return]
    newest = dict.fromkeys(map(unversioned, names("format")))
    formats: dict[str, VectorFormat] = {key: Choice.of("format", key).make() for key in newest}
    matching = sorted(key for key, form in formats.items() if path.name.lower().endswith(form.endings))
    if not matching:
        endings = sorted(ending for form in formats.values() for ending in form.endings)
        raise SgnsError(f"No format has the ending of {path}. Known endings: {', '.join(endings)}.")
    if len(matching) > 1:
        raise SgnsError(f"Several formats have the ending of {path}: {', '.join(matching)}. Name one as format.")
    return formats[matching[0]]
