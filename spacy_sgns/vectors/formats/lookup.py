"""Which format a file of vectors has."""

from pathlib import Path

from spacy_sgns.errors import SgnsError
from spacy_sgns.registry import Choice, names, unversioned
from spacy_sgns.vectors.formats.protocols import VectorFormat


def format_for(path: Path, name: str = "") -> VectorFormat:
    """Return the format of that name or, without one, the format that goes by the ending of `path`.

    Raises SgnsError if no format does, or several.
    """
    if name:
        return Choice.of("format", name).make()  # type: ignore[no-any-return]
    newest = dict.fromkeys(map(unversioned, names("format")))
    made: dict[str, VectorFormat] = {each: Choice.of("format", each).make() for each in newest}
    fitting = sorted(name for name, form in made.items() if path.name.lower().endswith(form.endings))
    if not fitting:
        endings = sorted(ending for form in made.values() for ending in form.endings)
        raise SgnsError(f"No format goes by the ending of {path}: there are {', '.join(endings)}.")
    if len(fitting) > 1:
        raise SgnsError(f"Several formats go by the ending of {path}: {', '.join(fitting)}. Name one as format.")
    return made[fitting[0]]
