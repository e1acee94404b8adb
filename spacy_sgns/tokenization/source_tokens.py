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
from spacy_sgns.tokenization.docs import DocMaker, KindFilter, batch_doc_tokens, doc_tokens
from spacy_sgns.tokenization.parallel.pool import encode_parallel
from spacy_sgns.tokenization.pretokens import TokenizerSpec

NO_TOKENS, NO_ENDS = np.zeros(0, np.int32), np.zeros(0, np.int64)


def batches_of_source(
    source: Source, maker: DocMaker, drop: Sequence[str], *, sentences: bool, warn: Warn, workers: int = 1
) -> TokenBatches:
    """Yield the tokens of everything in `source`. Raises SgnsError where something cannot be read.

    warn: called with what seems wrong, once for each kind. workers: processes that texts are shared out over; they have
    ended when the iterator is exhausted or closed. The tokens are the same for any number of them.

    The last batch notes what `Source` does, and how many files were read; characters_split: places where a text was
    parted within what no white space parts for long; texts_split: where a long one was parted, and a sentence or what
    else components find maybe with it.
    """
    drop_kind = KindFilter(maker.nlp.vocab, drop).drop_kind
    wrapped, differs, stats = _once(warn), _once(warn), Stats()
    for are_docs, paths in groupby(source.files(stats), holds_docs):
        texts = list(paths)
        stats["files"] += len(texts)
        if are_docs:
            stored = (or_noted(stored_words(path, maker, differs, sentences=sentences), stats) for path in texts)
            yield from batch_doc_tokens(chain.from_iterable(stored), drop_kind)
        else:
            pieces = chain.from_iterable(source.pieces(path, wrapped, stats) for path in texts)
            given = _noting_parted(portions(pieces), maker, stats)
            first = list(islice(given, 2))
            spec = tokenizer_spec_for(maker) if len(first) > 1 else None  # it is not worth it for less
            if spec:
                expected = sum(map(likely_size, texts))
                yield from encode_parallel(chain(first, given), spec, drop_kind, workers, expected)
            else:
                docs = maker.docs(chain.from_iterable(chain(first, given)))
                yield from batch_doc_tokens((doc_tokens(doc, last, sentences) for doc, last in docs), drop_kind)
    say_replaced(source, stats, warn)
    yield TokenBatch(NO_TOKENS, NO_ENDS, NO_ENDS, Forms(drop_kind), stats)


def _noting_parted(portions: Iterable[list[Piece]], maker: DocMaker, stats: Stats) -> Iterator[list[Piece]]:
    """Pass portions on, and note where texts are parted in a way that may change their tokens or contexts."""
    for portion in portions:
        if parted := [text for text, last in portion if not last]:
            stats["characters_split"] += sum(not text[-1:].isspace() for text in parted)
            stats["texts_split"] += 0 if maker.tokenizer_only else len(parted)
        yield portion


def tokenizer_spec_for(maker: DocMaker) -> TokenizerSpec | None:
    """Return the spec of a pipeline's tokenizer, or None where only Docs give its tokens."""
    return TokenizerSpec.from_tokenizer(maker.nlp.tokenizer) if maker.tokenizer_only else None


def _once(warn: Warn) -> Warn:
    """Return a function that passes on the first warning only: one file of a thousand stands for the others."""
    said: list[str] = []

    def tell(text: str) -> None:
        if not said:
            said.append(text)
            warn(text)

    return tell
