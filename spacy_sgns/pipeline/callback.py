"""The callback `spacy_sgns.train_vectors.v1`: trains vectors before the pipeline is initialised."""

from collections.abc import Callable, Iterable
from typing import Any

from spacy.language import Language
from spacy.training import Example

from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.component import Sgns
from spacy_sgns.settings import Settings


def train_vectors_v1(
    corpus: Callable[[Language], Iterable[Example]], settings: dict[str, Any] | None = None, overwrite: bool = False
) -> Callable[[Language], None]:
    """Return a callback for `[initialize.before_init]` that trains vectors on `corpus`, a reader.

    All components then find the vectors, whatever their order. settings: as in `[components.sgns]`; not allowed if the
    pipeline has that component, whose settings are used. overwrite: replace vectors that the vocab already has.
    """

    def train_vectors(nlp: Language) -> None:
        from spacy_sgns.pipeline.train import train_on_reader

        if nlp.config.interpolate()["initialize"]["vectors"]:
            raise SgnsError("[initialize] vectors would replace the vectors that are trained. Set only one of them.")
        component = next((pipe for _, pipe in nlp.components if isinstance(pipe, Sgns)), None)
        if component and settings:
            raise SgnsError("The pipeline has a component sgns: give the settings there, not to the callback.")
        component = component or Sgns(nlp.vocab, "sgns", Settings.of(**(settings or {})))
        if overwrite or not nlp.vocab.vectors.n_keys:
            component.adopt(train_on_reader(corpus, nlp, component.settings))

    return train_vectors
