"""One step of training, number by number from the formulas and without NumPy, for the kernel to be compared with.

A centre c and a context o at distance k, in the same text and the same segment, are a pair of weight
a = (w + 1 - k) / w: the chance that a window drawn from 1..w reaches so far. The loss of a chunk is

    sum over pairs of         a · -log σ(h_c · o_o)
  + sum over centres c of     A_c · negative / N  ·  sum over the N noise words n of c's group of  -log σ(-h_c · o_n)

where A_c is the summed weight of c's pairs, h are input rows and o output rows. A step is -rate · gradient of that
loss, added up per word; a word's input row and its output row (contexts and noise together) each move by no more than
`radius`.
"""

from collections import defaultdict
from math import exp, inf, log1p, sqrt
from typing import NamedTuple


class TrainingState(NamedTuple):
    """Where a token of a chunk comes from. token: its place in the shard, or None for padding."""

    token: int | None
    text: int
    segment: int


class OracleStep(NamedTuple):
    """loss: of the chunk. weight: of its pairs. inputs, outputs: per word the step of its row."""

    loss: float
    weight: float
    inputs: dict
    outputs: dict


def places(tokens, ends, *, length, segment, shift):
    """Return the places of each chunk: segment s of the shard, which begins after `shift` tokens of padding, is in
    chunk s modulo the number of chunks, after those of its segments that come before."""
    chunks = (shift + tokens + length - 1) // length
    made = [[] for _ in range(chunks)]
    for at in range(chunks * length):
        token = at - shift if 0 <= at - shift < tokens else None
        text = sum(1 for end in ends if end <= token) if token is not None else -1
        made[at // segment % chunks].append(TrainingState(token, text, at // segment))
    return made


def pairs_of(chunk, window):
    """Return (centre, context, weight) of each pair of a chunk, a list of `TrainingState`."""
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
    """Return (centre, context, weight) of each pair, from how far each token reaches."""
    return [
        (c, o, (window + 1 - abs(c - o)) / window)
        for c in range(len(left))
        for o in range(c - left[c], c + right[c] + 1)
        if o != c
    ]


def step(words, pairs, noise, inputs, outputs, *, negative, rate, radius=inf):
    """Return the step of one chunk.

    words: of its tokens. pairs: as from `pairs_of`. noise: a list of words per group of tokens; all groups have the
    same number of tokens. inputs, outputs: a list of numbers per word.
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
    """hidden: words whose input rows are added up, with shares. token: whose it is. targets: words with weights."""

    hidden: list
    token: int
    targets: list


def skipgram(words, pairs):
    """Return an example per centre: it is to predict each of its contexts."""
    contexts = defaultdict(list)
    for c, o, weight in pairs:
        contexts[c].append((words[o], weight))
    return [Example([(words[c], 1.0)], c, targets) for c, targets in contexts.items()]


def cbow(words, pairs):
    """Return an example per centre: the mean of its contexts, by their weights, is to predict it."""
    contexts = defaultdict(list)
    for c, o, weight in pairs:
        contexts[c].append((words[o], weight))
    total = {c: sum(weight for _, weight in those) for c, those in contexts.items()}
    return [
        Example([(word, weight / total[c]) for word, weight in those], c, [(words[c], 1.0)])
        for c, those in contexts.items()
    ]


def by_noise(noise, group, negative):
    """Return what negative sampling asks in an example, as (output row, sign, weight): the loss is the sum of
    weight · -log σ(sign · h · row). noise: words per group of tokens."""

    def questions(example):
        drawn, total = noise[example.token // group], sum(weight for _, weight in example.targets)
        shared = [(n, -1, negative * total / len(drawn)) for n in drawn]
        return [(word, 1, weight) for word, weight in example.targets] + shared

    return questions


def by_path(parent, right):
    """Return what hierarchical softmax asks in an example, in the same way. parent, right: of a tree's nodes, of which
    the first are the words; the root, the last one, is its own parent."""
    words = (len(parent) + 1) // 2

    def questions(example):
        asked = []
        for word, weight in example.targets:
            node = word
            while parent[node] != node:
                asked.append((parent[node] - words, -1 if right[node] else 1, weight))
                node = parent[node]
        return asked

    return questions


def step_of(examples, questions, inputs, outputs, *, rate, share=None):
    """Return the step of examples. share: what of its hidden row's gradient a context gets; without it its share."""
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
    """Add steps, all computed from the same rows, to the rows."""
    for each in steps:
        for rows, moves in ((inputs, each.inputs), (outputs, each.outputs)):
            for word, move in moves.items():
                add(rows[word], 1.0, move)


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
