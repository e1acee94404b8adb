"""An objective of your own: a full softmax over a small vocabulary, which predicts each word among all words."""

import subprocess
import sys
from importlib.resources import files
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np

from spacy_sgns import WordVectors, registry


class FullSoftmax:
    def outputs(self, length, counts, settings):  # how many output rows a chunk of so many tokens needs
        return len(counts)

    def questions(self, workspace, examples, counts, settings):
        return Questions(workspace, examples, len(counts))


class Questions:
    def __init__(self, workspace, examples, words):
        self.space, self.examples, self.words = workspace, examples, words

    def plan(self, ids, weights, rate, rng):  # ids: of a batch of chunks
        return SimpleNamespace(outputs=np.tile(np.arange(self.words), (len(ids), 1)), unused=-1, ids=ids, rate=rate)

    def learn(self, plan, chunk):  # writes gradients, returns the loss: -log softmax(scores), by the weight of pairs
        hidden, rows, ids = self.examples.hidden, self.space.outputs[: self.words], plan.ids[chunk]
        is_word, asked = np.eye(self.words, dtype=rows.dtype)[ids], np.empty((len(ids), self.words), rows.dtype)
        self.examples.totals(np.pad(is_word, ((self.space.window,) * 2, (0, 0))), asked)
        logs = (scores := hidden @ rows.T) - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        errors = asked - asked.sum(1, keepdims=True) * np.exp(logs)
        self.examples.hidden_gradient[:] = errors @ rows
        self.space.output_gradients[: self.words] = errors.T @ hidden
        return -float(np.vdot(asked, logs)) / plan.rate


registry.objectives.register("full_softmax.v1", func=FullSoftmax)

if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        own = ["--code", __file__, "--objective", "full_softmax", "--epochs", "30", "--learning-rate", "0.1"]
        train = [sys.executable, "-m", "spacy", "sgns", "train", files("spacy_sgns") / "sample" / "alice.txt"]
        subprocess.run([*train, f"{folder}/alice", "--unit", "paragraph", *own], check=True, stdout=subprocess.DEVNULL)
        for word in ("dodo", "hatter", "cat", "bottle"):
            near = WordVectors.load(f"{folder}/alice").most_similar(word, n=5)
            print(f"{word:>6}: {', '.join(f'{other} {cosine:.2f}' for other, cosine in near)}")
