"""Train vectors on a small book, ask them questions, and take them to other tools in a file."""

from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import spacy

import spacy_sgns
from spacy_sgns import UnknownWord, WordVectors

# 1. Some texts: the paragraphs of Alice in Wonderland, which comes with the package.
book = (files("spacy_sgns") / "sample" / "alice.txt").read_text(encoding="utf8")
paragraphs = [" ".join(paragraph.split()) for paragraph in book.split("\n\n")]

# 2. Train. Any Docs will do, made by any pipeline; they are gone through once.
nlp = spacy.blank("en")
vectors = spacy_sgns.train(nlp.pipe(paragraphs), dim=100, epochs=60, learning_rate=0.05)
print(f"{len(paragraphs)} paragraphs gave {vectors}\n")

# 3. Whom does the book put next to whom?
for word in ("dodo", "hatter", "cat", "bottle"):
    near = ", ".join(f"{other} {cosine:.2f}" for other, cosine in vectors.most_similar(word, n=5))
    print(f"{word:>6}: {near}")

# 4. Several words may be added up, and others taken away: most_similar(["king", "trial"], negative="hearts").
print()
for words in (["duchess", "baby"], ["king", "trial"]):
    print(f"{' + '.join(words)}: {', '.join(word for word, _ in vectors.most_similar(words, n=6))}")

# 5. How close are two words? Capitals do not matter.
print()
for a, b in (("Hatter", "Hare"), ("King", "Queen"), ("Hatter", "garden")):
    print(f"similarity of {a} and {b}: {vectors.similarity(a, b):.2f}")

# 6. A word the book does not have (or has fewer than min_count times) is an error that helps.
try:
    vectors["quen"]
except UnknownWord as error:
    print(f"\n{error}")

# 7. To a file that gensim, spaCy's `init vectors` and many others read, and back.
with TemporaryDirectory() as folder:
    vectors.save(Path(folder) / "alice.vec")
    again = WordVectors.load(Path(folder) / "alice.vec")
    print(f"\nread from alice.vec: {again}; queen and king still {again.similarity('queen', 'king'):.2f}")
