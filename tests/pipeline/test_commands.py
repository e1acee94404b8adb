"""spaCy's own commands on configs with the component or the callback."""

import importlib
import tarfile
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from spacy_sgns.pipeline.factory import from_language
from spacy_sgns.pipeline.options import RunOptions
from spacy_sgns.pipeline.train import train_pipeline
from spacy_sgns.settings import Settings
from spacy_sgns.sources.source import Source
from tests.pipeline.tiny_corpus import QUICK, TEXTS

HERE = Path(__file__).parent
SGNS = """
[components.sgns]
factory = "sgns"
dim = 8
epochs = 5
learning_rate = 0.5
min_count = 3
subsample = 0.0
"""
READER = '@readers = "spacy_sgns.TextCorpus.v1"\npath = ${paths.texts}\n'
COMPONENT_CORPUS = f"""
[initialize.components.sgns]

[initialize.components.sgns.corpus]
{READER}
"""
CALLBACK = f"""
[initialize.before_init]
@callbacks = "spacy_sgns.train_vectors.v1"

[initialize.before_init.corpus]
{READER}
"""
TAGGER = """
[components.tagger]
factory = "tagger"

[components.tagger.model]
@architectures = "spacy.Tagger.v2"

[components.tagger.model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = true
width = 8
depth = 1
embed_size = 20
window_size = 1
maxout_pieces = 2
subword_features = false

[training]
seed = 0
gpu_allocator = null
max_steps = 4
eval_frequency = 2
"""


def config(*names, initialize="", more=""):
    pipeline = ", ".join(f'"{name}"' for name in names)
    return f"""
[paths]
texts = "corpus.txt"

[corpora]

[corpora.train]
@readers = "spacy.Corpus.v1"
path = "tagged.spacy"

[corpora.dev]
@readers = "spacy_sgns.TextCorpus.v1"
path = "tagged.spacy"

[nlp]
lang = "en"
pipeline = [{pipeline}]

[components]
{SGNS}{more}
[initialize]

[initialize.components]
{initialize}"""


def spacy_command(run, *args):
    return run("-m", "spacy", *args)


@pytest.fixture
def tagged(corpus):
    """A `.spacy` file in which each token has a tag."""
    docs = []
    for doc in spacy.blank("en").pipe(TEXTS):
        words, spaces = [t.text for t in doc], [bool(t.whitespace_) for t in doc]
        docs.append(Doc(doc.vocab, words=words, spaces=spaces, tags=["W" if w.isalpha() else "X" for w in words]))
    DocBin(docs=docs).to_disk(corpus.parent / "tagged.spacy")
    return corpus


def test_fill_debug_assemble(tagged, run, made):
    folder = tagged.parent
    (folder / "base.cfg").write_text(config("sgns", initialize=COMPONENT_CORPUS))
    spacy_command(run, "init", "fill-config", "base.cfg", "full.cfg")
    full = (folder / "full.cfg").read_text()
    assert '[components.sgns.architecture]\n@sgns_architectures = "skipgram.v1"' in full
    assert "dim = 8" in full and "window = 5" in full and 'drop = ["punct"]' in full
    assert "Config is valid" in spacy_command(run, "debug", "config", "full.cfg")
    spacy_command(run, "assemble", "full.cfg", "out")
    nlp = spacy.load(folder / "out")
    assert nlp("Cat")[0].vector.tolist() == made.get_pipe("sgns").vectors["cat"].tolist()
    report = nlp.get_pipe("sgns").report["corpus"]
    assert {**report, "source": {}} == made.get_pipe("sgns").report["corpus"]  # that was Docs


@pytest.mark.parametrize(
    ("names", "initialize"),
    [(("tagger", "sgns"), CALLBACK), (("sgns", "tagger"), COMPONENT_CORPUS)],
    ids=["callback, sgns last", "corpus, sgns first"],
)
def test_train_a_tagger_on_the_vectors(tagged, run, made, names, initialize):
    folder = tagged.parent
    (folder / "base.cfg").write_text(config(*names, initialize=initialize, more=TAGGER))
    said = spacy_command(run, "train", "base.cfg", "--output", "trained")
    assert "TAG_ACC" in said
    nlp = spacy.load(folder / "trained" / "model-last")
    assert nlp.pipe_names == list(names)
    assert nlp("Cat")[0].vector.tolist() == made.get_pipe("sgns").vectors["cat"].tolist()
    assert nlp("The cat ran")[0].tag_
    assert nlp.get_pipe("tagger").model.get_ref("tok2vec")


def test_package_has_what_it_needs(made, tmp_path, run, monkeypatch):
    made.to_disk(tmp_path / "trained")
    (tmp_path / "packages").mkdir()
    spacy_command(run, "package", "trained", "packages", "--build", "sdist", "--name", "tiny", "--version", "1.2.3")
    (archive,) = (tmp_path / "packages" / "en_tiny-1.2.3" / "dist").glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "unpacked")
    (root,) = (tmp_path / "unpacked").iterdir()
    monkeypatch.syspath_prepend(root)
    nlp = importlib.import_module("en_tiny").load()
    assert nlp("Cat")[0].vector.tolist() == made.get_pipe("sgns").vectors["cat"].tolist()
    assert nlp.get_pipe("sgns").report == made.get_pipe("sgns").report
    assert [need for need in nlp.meta["requirements"] if need.startswith("spacy-sgns>=0.1.0,<0.2.0")]


def test_vectors_alone_need_no_plugin(corpus, run, made):
    output = corpus.parent / "out"
    factory, settings = from_language("en", {}), Settings.of(**QUICK)
    train_pipeline(Source(corpus), factory, settings, RunOptions(output), warn=pytest.fail)
    assert "['Cat', 'CAT', 'Iphone']" in run(HERE / "without_plugin.py", "out", "again")
    again = spacy.load(corpus.parent / "again")
    assert again("cat")[0].vector.tolist() == made.get_pipe("sgns").vectors["cat"].tolist()


def test_train_shows_the_training_of_vectors_and_what_they_are_not_used_for(tagged, run):
    folder = tagged.parent
    more = TAGGER.replace("pretrained_vectors = true", "pretrained_vectors = false")
    (folder / "base.cfg").write_text(config("sgns", "tagger", initialize=CALLBACK, more=more))
    said = spacy_command(run, "train", "base.cfg", "--output", "trained")
    for line in (
        "reading corpus.txt",
        "read 13 texts, 201 tokens",
        "kept 16 words, ",
        "epoch 1/5: loss ",
        "epoch 5/5: ",
    ):
        assert f"[INFO] sgns: {line}" in said
    assert "SgnsWarning: No component uses the vectors that are trained. Set pretrained_vectors = true in " in said


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--initialize.vectors", "other"), "vectors is 'other' and would replace"),
        (("--paths.texts", "nowhere.txt"), "There is no file or folder nowhere.txt."),
        (("--components.sgns.min_count", "100"), "min_count"),
        (("--initialize.before_init.corpus.unit", "lin"), "Did you mean line?"),
    ],
)
def test_an_error_in_train_is_one_message_without_a_traceback(tagged, run, flags, message):
    text = config("sgns", "tagger", initialize=CALLBACK + 'unit = "line"\n', more=TAGGER)
    (tagged.parent / "base.cfg").write_text(text.replace("[initialize]\n", "[initialize]\nvectors = null\n"))
    said = run("-m", "spacy", "train", "base.cfg", *flags, fails=True)
    assert message in " ".join(said.split()) and "Traceback" not in said and "✘" in said
