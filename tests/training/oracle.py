"""Naive references of the training kernels: plain Python, number by number from the formulas, without NumPy.

| reference | of the kernel |
|---|---|
| `chunk_tokens`, `pairs_of` | `training/chunks.py`: segments and windows |
| `skipgram_ns_step` | skip-gram with negative sampling, from pairs to bounded steps |
| `skipgram_examples`, `cbow_examples` | `training/architectures/`: hidden rows and targets |
| `ns_questions`, `hs_questions` | `training/objectives/`: the logistic terms of the loss |
| `examples_step` | any of these two with any of those: loss and steps |
| `row_sums` | `training/update/row_sums.py` |
| `limited` | `training/update/trust_region.py` |
| `noise_probability`, `alias_probability` | `training/objectives/noise.py` |

A centre c and a context o at distance k, in the same text and the same segment, are a pair of weight
a = (w + 1 - k) / w: the probability that a window drawn from 1..w reaches that far. The loss of a chunk is

    sum over pairs of         a · -log σ(h_c · o_o)
  + sum over centres c of     A_c · negative / N  ·  sum over the N noise words n of c's group of  -log σ(-h_c · o_n)

where A_c is the summed weight of c's pairs, h are input rows and o output rows. A step is -rate · gradient of that
loss, summed by word; a word's input row and its output row (contexts and noise together) each move by at most
`radius`.
"""

from collections import defaultdict
from math import exp, inf, log1p, sqrt
from typing import NamedTuple


class ChunkToken(NamedTuple):
    """The origin of a token of a chunk. token: its index in the shard, or None for padding."""

    token: int | None
    text: int
    segment: int


class OracleStep(NamedTuple):
    """The step of a chunk. weight: summed over its pairs. inputs, outputs: the step of each word's row."""

    loss: float
    weight: float
    inputs: dict
    outputs: dict


