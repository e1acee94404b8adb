"""Everything in a source to batches of tokens, by the fastest way that gives the pipeline's own tokens."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain, groupby, islice

import numpy as np

from spacy_sgns.corpus.tokens import DropKind, Forms, TokenBatch, TokenBatches
from spacy_sgns.sources.compression import estimated_chars
from spacy_sgns.sources.readers import DocFile, SourceFile, TextFile
from spacy_sgns.sources.source import Source
from spacy_sgns.sources.splitting import Piece, piece_batches
from spacy_sgns.sources.stats import Stats, Warn, count_if_empty, warn_once
from spacy_sgns.tokenization.docs import DocMaker, KindFilter, batch_doc_tokens, doc_tokens
from spacy_sgns.tokenization.languages import unsplit_warning
from spacy_sgns.tokenization.parallel.pool import encode_parallel
from spacy_sgns.tokenization.pretokens import TokenizerSpec

NO_TOKENS, NO_ENDS = np.zeros(0, np.int32), np.zeros(0, np.int64)


def source_tokens(
    source: Source,
    maker: DocMaker,
    drop: Sequence[str],
    *,
    sentences: bool,
    warn: Warn,
    workers: int = 1,
    files: Sequence[SourceFile] | None = None,
) -> TokenBatches:
    """Yield the tokens of everything in `source`. Raises SgnsError if something cannot be read.

    warn: takes messages for the user, one of each kind. workers: processes among which texts are divided; they have
    ended when the iterator is exhausted or closed. The tokens are the same for any number of workers. files: read
    instead of the source's own, such as those of a sample.

    The last batch holds no tokens but the counters: those of `Source`, and files, the number of files read;
    characters_split, the places where a text without white space was split; texts_split, the places where a long text
    was split, and perhaps a sentence or another unit that components find.
    """
    drop_kind = KindFilter(maker.nlp.vocab, drop).drop_kind
    stats = Stats()
    files = source.files(stats) if files is None else files
    warn_of = warn_once(warn)
    for _, group in groupby(files, type):
        own = list(group)
        stats["files"] += len(own)
        if docs := [file for file in own if isinstance(file, DocFile)]:
            stored = (file.reader.tokens(file, maker, warn_of(file.label), sentences=sentences) for file in docs)
            tokens = chain.from_iterable(count_if_empty(each, stats) for each in stored)
            yield from batch_doc_tokens(tokens, drop_kind)
        if texts := [file for file in own if isinstance(file, TextFile)]:
            pieces = chain.from_iterable(source.pieces(file, warn_of(file.label), stats) for file in texts)
            batches = count_splits(piece_batches(pieces), maker, stats)
            expected = sum(estimated_chars(file.path) for file in texts)
            tokens_of = text_tokens(batches, maker, drop_kind, expected, sentences=sentences, workers=workers)
            yield from _checked(tokens_of, maker, warn)
    source.warn_replaced(stats, warn)
    yield last_batch(stats)


def _checked(batches: TokenBatches, maker: DocMaker, warn: Warn) -> TokenBatches:
    """Yield the batches; warn if the tokens of the first look like whole clauses."""
    with closing(batches):
        for number, batch in enumerate(batches):
            if not number and (text := unsplit_warning(batch.forms.texts, maker.nlp.lang)):
                warn(text)
            yield batch


def tokenizer_spec_for(maker: DocMaker) -> TokenizerSpec | None:
    """Return the spec of a pipeline's tokenizer, or None if only Docs give its tokens."""
    return TokenizerSpec.from_tokenizer(maker.nlp.tokenizer) if maker.tokenizer_only else None


def last_batch(stats: Stats) -> TokenBatch:
    """Return a batch without tokens, which holds the counts of all that was read."""
    return TokenBatch(NO_TOKENS, NO_ENDS, NO_ENDS, Forms(str), stats)


def text_tokens(
    batches: Iterator[list[Piece]],
    maker: DocMaker,
    drop_kind: DropKind,
    expected_chars: int,
    *,
    sentences: bool,
    workers: int,
) -> TokenBatches:
    """Yield the tokens of pieces: by pretokens where these suffice and there is more than one batch, else by Docs."""
    first = list(islice(batches, 2))
    spec = tokenizer_spec_for(maker) if len(first) > 1 else None
    if spec:
        yield from encode_parallel(chain(first, batches), spec, drop_kind, workers, expected_chars)
    else:
        docs = maker.docs(chain.from_iterable(chain(first, batches)))
        yield from batch_doc_tokens((doc_tokens(doc, last, sentences) for doc, last in docs), drop_kind)


def count_splits(batches: Iterable[list[Piece]], maker: DocMaker, stats: Stats) -> Iterator[list[Piece]]:
    """Yield the batches; count the splits of texts that may change their tokens or contexts."""
    for batch in batches:
        if open_texts := [text for text, last in batch if not last]:
            stats["characters_split"] += sum(not text[-1:].isspace() for text in open_texts)
            stats["texts_split"] += 0 if maker.tokenizer_only else len(open_texts)
        yield batch
