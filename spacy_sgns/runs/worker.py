"""A worker of a training run, a process started by `team`; it imports NumPy and no spaCy."""

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
    """Take part in the run of the process that started this one, and end with it."""
    try:
        work(serve())
    except PeerExited:
        sys.exit(1)  # nobody is there to be told
    except SgnsError as error:
        sys.exit(str(error))


def work(leader: Channel) -> None:
    """Learn what the run is, and take part in it."""
    job = json.loads(leader.receive())
    leader.spin = job["spin"]
    for home in job["import_targets"]:
        import_target(home)
    settings = Settings.of(**job["settings"])
    memory = mapped(job["memory"], job["layout"])
    corpus = EncodedCorpus(**{**job["corpus"], "folder": Path(job["corpus"]["folder"])})
    group = Member(leader, job["index"], job["size"])
    place = TrainingState(**job["place"]) if job["place"] else None
    trainer = Trainer(corpus, memory["counts"], settings, group=group, memory=memory, place=place)
    leader.send()
    trainer.run()


if __name__ == "__main__":
    main()
