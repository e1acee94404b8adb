"""Everything in a source to batches of tokens, by the shortest way that gives the pipeline's own tokens."""

from collections.abc import Sequence
from itertools import chain, groupby, islice

from spacy_sgns.corpus.tokens import TokenBatches
from spacy_sgns.pipeline.docs import DocMaker, Kinds, gathered, words_of
from spacy_sgns.pipeline.neighbours import chunks_suffice
from spacy_sgns.pipeline.read import Source, Warn, holds_docs, likely_size, portions
from spacy_sgns.pipeline.recipe import Recipe
from spacy_sgns.pipeline.share import shared_out
from spacy_sgns.pipeline.stored import stored_words


def batches_of_source(
    source: Source, maker: DocMaker, drop: Sequence[str], *, sentences: bool, warn: Warn, workers: int = 1
) -> TokenBatches:
    """Yield the tokens of everything in `source`. Raises SgnsError where something cannot be read.

    warn: called with what seems wrong, once for each kind. workers: processes that texts are shared out over; they have
    ended when the iterator is exhausted or closed. The tokens are the same for any number of them.
    """
    left_out = Kinds(maker.nlp.vocab, drop).left_out
    wrapped, differs = _once(warn), _once(warn)
    for are_docs, paths in groupby(source.files(), holds_docs):
        if are_docs:
            stored = (stored_words(path, maker, differs, sentences=sentences) for path in paths)
            yield from gathered(chain.from_iterable(stored), left_out)
        else:
            texts = list(paths)
            given = portions(chain.from_iterable(source.pieces(path, wrapped) for path in texts))
            first = list(islice(given, 2))
            recipe = recipe_for(maker) if len(first) > 1 else None  # it is not worth it for less
            if recipe:
                expected = sum(map(likely_size, texts))
                yield from shared_out(chain(first, given), recipe, left_out, workers, expected)
            else:
                docs = maker.docs(chain.from_iterable(chain(first, given)))
                yield from gathered((words_of(doc, last, sentences) for doc, last in docs), left_out)


def recipe_for(maker: DocMaker) -> Recipe | None:
    """Return the recipe of a pipeline's tokenizer if chunks tokenized one by one have the tokens that Docs have."""
    recipe = Recipe.of(maker.nlp.tokenizer) if maker.tokenizer_only else None
    return recipe if recipe and chunks_suffice(recipe) else None


def _once(warn: Warn) -> Warn:
    """Return a function that passes on the first warning only: one file of a thousand stands for the others."""
    said: list[str] = []

    def tell(text: str) -> None:
        if not said:
            said.append(text)
            warn(text)

    return tell
