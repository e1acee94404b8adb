"""Run as a script: load a pipeline where spacy_sgns is not installed, save it again, print which words have vectors.

python without_plugin.py PIPELINE OUTPUT [EXCLUDED COMPONENT...]
"""

import importlib.metadata
import sys

installed = importlib.metadata.distributions


def others(**how):
    return (d for d in installed(**how) if d.metadata["Name"] != "spacy-sgns")


importlib.metadata.distributions = others
sys.modules["spacy_sgns"] = None

import spacy  # noqa: E402

path, output, *excluded = sys.argv[1:]
nlp = spacy.load(path, exclude=excluded)
nlp.to_disk(output)
print([token.text for token in nlp("Cat CAT Iphone zzz") if token.has_vector and not token.is_oov])
