"""Score vectors on gold sets: Spearman's correlation on word pairs, accuracy on analogies, with coverage."""

from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

PAIRS = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.tsv"}
ANALOGIES = "questions-words.txt"
MOST_FREQUENT = 30_000  # words that may be the answer to an analogy


def scores(words: list[str], rows: np.ndarray, gold: Path) -> dict[str, float]:
    """Return each set's score and the share of it that the words cover; `mean` of the three scores."""
    place = {word: i for i, word in enumerate(words)}
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    found: dict[str, float] = {}
    for name, file in PAIRS.items():
        found[name], found[f"{name} coverage"] = _pairs(place, unit, gold / file)
    found["analogies"], found["analogies coverage"] = _analogies(place, unit[:MOST_FREQUENT], gold / ANALOGIES)
    found["mean"] = (found["WordSim-353"] + found["SimLex-999"] + found["analogies"]) / 3
    return found


def _pairs(place: dict[str, int], unit: np.ndarray, path: Path) -> tuple[float, float]:
    lines = [line.split("\t") for line in path.read_text(encoding="utf8").splitlines() if not line.startswith("#")]
    known = [
        (place[a.lower()], place[b.lower()], float(s)) for a, b, s in lines if {a.lower(), b.lower()} <= place.keys()
    ]
    if len(known) < 3:
        return 0.0, 0.0
    a, b, score = (np.array(column) for column in zip(*known, strict=True))
    return float(spearmanr((unit[a] * unit[b]).sum(1), score)[0]), len(known) / len(lines)


def _analogies(place: dict[str, int], unit: np.ndarray, path: Path) -> tuple[float, float]:
    """3CosAdd: the word nearest to b - a + c, the three left out."""
    lines = [line.lower().split() for line in path.read_text(encoding="utf8").splitlines() if not line.startswith(":")]
    known = np.array(
        [[place[w] for w in line] for line in lines if all(place.get(w, len(unit)) < len(unit) for w in line)]
    )
    right = 0
    for part in np.array_split(known, max(1, len(known) // 500)) if len(known) else []:
        a, b, c, answer = part.T
        cosines = (unit[b] - unit[a] + unit[c]) @ unit.T
        cosines[np.arange(len(part))[:, None], part[:, :3]] = -np.inf
        right += int((cosines.argmax(1) == answer).sum())
    return right / max(len(known), 1), len(known) / len(lines)
