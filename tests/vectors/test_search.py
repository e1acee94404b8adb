"""Search results: those of brute force in double precision, whatever the batch, with ties in the order of words."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.errors import SettingError, UnknownWord
from spacy_sgns.vectors.search import SCORING_METHODS, TIE_TOLERANCE, Query, Search
from spacy_sgns.vectors.word_vectors import WordVectors

SEEDS = st.integers(0, 2**32 - 1)


def made_up(seed, words=60, dim=7, **more):
    """Return vectors, some of which are equal, opposite or zero."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(words, dim))
    rows[rng.integers(words, size=4)] = rows[rng.integers(words, size=4)]
    rows[rng.integers(words, size=2)] = -rows[rng.integers(words, size=2)]
    rows[rng.integers(words)] = 0
    return WordVectors([f"w{i:02}" for i in range(words)], rows.astype(np.float32), **more)


def unit_rows(vectors):
    rows = vectors.rows.astype(np.float64)
    lengths = np.sqrt((rows * rows).sum(1, keepdims=True))
    return rows / np.where(lengths, lengths, 1)


def score(method, candidate, positive, negative):
    """The score of one unit vector, by the formulas of the papers."""
    if method == "3cosadd":
        query = sum(positive) - sum(negative) if len(negative) else sum(positive)
        return candidate @ query / (np.sqrt(query @ query) or 1)
    product = 1.0
    for row in positive:
        product *= (candidate @ row + 1) / 2
    divisor = 1.0
    for row in negative:
        divisor *= (candidate @ row + 1) / 2
    return product / (divisor + 0.001)


def brute_force(vectors, positive, negative, method, among):
    """All scores, the best first; those within a millionth of the first of a group are ties."""
    unit = unit_rows(vectors)
    places = {word: i for i, word in enumerate(vectors.words)}
    given = [[unit[places[word]] for word in words] for words in (positive, negative)]
    allowed = [word for word in among if word not in (*positive, *negative)]
    scored = sorted(((float(score(method, unit[places[w]], *given)), places[w]) for w in allowed), key=lambda s: -s[0])
    ordered, leader, group = [], None, []
    for value, place in scored:
        if leader is not None and value < leader - TIE_TOLERANCE:
            ordered += sorted(group)
            group, leader = [], None
        leader = value if leader is None else leader
        group.append(place)
    return [(vectors.words[place], {p: v for v, p in scored}[place]) for place in ordered + sorted(group)]


def random_queries(vectors, seed, number=20):
    rng = np.random.default_rng(seed)
    for _ in range(number):
        some = rng.permutation(vectors.words)[:4].tolist()
        positive = some[: rng.integers(1, 3)]
        yield positive, some[2 : 2 + rng.integers(0, 3)]


@pytest.mark.parametrize("method", SCORING_METHODS)
@given(seed=SEEDS, n=st.integers(1, 70), restricted=st.booleans())
def test_hits_are_those_of_brute_force(method, seed, n, restricted):
    vectors = made_up(seed)
    among = np.random.default_rng(seed).permutation(vectors.words)[:25].tolist() if restricted else vectors.words
    for positive, negative in random_queries(vectors, seed, 3):
        found = vectors.most_similar(positive, negative, n, method=method, among=among if restricted else None)
        expected = brute_force(vectors, positive, negative, method, among)[:n]
        near = {"rel": 1e-5 if method == "3cosadd" else 1e-3, "abs": 3e-6}  # opposites: a division by almost zero
        assert [value for _, value in found] == pytest.approx([value for _, value in expected], **near)
        near_ties = any(abs(abs(a - b) - TIE_TOLERANCE) < 1e-7 for (_, a), (_, b) in itertools.pairwise(expected))
        if method == "3cosadd" and not near_ties:
            assert [word for word, _ in found] == [word for word, _ in expected]


@pytest.mark.parametrize("method", SCORING_METHODS)
def test_a_query_has_the_same_hits_alone_and_in_a_batch(method, monkeypatch):
    vectors = made_up(3, words=3000, dim=50)
    queries = [*random_queries(vectors, 5, 200), *vectors.words[:50]]
    together = vectors.most_similar_batch(queries, 12, method=method)
    monkeypatch.setattr("spacy_sgns.vectors.search.MAX_COSINES", 3 * len(vectors))
    in_batches = vectors.most_similar_batch(queries, 12, method=method)
    alone = [vectors.most_similar_batch([one], 12, method=method)[0] for one in queries]
    for a, b, c in zip(together, in_batches, alone, strict=True):
        assert [word for word, _ in a] == [word for word, _ in b] == [word for word, _ in c]
        assert [s for _, s in a] == pytest.approx([s for _, s in c], rel=1e-6, abs=1e-6)


