"""A worker that tokenizes: `python -m spacy_sgns.tokenization.parallel.worker`, started by `share`."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Thread

from spacy_sgns.system.processes import Channel, PeerExited, serve


def main() -> None:
    """Answer portions with batches until the process that started this one ends."""
    leader = serve()
    messages: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_receive, args=(leader, messages), daemon=True).start()
    try:
        work(leader, messages)
    except PeerExited:
        sys.exit(1)  # nobody is there to be told


def work(leader: Channel, messages: "SimpleQueue[bytes]") -> None:
    """Make an encoder by the spec in the first message, say that it is ready, and encode what comes then."""
    from spacy_sgns.tokenization.parallel.wire import BatchEncoder, unpack_portion
    from spacy_sgns.tokenization.pretokens import PretokenEncoder, TokenizerSpec  # imports spaCy, a second or so

    encoder, outbox = PretokenEncoder(TokenizerSpec.from_json(messages.get().decode()), str), BatchEncoder()
    leader.send()
    with ThreadPoolExecutor(1) as thread:  # who waits for an answer to be taken should not be this one
        while True:
            thread.submit(leader.send, outbox.pack(encoder.encode(unpack_portion(messages.get()))))


def _receive(leader: Channel, messages: "SimpleQueue[bytes]") -> None:
    """Take in what is sent, also while this process works: who sends does not have to wait."""
    try:
        while True:
            messages.put(leader.receive())
    except PeerExited:
        os._exit(1)  # whatever the other thread is doing


if __name__ == "__main__":
    main()
