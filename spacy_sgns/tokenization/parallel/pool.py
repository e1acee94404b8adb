"""Texts shared out over processes, this one among them; batches come back in the order of the texts."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from spacy_sgns.corpus.tokens import DropKind, TokenBatch, TokenBatches
from spacy_sgns.sources.source import Piece
from spacy_sgns.system.processes import Worker, started
from spacy_sgns.tokenization.parallel.wire import BatchDecoder, pack_portion
from spacy_sgns.tokenization.pretokens import PretokenEncoder, TokenizerSpec

MODULE = "spacy_sgns.tokenization.parallel.worker"
AT_A_TIME = 3  # portions that a worker has, or that are on their way: the next one is there when it is done with one
AHEAD = 8  # portions per process that may be done before an earlier one is
MIN_PARALLEL_CHARS = 1 << 24  # characters from which on workers are worth their start, a second or so


def encode_parallel(
    portions: Iterable[list[Piece]], spec: TokenizerSpec, drop_kind: DropKind, workers: int, expected: int
) -> TokenBatches:
    """Yield the tokens of portions, in order. Raises SgnsError where a worker ended before its time.

    workers: processes in all; there is only this one until others are worth it, and until they are ready. expected:
    characters of all portions, as far as it is known.
    """
    with ExitStack() as stack:
        pool: list[PoolWorker] = []
        encoder, read = None, 0
        waiting: deque[Future[TokenBatch]] = deque()
        for portion in portions:
            if not pool and workers > 1 and (expected or 2 * read) >= MIN_PARALLEL_CHARS:
                pool = stack.enter_context(_pool(workers - 1, spec, drop_kind))
            encoder = encoder or PretokenEncoder(spec, drop_kind)  # meanwhile
            read += sum(len(text) for text, _ in portion)
            free = next((worker for worker in pool if worker.is_free()), None)
            waiting.append(free.encode(portion) if free else _done(encoder.encode(portion)))
            while waiting and (waiting[0].done() or len(waiting) > AHEAD * workers):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class PoolWorker:
    """A worker, and two threads that wait for what it takes and gives. It gets ready meanwhile."""

    def __init__(self, worker: Worker, spec: TokenizerSpec, drop_kind: DropKind) -> None:
        self._worker, self._inbox = worker, BatchDecoder(drop_kind)
        self._there, self._back = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._there.submit(worker.send, spec.to_json().encode())
        self._ready = self._back.submit(worker.receive)
        self._asked: list[Future[TokenBatch]] = []

    def is_free(self) -> bool:
        """Return whether it is ready and has room for a portion. Raises SgnsError if it never will be."""
        self._asked = [future for future in self._asked if not future.done()]
        return self._ready.done() and self._ready.result() == b"" and len(self._asked) < AT_A_TIME

    def encode(self, portion: list[Piece]) -> "Future[TokenBatch]":
        """Return what will be the tokens of a portion."""
        self._there.submit(self._worker.send, pack_portion(portion))  # if it fails, so does what comes back
        self._asked.append(self._back.submit(self._next))
        return self._asked[-1]

    def close(self) -> None:
        """End the worker, and then the threads, which hear of that."""
        self._worker.kill()
        self._there.shutdown()
        self._back.shutdown()

    def _next(self) -> TokenBatch:
        return self._inbox.unpack(self._worker.receive())


@contextmanager
def _pool(number: int, spec: TokenizerSpec, drop_kind: DropKind) -> Iterator[list[PoolWorker]]:
    """Yield workers that have been started; they have ended when the block is left."""
    with started(MODULE, number, spin=0.0) as workers, ExitStack() as stack:
        pool = [PoolWorker(worker, spec, drop_kind) for worker in workers]
        for worker in pool:
            stack.callback(worker.close)
        yield pool


def _done(batch: TokenBatch) -> "Future[TokenBatch]":
    future: Future[TokenBatch] = Future()
    future.set_result(batch)
    return future