def test_scores_that_hardly_differ_stand_in_the_order_of_the_words():
    angles = np.array([0, 0.3, 0.3 - 1e-8, 0.3 - 2e-8, 0.2])
    vectors = WordVectors([*"abcde"], np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert [word for word, _ in vectors.most_similar("a", n=2)] == ["e", "b"]
    assert [word for word, _ in vectors.most_similar("a", n=9)] == ["e", "b", "c", "d"]


@pytest.mark.parametrize("method", SCORING_METHODS)
@given(seed=SEEDS)
def test_ranks_are_positions_among_the_hits(method, seed):
    vectors = made_up(seed)
    for positive, negative in random_queries(vectors, seed, 2):
        every = vectors.most_similar(positive, negative, len(vectors), method=method)
        gaps = np.diff([s for _, s in every])
        for place, (word, _) in enumerate(every, 1):
            around = np.abs(gaps[max(0, place - 4) : place + 3])
            if (
                (around > 2 * TIE_TOLERANCE) | (around < TIE_TOLERANCE / 4)
            ).all():  # chains of near ties are ordered from their first
                assert vectors.rank(positive, word, negative, method=method) == place


def test_an_analogy_is_b_minus_a_plus_c():
    vectors = made_up(1)
    assert vectors.analogy("w01", "w02", "w03", 5) == vectors.most_similar(["w02", "w03"], ["w01"], 5)
    rows = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 1, 1], [1, 1, 1]], float)
    royal = WordVectors(["man", "king", "woman", "queen", "castle"], rows)
    assert royal.analogy("man", "king", "woman")[0][0] == "queen"
    assert royal.rank(["king", "woman"], "queen", "man") == 1


def test_the_odd_one_out_has_the_lowest_mean_cosine_with_the_others():
    vectors = made_up(2)
    some = vectors.words[:6]
    unit = dict(zip(vectors.words, unit_rows(vectors), strict=True))
    expected = {word: np.mean([unit[word] @ unit[other] for other in some if other != word]) for word in some}
    found = vectors.odd_one_out(some)
    assert dict(found) == pytest.approx(expected, abs=1e-6)
    assert found[0][0] == min(expected, key=expected.get)
    assert [value for _, value in found] == sorted(value for _, value in found)


@pytest.mark.parametrize("words", [(), ("w01", "w02"), ("w01", "w01", "w02")])
def test_two_words_have_no_odd_one(words):
    with pytest.raises(SettingError, match="takes three different words"):
        made_up(0).odd_one_out(words)


def test_hits_among_the_most_frequent():
    counts = np.arange(60)
    vectors = made_up(4, counts=counts)
    frequent = {f"w{i:02}" for i in range(40, 60)}
    assert {word for word, _ in vectors.most_similar("w00", n=60, among=20)} == frequent
    assert len(vectors.most_similar("w00", n=60, among=1000)) == 59
    by_place = made_up(4)  # files list the most frequent words first
    assert {word for word, _ in by_place.most_similar("w50", n=60, among=20)} == {f"w{i:02}" for i in range(20)}


def test_hits_among_words_are_never_those_of_the_query():
    vectors = made_up(4)
    assert {word for word, _ in vectors.most_similar("w01", among=["w01", "w02", "w03"])} == {"w02", "w03"}
    assert vectors.most_similar("w01", among=["w01"]) == []
    with pytest.raises(UnknownWord, match="Did you mean w0"):
        vectors.most_similar("w01", among=["w0"])


def test_words_that_differ_in_case_only_are_one_hit():
    angles = np.array([0, 0.01, 0.1, 0.11, 0.2, 0.12, 0.3])
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    words = ["paris", "Paris", "London", "LONDON", "Rome", "london", "Oslo"]
    folded = WordVectors(words, rows, fold_case_variants=True)
    assert [word for word, _ in folded.most_similar("paris", n=3)] == ["London", "Rome", "Oslo"]
    assert [word for word, _ in folded.most_similar("paris", n=2)] == ["London", "Rome"]
    assert [folded.rank("paris", word) for word in ("London", "Rome", "Oslo")] == [1, 2, 3]
    assert [word for word, _ in WordVectors(words, rows).most_similar("paris", n=3)] == ["Paris", "London", "LONDON"]


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ({"method": "cosine"}, "method must be 3cosadd or 3cosmul"),
        ({"among": 0}, "among must be words"),
        ({"n": 1.5}, "n must be a whole number"),
    ],
)
def test_invalid_arguments_are_reported(arguments, wrong):
    with pytest.raises(SettingError, match=wrong):
        made_up(0).most_similar("w00", **arguments)


def test_a_word_of_the_query_has_no_rank():
    with pytest.raises(SettingError, match="'w00' is in the query"):
        made_up(0).rank("w00", "w00")


def test_a_search_does_not_hold_the_cosines_of_all_queries_at_once(monkeypatch):
    """The cosines of a thousand queries with a million words would take gigabytes."""
    monkeypatch.setattr("spacy_sgns.vectors.search.MAX_COSINES", 100)
    unit = np.eye(50, dtype=np.float32)
    queries = [Query((i,)) for i in range(50)]
    hits = list(Search(unit).search(queries, 1, SCORING_METHODS["3cosadd"]))
    assert [found.rows.tolist() for found in hits] == [[1], *([[0]] * 49)]
