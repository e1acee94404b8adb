"""The callback `spacy_sgns.train_vectors.v1`: trains vectors before the pipeline is initialised."""

from collections.abc import Callable, Iterable
from typing import Any
from warnings import warn

from spacy.language import Language
from spacy.training import Example

from spacy_sgns.errors import SgnsError, SgnsWarning
from spacy_sgns.pipeline.component import Sgns
from spacy_sgns.pipeline.config_error import as_config_error
from spacy_sgns.settings import Settings

NO_RECORD = (
    "[initialize.lookups] replaces the vocab's lookups, which hold the counts and the report of the training run: the "
    "trained pipeline will lack them."
)


def train_vectors_v1(
    corpus: Callable[[Language], Iterable[Example]], settings: dict[str, Any] | None = None, overwrite: bool = False
) -> Callable[[Language], None]:
    """Return a callback for `[initialize.before_init]` that trains vectors on `corpus`, a reader.

    All components then find the vectors, whatever their order. settings: as in `[components.sgns]`; not allowed if the
    pipeline has that component, whose settings are used. overwrite: replace vectors that the vocab already has.
    """

    @as_config_error()
    def train_vectors(nlp: Language) -> None:
        initialize = nlp.config.interpolate()["initialize"]
        if initialize["vectors"]:
            raise SgnsError(
                f"[initialize] vectors is {initialize['vectors']!r} and would replace the vectors that are trained. "
                "Set vectors = null in [paths], or remove the callback spacy_sgns.train_vectors.v1."
            )
        if initialize["lookups"]:
            warn(NO_RECORD, SgnsWarning, stacklevel=2)
        component = next((pipe for _, pipe in nlp.components if isinstance(pipe, Sgns)), None)
        if component and settings:
            raise SgnsError("The pipeline has a component sgns: give the settings there, not to the callback.")
        component = component or Sgns(nlp.vocab, "sgns", Settings.of(**(settings or {})))
        if overwrite or not nlp.vocab.vectors.n_keys:
            component.train_from_config(corpus, nlp)

    return train_vectors
