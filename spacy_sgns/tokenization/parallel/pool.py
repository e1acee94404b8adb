"""Encodes texts in several processes, including this one. Batches come back in the order of the texts."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from spacy_sgns.corpus.tokens import DropKind, TokenBatch, TokenBatches
from spacy_sgns.sources.splitting import Piece
from spacy_sgns.system.processes import Worker, started
from spacy_sgns.tokenization.parallel.wire import BatchDecoder, pack_portion
from spacy_sgns.tokenization.pretokens import PretokenEncoder, TokenizerSpec

MODULE = "spacy_sgns.tokenization.parallel.worker"
MAX_QUEUED_PORTIONS = 3  # per worker: those after the first keep it busy while its answer is on the way
MAX_AHEAD_PORTIONS = 8  # per process, encoded before an earlier portion is
MIN_PARALLEL_CHARS = 1 << 24  # fewer are encoded sooner than workers start, which takes a second or so


def encode_parallel(
    portions: Iterable[list[Piece]], spec: TokenizerSpec, drop_kind: DropKind, workers: int, expected: int
) -> TokenBatches:
    """Yield the tokens of portions, in order. Raises SgnsError if a worker exits early.

    workers: the number of processes, this one included; the others start only once there is enough to encode. expected:
    the number of characters of all portions, 0 if it is not known.
    """
    with ExitStack() as stack:
        pool: list[PoolWorker] = []
        encoder, chars_read = None, 0
        pending: deque[Future[TokenBatch]] = deque()
        for portion in portions:
            if not pool and workers > 1 and (expected or 2 * chars_read) >= MIN_PARALLEL_CHARS:
                pool = stack.enter_context(_pool(workers - 1, spec, drop_kind))
            encoder = encoder or PretokenEncoder(spec, drop_kind)  # after the workers, which start meanwhile
            chars_read += sum(len(text) for text, _ in portion)
            free = next((worker for worker in pool if worker.is_free()), None)
            pending.append(free.encode(portion) if free else _completed(encoder.encode(portion)))
            while pending and (pending[0].done() or len(pending) > MAX_AHEAD_PORTIONS * workers):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


class PoolWorker:
    """A worker process, a thread that sends portions to it, and a thread that receives batches from it."""

    def __init__(self, worker: Worker, spec: TokenizerSpec, drop_kind: DropKind) -> None:
        self._worker, self._decoder = worker, BatchDecoder(drop_kind)
        self._sender, self._receiver = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._sender.submit(worker.send, spec.to_json().encode())
        self._ready = self._receiver.submit(worker.receive)
        self._queued: list[Future[TokenBatch]] = []

    def is_free(self) -> bool:
        """Return whether the worker has started and can queue a portion. Raises SgnsError if it has exited."""
        self._queued = [future for future in self._queued if not future.done()]
        return self._ready.done() and self._ready.result() == b"" and len(self._queued) < MAX_QUEUED_PORTIONS

    def encode(self, portion: list[Piece]) -> "Future[TokenBatch]":
        """Send a portion; return the future of its tokens."""
        self._sender.submit(self._worker.send, pack_portion(portion))  # if this fails, receiving fails too
        self._queued.append(self._receiver.submit(self._receive))
        return self._queued[-1]

    def close(self) -> None:
        """Kill the process, which also ends the calls of both threads, then join the threads."""
        self._worker.kill()
        self._sender.shutdown()
        self._receiver.shutdown()

    def _receive(self) -> TokenBatch:
        return self._decoder.unpack(self._worker.receive())


@contextmanager
def _pool(size: int, spec: TokenizerSpec, drop_kind: DropKind) -> Iterator[list[PoolWorker]]:
    """Start workers, and close them when the block ends."""
    with started(MODULE, size, spin=0.0) as workers, ExitStack() as stack:
        pool = [PoolWorker(worker, spec, drop_kind) for worker in workers]
        for worker in pool:
            stack.callback(worker.close)
        yield pool


def _completed(batch: TokenBatch) -> "Future[TokenBatch]":
    future: Future[TokenBatch] = Future()
    future.set_result(batch)
    return future
