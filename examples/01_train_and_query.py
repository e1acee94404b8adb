"""Train vectors on a small book, query them, and write them to a file for other tools."""

from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import spacy

import spacy_sgns
from spacy_sgns import UnknownWord, WordVectors

# 1. Some texts: the paragraphs of Alice in Wonderland, which comes with the package.
book = (files("spacy_sgns") / "sample" / "alice.txt").read_text(encoding="utf8")
paragraphs = [" ".join(paragraph.split()) for paragraph in book.split("\n\n")]

# 2. Train on Docs from any pipeline; they are read once.
nlp = spacy.blank("en")
vectors = spacy_sgns.train(nlp.pipe(paragraphs), dim=100, epochs=60, learning_rate=0.05)
print(f"{len(paragraphs)} paragraphs gave {vectors}\n")

# 3. Which words are used alike?
for word in ("dodo", "hatter", "cat", "bottle"):
    near = ", ".join(f"{other} {cosine:.2f}" for other, cosine in vectors.most_similar(word, n=5))
    print(f"{word:>6}: {near}")

# 4. Words can be added, and others subtracted: most_similar(["king", "trial"], negative="hearts").
print()
for words in (["duchess", "baby"], ["king", "trial"]):
    print(f"{' + '.join(words)}: {', '.join(word for word, _ in vectors.most_similar(words, n=6))}")

# 5. How close are two words? Capitals do not matter.
print()
for a, b in (("Hatter", "Hare"), ("King", "Queen"), ("Hatter", "garden")):
    print(f"similarity of {a} and {b}: {vectors.similarity(a, b):.2f}")

# 6. A word that occurs fewer than min_count times has no vector: an error, which offers similar words.
try:
    vectors["quen"]
except UnknownWord as error:
    print(f"\n{error}")

# 7. Save to a file that gensim, spaCy's `init vectors` and many others read, and load it again.
with TemporaryDirectory() as folder:
    vectors.save(Path(folder) / "alice.vec")
    again = WordVectors.load(Path(folder) / "alice.vec")
    print(f"\nread from alice.vec: {again}; queen and king still {again.similarity('queen', 'king'):.2f}")
