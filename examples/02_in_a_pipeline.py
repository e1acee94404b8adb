"""Give a spaCy pipeline vectors of its own: tokens, spans and documents can then be compared as usual."""

from importlib.resources import files
from tempfile import TemporaryDirectory

import spacy

# 1. Some texts: the paragraphs of Alice in Wonderland, which comes with the package.
book = (files("spacy_sgns") / "sample" / "alice.txt").read_text(encoding="utf8")
paragraphs = [" ".join(paragraph.split()) for paragraph in book.split("\n\n")]

# 2. A pipeline with the component; its settings have the names of the command's flags.
nlp = spacy.blank("en")
sgns = nlp.add_pipe("sgns", config={"dim": 100, "epochs": 60, "learning_rate": 0.05})
sgns.train(nlp.pipe(paragraphs))
epochs = sgns.report["epochs"]
print(f"loss {epochs[0]['loss']:.2f} in the first epoch, {epochs[-1]['loss']:.2f} in the last\n")

# 3. The vectors are in the vocab, where spaCy looks for them, for every spelling of a word.
for token in nlp("The HATTER pours tea for a velociraptor"):
    print(f"{token.text:>12} {'' if token.has_vector else 'no vector:':>10} {token.vector[:4].round(2)} ...")

# 4. So Docs can be compared. Search: which paragraph is nearest to a question?
passages = [doc for doc in nlp.pipe(paragraphs) if len(doc) > 20]
for question in ("a tea party with the mad Hatter and the Dormouse", "the trial about the stolen tarts"):
    query = nlp(question)
    best = max(passages, key=query.similarity)
    print(f"\n{question}?\n  {query.similarity(best):.2f}  {best[:30].text} ...")

# 5. Save and load the pipeline like any other.
with TemporaryDirectory() as folder:
    nlp.to_disk(folder)
    loaded = spacy.load(folder)
    print("\nafter spacy.load, nearest to Queen:", [w for w, _ in loaded.get_pipe("sgns").most_similar("Queen", n=5)])
