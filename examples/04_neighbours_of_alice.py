"""Alice in Wonderland, 30 epochs, 100 dimensions: which words are used like rabbit, queen and hatter?"""

from importlib.resources import files

import spacy

import spacy_sgns

book = (files("spacy_sgns") / "sample" / "alice.txt").read_text(encoding="utf8")
paragraphs = [" ".join(paragraph.split()) for paragraph in book.split("\n\n")]
docs = spacy.blank("en").pipe(paragraphs)
vectors = spacy_sgns.train(docs, dim=100, epochs=30, learning_rate=0.1)

asked = ["rabbit", "queen", "hatter"]
answers = vectors.most_similar_batch(asked, n=8)
print("".join(f"{word:<24}" for word in asked).rstrip())
for row in zip(*answers, strict=True):
    print("".join(f"{word:<12}{cosine:.2f}{'':8}" for word, cosine in row).rstrip())

odd = ["hatter", "hare", "dormouse", "queen"]
print(f"\nodd one out of {', '.join(odd)}: {vectors.odd_one_out(odd)[0][0]}")
