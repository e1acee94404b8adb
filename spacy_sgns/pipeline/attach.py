"""Vectors and the record of their training are attached to a vocab; which components use them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import spacy
from spacy.language import Language
from spacy.util import OOV_RANK
from spacy.vectors import Vectors
from spacy.vocab import Vocab
from thinc.api import get_current_ops

from spacy_sgns.errors import SgnsError
from spacy_sgns.runs.train_vectors import Trained
from spacy_sgns.vectors.record import Record, detach, words_as_json
from spacy_sgns.vectors.word_vectors import WordVectors

SWITCHES = ("include_static_vectors", "pretrained_vectors")  # arguments of spaCy's architectures


def attach(trained: Trained, vocab: Vocab) -> None:
    """Replace the vectors of a vocab by those of a finished run, and keep the run's record in the vocab's lookups."""
    attach_vectors(trained.vectors, vocab)
    _record(trained).attach(vocab)


def _record(trained: Trained) -> Record:
    """Return the record of a finished run."""
    vectors = trained.vectors
    invent = trained.report["settings"]["case"] == "fold"
    counts = [] if vectors.counts is None else vectors.counts.tolist()
    report = {**trained.report, "versions": {**trained.report["versions"], "spacy": spacy.__version__}}
    return Record(report, words_as_json(vectors.words, counts, trained.forms, invent=invent))


def attach_vectors(vectors: WordVectors, vocab: Vocab) -> None:
    """Replace the vectors of a vocab by `vectors`, which come without a record.

    Each form of a word is a key of the word's row. The table is keyed by the exact form, because spaCy does not save
    the setting of a table that is keyed by the lower form.
    """
    strings = vocab.strings
    data = np.ascontiguousarray(vectors.rows, np.float32)
    table = Vectors(strings=strings, data=data, name=f"{vocab.lang}_sgns")
    for form, row in vectors.row_of.items():  # the canonical form comes last and so becomes the row's name
        table.add(strings.add(form), row=row)
    vocab.vectors = table
    detach(vocab)
    vocab.vectors.to_ops(get_current_ops())  # spaCy does this only before it initialises components
    for lexeme in vocab:  # lexemes that are older than the table have no rank
        lexeme.rank = table.key2row.get(lexeme.orth, OOV_RANK)


def check_replaceable(nlp: Language) -> None:
    """Raise SgnsError if components of the pipeline were trained with its present vectors."""
    names = _with_model(nlp, _reads_vectors)
    if names and nlp.vocab.vectors.n_keys:
        raise SgnsError(
            f"Of this pipeline, {', '.join(names)} learnt from its present vectors and would be wrong with new ones. "
            "Take a base without its trained components: nlp.remove_pipe(NAME) for each of "
            f"{', '.join(_with_model(nlp, lambda layer: True))}, then nlp.to_disk(FOLDER)."
        )


def unused_vectors(nlp: Language) -> str:
    """Return a warning if the pipeline has components to train and none of them uses vectors, else an empty string."""
    names = [name for name, pipe in nlp.pipeline if getattr(pipe, "is_trainable", False)]
    if not names or _with_model(nlp, _reads_vectors):
        return ""
    config = nlp.config["components"]
    if lines := [line for name in names for line in _switched_off(f"components.{name}", config[name])]:
        first = ", and put it first in [nlp] pipeline" if nlp.has_pipe("sgns") and nlp.pipe_names[0] != "sgns" else ""
        return f"No component uses the vectors that are trained. Set {' or '.join(lines)}{first}."
    return (
        f"No component uses the vectors that are trained: {', '.join(names)} cannot. It takes an embedding that can, "
        "such as spacy.MultiHashEmbed.v2 with include_static_vectors = true."
    )


def untrained(nlp: Language) -> list[str]:
    """Return the names of components that cannot run because they were never trained."""
    return _with_model(nlp, _lacks_weights)


def _with_model(nlp: Language, condition: Callable[[Any], bool]) -> list[str]:
    """Return the names of components whose model has a layer that satisfies a condition."""
    models: dict[str, Any] = {name: getattr(pipe, "model", None) for name, pipe in nlp.components}
    return [n for n, m in models.items() if hasattr(m, "walk") and any(condition(layer) for layer in m.walk())]


def _reads_vectors(layer: Any) -> bool:
    return bool(layer.name == "static_vectors")


def _lacks_weights(layer: Any) -> bool:
    return any(layer.has_param(name) is None for name in layer.param_names)


def _switched_off(section: str, block: Mapping[str, Any]) -> Iterator[str]:
    """Yield each line of a config's section, and of those within it, that would make a component use vectors."""
    for key, value in block.items():
        if isinstance(value, Mapping):
            yield from _switched_off(f"{section}.{key}", value)
        elif key in SWITCHES and not value:
            yield f"{key} = true in [{section}]"
