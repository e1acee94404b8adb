"""An objective of your own: a full softmax over a small vocabulary, which predicts each word among all words."""

import subprocess
import sys
from importlib.resources import files
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np

from spacy_sgns import WordVectors, registry


class FullSoftmax:
    def max_outputs(self, length, counts, settings):  # the output rows that a chunk of `length` tokens needs: all
        return len(counts)

    def loss_kernel(self, workspace, rows, counts, settings):
        return FullSoftmaxKernel(workspace, rows, len(counts))


class FullSoftmaxKernel:
    def __init__(self, workspace, rows, words):
        self.rows, self.targets, self.one_hot = rows, rows.target_sums(words), np.eye(words)
        self.outputs, self.grad_outputs = workspace.outputs[:words], workspace.grad_outputs[:words]

    def plan(self, ids, weights, rate, rng):  # ids of a batch of chunks: (chunks, tokens)
        return SimpleNamespace(outputs=np.tile(np.arange(len(self.one_hot)), (len(ids), 1)), ids=ids)

    def forward_backward(self, plan, chunk):  # loss -log softmax(h · o), summed over pairs by weight
        hidden, self.targets.values[:] = self.rows.hidden, self.one_hot[plan.ids[chunk]]
        self.targets.into(weights := np.empty_like(self.targets.values))  # (tokens, words): each hidden row's targets
        logs = (scores := hidden @ self.outputs.T) - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        errors = weights - weights.sum(1, keepdims=True) * np.exp(logs)
        self.rows.grad_hidden[:] = errors @ self.outputs
        self.grad_outputs[:] = errors.T @ hidden
        return -float(np.vdot(weights, logs))


registry.objectives.register("full_softmax.v1", func=FullSoftmax)

if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        own = ["--code", __file__, "--objective", "full_softmax", "--epochs", "30", "--learning-rate", "0.1"]
        train = [sys.executable, "-m", "spacy", "sgns", "train", files("spacy_sgns") / "sample" / "alice.txt"]
        subprocess.run([*train, f"{folder}/alice", "--unit", "paragraph", *own], check=True, stdout=subprocess.DEVNULL)
        for word in ("dodo", "hatter", "cat", "bottle"):
            near = WordVectors.load(f"{folder}/alice").most_similar(word, n=5)
            print(f"{word:>6}: {', '.join(f'{other} {cosine:.2f}' for other, cosine in near)}")
