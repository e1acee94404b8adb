"""The encoding worker: `python -m spacy_sgns.tokenization.parallel.worker`, started by `pool`."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Thread

from spacy_sgns.system.processes import Channel, PeerExited, serve


def main() -> None:
    """Answer each portion with a batch until the parent process exits."""
    parent = serve()
    messages: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_receive, args=(parent, messages), daemon=True).start()
    try:
        work(parent, messages)
    except PeerExited:
        sys.exit(1)  # there is no one left to report to


def work(parent: Channel, messages: "SimpleQueue[bytes]") -> None:
    """Make an encoder of the first message, send an empty one when it is ready, then encode portions."""
    from spacy_sgns.tokenization.parallel.wire import BatchEncoder, unpack_portion
    from spacy_sgns.tokenization.pretokens import PretokenEncoder, TokenizerSpec  # imports spaCy, a second or so

    encoder, batches = PretokenEncoder(TokenizerSpec.from_json(messages.get().decode()), str), BatchEncoder()
    parent.send()
    with ThreadPoolExecutor(1) as sender:  # sending blocks until the parent reads; encoding goes on meanwhile
        while True:
            sender.submit(parent.send, batches.pack(encoder.encode(unpack_portion(messages.get()))))


def _receive(parent: Channel, messages: "SimpleQueue[bytes]") -> None:
    """Receive messages while the main thread encodes, so that the parent's sends never block for long."""
    try:
        while True:
            messages.put(parent.receive())
    except PeerExited:
        os._exit(1)  # also in the middle of an encoding


if __name__ == "__main__":
    main()
