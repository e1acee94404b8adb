"""One training step in detail, on a corpus small enough to check every number with pencil and paper."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import spacy

from spacy_sgns import Settings
from spacy_sgns.cli.commands.trace import show_trace, trace

TEXTS = ["the cat sat on the mat", "the dog sat on the rug", "the cat saw the dog"] * 20
SETTINGS = {"dim": 4, "window": 2, "negative": 3, "subsample": 0.05, "learning_rate": 0.5, "epochs": 5}

# The same from a shell: python -m spacy sgns trace texts.jsonl --dim 4 --window 2 --negative 3 ...
with TemporaryDirectory() as folder:
    corpus = Path(folder) / "texts.jsonl"
    corpus.write_text("\n".join(json.dumps({"text": text}) for text in TEXTS), encoding="utf8")
    show_trace(trace(corpus, Settings(**SETTINGS), pairs=6))

nlp = spacy.blank("en")
sgns = nlp.add_pipe("sgns", config=SETTINGS)
sgns.train(nlp.pipe(TEXTS))
print("\nloss of the epochs:", ", ".join(f"{epoch['loss']:.3f}" for epoch in sgns.report["epochs"]))
