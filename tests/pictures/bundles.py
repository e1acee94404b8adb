"""Bundles of words with similar directions, hostile words, and maps of them."""

from spacy_sgns.pictures.groups import by_clusters
from spacy_sgns.pictures.layout import directions
from spacy_sgns.pictures.word_map import WordMap

BUNDLES, EACH = 4, 15
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{data}}",
    '"quoted"',
    "it's",
    "a&amp;b",
    "$\\frac{1}{0}$",
    "\u202egnitirw",
    "two\u2028lines\u2029here",
    "tab\tand\nline",
    "\x00\x07",
    "\ud800",
    "日本語",
    "🐇",
    "عربي",
    "x" * 200,
]


def map_of(vectors, **settings):
    """A map of all words of some vectors, with four clusters, by PCA unless `settings` say otherwise."""
    rows = list(range(len(vectors)))
    grouping = by_clusters(vectors.words, directions(vectors.rows), BUNDLES, 0)
    return WordMap(vectors, rows, grouping, "made-up", **{"method": "pca", **settings})
