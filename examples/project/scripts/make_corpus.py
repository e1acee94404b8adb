"""Cut the plays into passages: a few with labels, some to test with, and all the others as plain text for the vectors.

Usage: python scripts/make_corpus.py ASSETS CORPUS LABELLED SPLIT. LABELLED is the number of passages per play to learn
from; they are drawn three times, for it makes a difference which ones are labelled. SPLIT, a seed, decides which
passages are for what. The test passages are in no other file: not among those for the vectors either.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import spacy
import srsly
from spacy.tokens import DocBin

WORDS = 50  # at least so many in a passage
SHARE = 1 / 3  # of the passages of a play are for the test
DRAWS = 3
Passage = tuple[str, str]  # play and text


def main(assets: Path, corpus: Path, labelled: int, split: int) -> None:
    rng = random.Random(split)
    parts: dict[str, list[Passage]] = {name: [] for name in ("test", "dev", *(f"train-{n}" for n in range(DRAWS)))}
    others: list[Passage] = []
    for path in sorted(assets.glob("*.txt")):
        texts = [(path.stem, text) for text in passages(path.read_text(encoding="utf8"))]
        rng.shuffle(texts)
        tested = round(len(texts) * SHARE)
        parts["test"] += texts[:tested]
        parts["dev"] += texts[tested : tested + labelled]
        others += texts[tested:]
        for n in range(DRAWS):
            parts[f"train-{n}"] += rng.sample(texts[tested + labelled :], labelled)
    corpus.mkdir(exist_ok=True)
    for name, part in parts.items():
        save(part, corpus / f"{name}.spacy")
        print(f"{len(part):>5} passages for {name}")
    rng.shuffle(others)
    srsly.write_jsonl(corpus / "unlabelled.jsonl", ({"text": text} for _, text in others))
    print(f"{len(others):>5} passages for the vectors, without labels")


def passages(play: str) -> Iterator[str]:
    """Yield whole speeches joined to passages, without the speakers' names, which would tell the play."""
    passage: list[str] = []
    for speech in play.split("\n\n"):
        _, _, words = speech.partition(":\n")
        passage += words.split()
        if len(passage) >= WORDS:
            yield " ".join(passage)
            passage = []


def save(part: list[Passage], path: Path) -> None:
    nlp, docs, plays = spacy.blank("en"), DocBin(), {play for play, _ in part}
    for play, text in part:
        doc = nlp.make_doc(text)
        doc.cats = {other: float(other == play) for other in sorted(plays)}
        docs.add(doc)
    docs.to_disk(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
