"""The usual route to vectors in spaCy: tokens by spaCy, training by gensim, a file for `spacy init vectors`.

One process makes the tokens: with `nlp.pipe(n_process=2)` it takes longer, since whole Docs are sent between processes.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
from gensim.models import Word2Vec


def main(wanted: dict[str, Any]) -> None:
    start = time.perf_counter()
    tokenize(Path(wanted["texts"]), Path(wanted["tokens"]))
    read = time.perf_counter()
    model = Word2Vec(
        corpus_file=wanted["tokens"],
        sg=1,
        vector_size=wanted["dim"],
        window=wanted["window"],
        negative=wanted["negative"],
        sample=wanted["subsample"],
        alpha=wanted["learning_rate"],
        min_count=wanted["min_count"],
        epochs=wanted["epochs"],
        seed=wanted["seed"],
        workers=wanted["workers"],
    )
    trained = time.perf_counter()
    model.wv.save_word2vec_format(wanted["vectors"])
    Path(wanted["phases"]).write_text(json.dumps({"read": read - start, "train": trained - read}), encoding="utf8")


def tokenize(texts: Path, tokens: Path) -> None:
    """Write the words of each text as a line, lower case, without punctuation."""
    tokenizer = spacy.blank("en").tokenizer
    with texts.open(encoding="utf8") as source, tokens.open("w", encoding="utf8") as out:
        for doc in tokenizer.pipe(_texts(source)):
            print(*(token.lower_ for token in doc if not (token.is_punct or token.is_space)), file=out)


def _texts(lines: Any) -> Iterator[str]:
    return (json.loads(line)["text"] for line in lines)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
