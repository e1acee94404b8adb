"""Sources and Docs as lists of contexts, for comparison in tests."""

import numpy as np
import pytest
import spacy

from spacy_sgns.sources.source import Source
from spacy_sgns.tokenization.docs import DocMaker
from spacy_sgns.tokenization.source_tokens import source_tokens

PUNCT = ("punct",)
BLANK = spacy.blank("en")
SENTENCES = spacy.blank("en")
SENTENCES.add_pipe("sentencizer")


def contexts(batches):
    """Return the words of each closed context, those of the open one, and the number of texts."""
    found, open_words, texts = [], [], 0
    for batch in batches:
        texts += len(batch.text_ends)
        ends = set(batch.ends.tolist())
        assert batch.form_ids.dtype == np.int32 and sorted(batch.ends.tolist()) == batch.ends.tolist()
        for place in range(len(batch.form_ids) + 1):
            if place in ends:
                found.append(open_words)
                open_words = []
            if place < len(batch.form_ids):
                text = batch.forms.texts[batch.form_ids[place]]
                open_words = open_words if batch.forms.drop_kind(text) else [*open_words, text]
    return [words for words in found if words], open_words, texts


def read_contexts(path, make=lambda: BLANK, drop=PUNCT, *, sentences=False, warn=pytest.fail, **source):
    maker = DocMaker(make, sentences=sentences)
    return contexts(source_tokens(Source(path, **source), maker, drop, sentences=sentences, warn=warn))
