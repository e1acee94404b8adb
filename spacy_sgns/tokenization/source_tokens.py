"""Everything in a source to batches of tokens, by the shortest way that gives the pipeline's own tokens."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice

import numpy as np

from spacy_sgns.corpus.tokens import Forms, TokenBatch, TokenBatches
from spacy_sgns.sources.source import (
    Piece,
    Source,
    Stats,
    Warn,
    holds_docs,
    likely_size,
    or_noted,
    portions,
    say_replaced,
)
from spacy_sgns.tokenization.docbin import stored_words
from spacy_sgns.tokenization.docs import DocMaker, Kinds, gathered, words_of
from spacy_sgns.tokenization.parallel.pool import encode_parallel
from spacy_sgns.tokenization.pretokens.special_cases import chunks_suffice
from spacy_sgns.tokenization.pretokens.tokenizer_spec import TokenizerSpec

NO_TOKENS, NO_ENDS = np.zeros(0, np.int32), np.zeros(0, np.int64)


def batches_of_source(
    source: Source, maker: DocMaker, drop: Sequence[str], *, sentences: bool, warn: Warn, workers: int = 1
) -> TokenBatches:
    """Yield the tokens of everything in `source`. Raises SgnsError where something cannot be read.

    warn: called with what seems wrong, once for each kind. workers: processes that texts are shared out over; they have
    ended when the iterator is exhausted or closed. The tokens are the same for any number of them.

    The last batch notes what `Source` does, and how many files were read; characters_parted: places where a text was
    parted within what no white space parts for long; texts_parted: where a long one was parted, and a sentence or what
    else components find maybe with it.
    """
    left_out = Kinds(maker.nlp.vocab, drop).left_out
    wrapped, differs, stats = _once(warn), _once(warn), Stats()
    for are_docs, paths in groupby(source.files(stats), holds_docs):
        texts = list(paths)
        stats["files"] += len(texts)
        if are_docs:
            stored = (or_noted(stored_words(path, maker, differs, sentences=sentences), stats) for path in texts)
            yield from gathered(chain.from_iterable(stored), left_out)
        else:
            pieces = chain.from_iterable(source.pieces(path, wrapped, stats) for path in texts)
            given = _noting_parted(portions(pieces), maker, stats)
            first = list(islice(given, 2))
            recipe = tokenizer_spec_for(maker) if len(first) > 1 else None  # it is not worth it for less
            if recipe:
                expected = sum(map(likely_size, texts))
                yield from encode_parallel(chain(first, given), recipe, left_out, workers, expected)
            else:
                docs = maker.docs(chain.from_iterable(chain(first, given)))
                yield from gathered((words_of(doc, last, sentences) for doc, last in docs), left_out)
    say_replaced(source, stats, warn)
    yield TokenBatch(NO_TOKENS, NO_ENDS, NO_ENDS, Forms(left_out), stats)


def _noting_parted(portions: Iterable[list[Piece]], maker: DocMaker, stats: Stats) -> Iterator[list[Piece]]:
    """Pass portions on, and note where texts are parted in a way that may change their tokens or contexts."""
    for portion in portions:
        if parted := [text for text, last in portion if not last]:
            stats["characters_parted"] += sum(not text[-1:].isspace() for text in parted)
            stats["texts_parted"] += 0 if maker.tokenizer_only else len(parted)
        yield portion


def tokenizer_spec_for(maker: DocMaker) -> TokenizerSpec | None:
    """Return the recipe of a pipeline's tokenizer if chunks tokenized one by one have the tokens that Docs have."""
    recipe = TokenizerSpec.of(maker.nlp.tokenizer) if maker.tokenizer_only else None
    return recipe if recipe and chunks_suffice(recipe) else None


def _once(warn: Warn) -> Warn:
    """Return a function that passes on the first warning only: one file of a thousand stands for the others."""
    said: list[str] = []

    def tell(text: str) -> None:
        if not said:
            said.append(text)
            warn(text)

    return tell
