import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.corpus.text_hashes import TextHasher, count_duplicates, duplicate_indices

TEXTS = st.lists(st.lists(st.integers(0, 2), max_size=4), max_size=20)


def hashes_of(texts, cuts=()):
    """Return the hashes of texts whose tokens come in calls that end at `cuts`."""
    tokens = np.array([token for text in texts for token in text], np.int32)
    ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
    hasher, made, start = TextHasher(), [], 0
    for stop in [*sorted(cut for cut in cuts if cut < len(tokens)), len(tokens)]:
        own = ends[(ends > start) & (ends <= stop) | (ends == 0) & (start == 0)]
        made += hasher.add(tokens[start:stop], np.unique(own) - start).tolist()
        start = stop
    return made


@given(TEXTS, st.sets(st.integers(1, 50)))
def test_texts_have_the_same_hash_if_they_are_the_same(texts, cuts):
    filled = [text for text in texts if text]
    made = hashes_of(filled, cuts)
    assert made == hashes_of(filled)
    assert len(set(made)) == len({tuple(text) for text in filled}) and 0 not in made


def test_a_text_without_tokens_has_none():
    assert TextHasher().add(np.array([5], np.int32), np.array([0, 0, 1, 1])).tolist()[::3] == [0, 0]


def test_no_two_of_many_texts_have_the_same_hash():
    """All texts of up to 16 tokens of two forms, because similar texts would collide first."""
    texts = [[int(bit) for bit in f"{number:b}"] for number in range(1, 1 << 16)]
    assert count_duplicates(np.array(hashes_of(texts), np.uint64)) == 0


@given(st.lists(st.integers(0, 5), max_size=30))
def test_repeated_are_all_but_the_first(hashes):
    wanted = [place for place, each in enumerate(hashes) if each and each in hashes[:place]]
    found = np.array(hashes, np.uint64)
    assert sorted(duplicate_indices(found).tolist()) == wanted
    assert count_duplicates(found) == len(wanted)