def chunk_tokens(tokens, ends, *, length, segment, shift):
    """Return the tokens of each chunk, lists of `ChunkToken`.

    Segment s of the shard, which begins after `shift` tokens of padding, is in chunk s modulo the number of chunks,
    after the earlier segments of that chunk.
    """
    chunks = (shift + tokens + length - 1) // length
    made = [[] for _ in range(chunks)]
    for at in range(chunks * length):
        token = at - shift if 0 <= at - shift < tokens else None
        text = sum(1 for end in ends if end <= token) if token is not None else -1
        made[at // segment % chunks].append(ChunkToken(token, text, at // segment))
    return made


def pairs_of(chunk, window):
    """Return (centre, context, weight) of each pair of a chunk, a list of `ChunkToken`."""
    pairs = []
    for c, centre in enumerate(chunk):
        for o, context in enumerate(chunk):
            if centre.token is None or context.token is None or c == o:
                continue
            distance = abs(centre.token - context.token)
            if distance <= window and centre.text == context.text and centre.segment == context.segment:
                pairs.append((c, o, (window + 1 - distance) / window))
    return pairs


def pairs_by_reach(left, right, window):
    """Return (centre, context, weight) of each pair, from the reach of each token."""
    return [
        (c, o, (window + 1 - abs(c - o)) / window)
        for c in range(len(left))
        for o in range(c - left[c], c + right[c] + 1)
        if o != c
    ]


def skipgram_ns_step(words, pairs, noise, inputs, outputs, *, negative, rate, radius=inf):
    """Return the step of one chunk by skip-gram with negative sampling.

    words: of the chunk's tokens. pairs: as from `pairs_of`. noise: a list of words for each group of tokens; all groups
    have the same number of tokens. inputs, outputs: a list of numbers for each word.
    """
    group = len(words) // len(noise)
    loss, weight_of = 0.0, defaultdict(float)
    by_input, by_output = (defaultdict(lambda: [0.0] * len(inputs[0])) for _ in range(2))
    for c, o, weight in pairs:
        weight_of[c] += weight
        h, row = inputs[words[c]], outputs[words[o]]
        score = dot(h, row)
        loss += weight * minus_log_sigmoid(score)
        slope = -weight * sigmoid(-score)
        add(by_input[words[c]], slope, row)
        add(by_output[words[o]], slope, h)
    for c, total in weight_of.items():
        drawn = noise[c // group]
        weight = negative * total / len(drawn)
        for n in drawn:
            h, row = inputs[words[c]], outputs[n]
            score = dot(h, row)
            loss += weight * minus_log_sigmoid(-score)
            slope = weight * sigmoid(score)
            add(by_input[words[c]], slope, row)
            add(by_output[n], slope, h)
    steps = [
        {word: limited([-rate * g for g in gradient], radius) for word, gradient in gradients.items()}
        for gradients in (by_input, by_output)
    ]
    return OracleStep(loss, sum(weight_of.values()), *steps)


class Example(NamedTuple):
    """A hidden row and its targets.

    hidden: (word, share) of the input rows that sum to the hidden row. token: its index in the chunk. targets: (word,
    weight) of the words to predict.
    """

    hidden: list
    token: int
    targets: list


def skipgram_examples(words, pairs):
    """Return an example for each centre: it predicts each of its contexts."""
    contexts = defaultdict(list)
    for c, o, weight in pairs:
        contexts[c].append((words[o], weight))
    return [Example([(words[c], 1.0)], c, targets) for c, targets in contexts.items()]


def cbow_examples(words, pairs):
    """Return an example for each centre: the weighted mean of its contexts predicts it."""
    contexts = defaultdict(list)
    for c, o, weight in pairs:
        contexts[c].append((words[o], weight))
    total = {c: sum(weight for _, weight in those) for c, those in contexts.items()}
    return [
        Example([(word, weight / total[c]) for word, weight in those], c, [(words[c], 1.0)])
        for c, those in contexts.items()
    ]


def ns_questions(noise, group, negative):
    """Return the questions of negative sampling for an example, as (output row, sign, weight).

    The loss is the sum of weight · -log σ(sign · h · row). noise: a list of words for each group of `group` tokens.
    """

    def questions(example):
        drawn, total = noise[example.token // group], sum(weight for _, weight in example.targets)
        shared = [(n, -1, negative * total / len(drawn)) for n in drawn]
        return [(word, 1, weight) for word, weight in example.targets] + shared

    return questions


def hs_questions(parent, right):
    """Return the questions of hierarchical softmax for an example, as (output row, sign, weight).

    parent, right: of the nodes of a tree; the words come first, and the root, the last node, is its own parent.
    """
    words = (len(parent) + 1) // 2

    def questions(example):
        made = []
        for word, weight in example.targets:
            node = word
            while parent[node] != node:
                made.append((parent[node] - words, -1 if right[node] else 1, weight))
                node = parent[node]
        return made

    return questions


def examples_step(examples, questions, inputs, outputs, *, rate, share=None):
    """Return the step of examples. share: maps a context's share in the hidden row to its share in the gradient."""
    loss = weight = 0.0
    by_input, by_output = (defaultdict(lambda: [0.0] * len(inputs[0])) for _ in range(2))
    for example in examples:
        hidden, slope = [0.0] * len(inputs[0]), [0.0] * len(inputs[0])
        for word, part in example.hidden:
            add(hidden, part, inputs[word])
        weight += sum(w for _, w in example.targets)
        for row, sign, w in questions(example):
            score = sign * dot(hidden, outputs[row])
            loss += w * minus_log_sigmoid(score)
            add(slope, -sign * w * sigmoid(-score), outputs[row])
            add(by_output[row], -sign * w * sigmoid(-score), hidden)
        for word, part in example.hidden:
            add(by_input[word], share(part) if share else part, slope)
    steps = [{row: [-rate * g for g in gs] for row, gs in by_row.items()} for by_row in (by_input, by_output)]
    return OracleStep(loss, weight, *steps)


def take(steps, inputs, outputs):
    """Add steps to the rows from which they were all computed."""
    for step in steps:
        for rows, moves in ((inputs, step.inputs), (outputs, step.outputs)):
            for word, move in moves.items():
                add(rows[word], 1.0, move)


def row_sums(ids, rows):
    """Return the sum of the rows of each id, a dict."""
    sums = {}
    for word, row in zip(ids, rows, strict=True):
        add(sums.setdefault(word, [0.0] * len(row)), 1.0, row)
    return sums


def noise_probability(counts, exponent):
    """Return the probability of each word as noise: f ** exponent, normalized."""
    weights = [float(count) ** exponent for count in counts]
    total = sum(weights)
    return [weight / total for weight in weights]


def alias_probability(stay, alias):
    """Return the probability of each word that an alias table draws: hit and kept, or the alias of a word hit."""
    probability = [0.0] * len(stay)
    for word, chance in enumerate(stay):
        probability[word] += chance / len(stay)
        probability[alias[word]] += (1 - chance) / len(stay)
    return probability


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def add(row, factor, other):
    for i, x in enumerate(other):
        row[i] += factor * x


def sigmoid(x):
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def minus_log_sigmoid(x):
    return max(-x, 0.0) + log1p(exp(-abs(x)))


def limited(move, radius):
    length = sqrt(dot(move, move))
    return move if length <= radius else [x * radius / length for x in move]
