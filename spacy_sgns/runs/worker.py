"""A worker process of a training run, started by `start_workers`; it imports NumPy but not spaCy."""

import json
import sys
from pathlib import Path

from spacy_sgns.corpus.encoded import EncodedCorpus
from spacy_sgns.errors import SgnsError
from spacy_sgns.settings import Settings
from spacy_sgns.system.plugins import import_target
from spacy_sgns.system.processes import Channel, PeerExited, serve
from spacy_sgns.system.shared_memory import mapped
from spacy_sgns.training.parallel.process_group import Member
from spacy_sgns.training.trainer import Trainer, TrainingState


def main() -> None:
    """Train in the run of the process that started this one, and exit when it does."""
    try:
        work(serve())
    except PeerExited:
        sys.exit(1)  # no process is left to receive a message
    except SgnsError as error:
        sys.exit(str(error))


def work(coordinator: Channel) -> None:
    """Receive the description of the run, see `workers._job`, and train."""
    job = json.loads(coordinator.receive())
    coordinator.spin = job["spin"]
    for target in job["import_targets"]:
        import_target(*target)
    settings = Settings.of(**job["settings"])
    memory = mapped(job["memory"], job["layout"])
    corpus = EncodedCorpus(**{**job["corpus"], "folder": Path(job["corpus"]["folder"])})
    group = Member(coordinator, job["rank"], job["size"])
    state = TrainingState(**job["state"]) if job["state"] else None
    trainer = Trainer(corpus, memory["counts"], settings, group=group, memory=memory, state=state)
    coordinator.send()
    trainer.run()


if __name__ == "__main__":
    main()
