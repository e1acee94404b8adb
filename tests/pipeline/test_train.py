import json
import re
import subprocess
import sys
from pathlib import Path
from threading import Lock

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.vocab import Vocab

import spacy_sgns
from spacy_sgns.errors import SettingError, SgnsError, SgnsWarning
from spacy_sgns.pipeline.factory import from_base, from_config, from_language
from spacy_sgns.pipeline.options import RunOptions
from spacy_sgns.pipeline.train import train_pipeline
from spacy_sgns.runs.work_folder import LOCK
from spacy_sgns.settings import Settings
from spacy_sgns.sources.source import Source
from spacy_sgns.tokenization import docs
from spacy_sgns.tokenization.parallel import pool as share
from tests.pipeline.tiny_corpus import QUICK, RARE, TEXTS

CONFIG = """
[nlp]
lang = "en"
pipeline = ["sentencizer", "words"]

[components]

[components.sentencizer]
factory = "sentencizer"

[components.words]
factory = "sgns"
dim = 8
"""


def train(corpus, output, factory=None, warn=pytest.fail, *, component=False, force=False, **settings):
    return train_pipeline(
        Source(corpus),
        factory or from_language("en", {}),
        Settings.of(**{**QUICK, **settings}),
        RunOptions(output, force=force, component=component),
        warn=warn,
    )


@pytest.fixture
def blueprints(tmp_path):
    """A factory of each kind."""
    base = spacy.blank("en")
    base.add_pipe("sentencizer")
    base.to_disk(tmp_path / "base")
    (tmp_path / "base.cfg").write_text(CONFIG)
    return {
        "lang": from_language("en", {}),
        "base": from_base(str(tmp_path / "base"), {}),
        "config": from_config(tmp_path / "base.cfg", {}),
    }


@pytest.mark.parametrize("component", [False, True], ids=["", "component"])
@pytest.mark.parametrize("kind", ["lang", "base", "config"])
def test_written_pipeline_holds_vectors_and_nothing_else_of_the_corpus(
    tmp_path, corpus, made, blueprints, kind, component
):
    trained = train(corpus, tmp_path / "out", blueprints[kind], component=component)
    names = {"lang": [], "base": ["sentencizer"], "config": ["sentencizer", "words"]}[kind]
    nlp = spacy.load(tmp_path / "out")
    assert nlp.pipe_names == names + (["sgns"] if component and kind != "config" else [])
    assert nlp("Cat")[0].vector.tolist() == made.get_pipe("sgns").vectors["cat"].tolist()
    assert json.loads((tmp_path / "out" / "sgns" / "report.json").read_text()) | {"versions": 0} == json.loads(
        json.dumps(trained.report)
    ) | {"versions": 0}
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(files) > 8
    for rare in RARE:
        assert [path for path in files if rare in path.read_bytes().decode("utf8", "ignore").lower()] == []
    assert [path for path in files if b"iphone" in path.read_bytes()] != []  # a kept word would be found
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "base.cfg", "corpus.txt", "out"]


def test_strings_added_are_those_of_forms_that_have_a_vector(tmp_path, corpus):
    train(corpus, tmp_path / "out")
    table = spacy.load(tmp_path / "out").vocab
    added = set(json.loads((tmp_path / "out" / "vocab" / "strings.json").read_text(encoding="utf8")))
    assert added - set(spacy.blank("en").vocab.strings) <= {table.strings[key] for key in table.vectors.key2row}


@pytest.mark.parametrize("component", [False, True])
def test_nothing_is_written_without_an_output(tmp_path, corpus, component):
    assert len(train(corpus, None, component=component).vectors) == 16
    assert [path.name for path in tmp_path.iterdir()] == ["corpus.txt"]


def test_report_holds_what_is_promised(tmp_path, corpus):
    train(corpus, tmp_path / "out")
    report = json.loads((tmp_path / "out" / "sgns" / "report.json").read_text())
    tokens = [token for text in TEXTS for token in spacy.blank("en")(text) if not token.is_punct]
    corpus = report["corpus"]
    assert (corpus["texts"], corpus["tokens"], corpus["words"]) == (len(TEXTS), len(tokens), 16)
    assert corpus["tokens_kept"] == len(tokens) - 3  # Zanzibarov, wrote, zanna@zanzibarov.example
    assert re.fullmatch("[0-9a-f]{64}", corpus["sha256"])
    assert len(report["epochs"]) == 5
    assert all(epoch.keys() >= {"loss", "words_per_second", "seconds"} for epoch in report["epochs"])
    assert report["seconds"] and all(value >= 0 for value in report["seconds"].values())
    assert report["settings"] == {**Settings.of(**QUICK).as_dict(), **report["settings"]}
    assert Settings.of(**report["settings"]).dim == 8
    assert [name for name, value in report["settings"].items() if value == "auto"] == ["workers"]
    assert report["workers"] >= 1
    assert report["seed"] == 0
    assert report["versions"]["spacy"] == spacy.__version__ and report["versions"]["numpy"] == np.__version__


def damaged_json(folder):
    (folder / "corpus.jsonl").write_text('{"text": "a b"}\n{"text": ')
    return folder / "corpus.jsonl"


def too_rare(folder):
    (folder / "corpus.txt").write_text("a b")
    return folder / "corpus.txt"


@pytest.mark.parametrize("bad", [damaged_json, too_rare])
@pytest.mark.parametrize("before", [False, True], ids=["no output", "an earlier output"])
def test_failure_leaves_everything_as_it_was(tmp_path, bad, before):
    if before:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "meta.json").write_text("earlier")
    path = bad(tmp_path)
    found = sorted(tmp_path.rglob("*"))
    with pytest.raises(SgnsError):
        train(path, tmp_path / "out")
    assert sorted(tmp_path.rglob("*")) == found
    assert not before or (tmp_path / "out" / "meta.json").read_text() == "earlier"


def test_output_that_was_there_is_replaced_as_a_whole(tmp_path, corpus):
    (tmp_path / "out").mkdir()
    for name in ("old.txt", "meta.json"):
        (tmp_path / "out" / name).write_text("old")
    train(corpus, tmp_path / "out", force=True)
    assert not (tmp_path / "out" / "old.txt").exists() and (tmp_path / "out" / "meta.json").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.txt", "out"]


def test_work_that_a_killed_run_left_is_told_and_gone(tmp_path, corpus):
    (tmp_path / "out.work").mkdir()
    for name in (LOCK, "ids.i32"):
        (tmp_path / "out.work" / name).write_text("")
    said = []
    train(corpus, tmp_path / "out", warn=said.append)
    assert len(said) == 1 and "was left behind" in said[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.txt", "out"]


def test_any_number_of_workers_reads_the_same(tmp_path, monkeypatch):
    """Whether texts become Docs, or pretokens in this process or in others, in batches of any size."""
    (tmp_path / "a.jsonl").write_text(
        "".join(f'{{"text": "don\'t {i % 7}km ( :)x {text}"}}\n' for i, text in enumerate(TEXTS))
    )
    first = train(tmp_path / "a.jsonl", None)
    monkeypatch.setattr(share, "MIN_PARALLEL_CHARS", 0)
    for portion, workers in [(1, 1), (1, 2), (300, 3)]:
        monkeypatch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", portion)
        trained = train(tmp_path / "a.jsonl", None, workers=workers)
        assert trained.report["corpus"] == first.report["corpus"] and trained.forms == first.forms
        assert trained.vectors.rows.tobytes() == first.vectors.rows.tobytes()


REPEATED = [
    "The cat saw the dog .",
    "",
    "the cat saw the dog",
    "The cat saw the dog !",
    "The cat. The dog ran.",
    "The dog ran. The cat.",
    " ".join(f"the cat saw w{i} ." for i in range(40)),
] * 6


@pytest.mark.parametrize("sentences", [False, True])
@pytest.mark.parametrize("lines", [0, 20])
def test_what_is_dropped_and_held_out_does_not_depend_on_how_texts_come(tmp_path, monkeypatch, lines, sentences):
    """From a file of texts, by one process or several, or from stored Docs."""
    chosen = {"drop_duplicates": True, "held_out": 0.4, "within_sentences": sentences, "min_count": 1, "seed": 7}
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in REPEATED[:lines]))
    DocBin(docs=nlp.pipe(REPEATED[lines:])).to_disk(tmp_path / "b.spacy")
    first = train(tmp_path, None, warn=str, **chosen)  # it is too small to be learnt well
    found = first.report["corpus"]
    tokens = [len([t for t in spacy.blank("en")(text) if not t.is_punct]) for text in REPEATED]
    assert (found["texts"], found["texts_empty"], found["texts_duplicate"]) == (42, 6, 31)
    assert found["texts_held_out"] == 2 and found["tokens_duplicate"] == 5 * sum(tokens) // 6 + 5
    assert found["tokens"] + found["tokens_held_out"] == sum(tokens) // 6 - 5
    monkeypatch.setattr(share, "MIN_PARALLEL_CHARS", 0)
    for portion, batch, longest, workers in [(1, 1, 100, 1), (50, 7, 30, 2), (300, 1 << 17, 1 << 14, 3)]:
        monkeypatch.setattr("spacy_sgns.sources.splitting.BATCH_CHARS", portion)
        if not sentences:  # these end where a long text is parted
            monkeypatch.setattr("spacy_sgns.sources.splitting.MAX_PIECE_CHARS", longest)
        monkeypatch.setattr(docs, "MIN_BATCH_TOKENS", batch)
        trained = train(tmp_path, None, warn=str, **chosen, workers=workers)
        again = {**trained.report["corpus"], "source": found["source"]}  # that tells where texts were parted
        assert again == found and trained.vectors.rows.tobytes() == first.vectors.rows.tobytes()


def test_what_is_at_work_is_ended_when_reading_fails(tmp_path, monkeypatch):
    closed = []

    def batches(*_, **__):
        try:
            yield None  # no batch: encoding it fails
        finally:
            closed.append(True)

    monkeypatch.setattr("spacy_sgns.pipeline.train.source_tokens", batches)
    (tmp_path / "a.txt").write_text("a b")
    try:
        train(tmp_path / "a.txt", None)
    except AttributeError as error:  # who holds it holds the frames in which the batches are
        assert closed and error
    else:
        pytest.fail("it went on")


def test_sentences_need_a_sentencizer_only_where_there_is_none(tmp_path, corpus, blueprints):
    within = {"within_sentences": True}
    trained = {kind: train(corpus, None, blueprints[kind], **within).vectors.rows for kind in blueprints}
    assert np.array_equal(trained["lang"], trained["base"]) and np.array_equal(trained["lang"], trained["config"])
    assert not np.array_equal(trained["lang"], train(corpus, None).vectors.rows)
    spacy.blank("en").to_disk(tmp_path / "bare")
    with pytest.raises(SgnsError, match="needs a pipeline that sets sentences"):
        train(corpus, tmp_path / "out", from_base(str(tmp_path / "bare"), {}), **within)
    assert not (tmp_path / "out").exists()


def test_untrained_components_are_told(tmp_path, corpus):
    path = tmp_path / "tagger.cfg"
    path.write_text(CONFIG.replace("sentencizer", "tagger"))
    said = []
    train(corpus, tmp_path / "out", from_config(path, {}), said.append)
    assert len(said) == 1 and said[0].startswith("tagger are not trained")


def test_warnings_are_told(corpus):
    said = []
    train(corpus, None, warn=said.append, epochs=2, learning_rate=0.1)
    assert len(said) == 1 and "nearly the same" in said[0]


SAME = """
import sys, spacy, spacy_sgns
from tests.pipeline.tiny_corpus import TEXTS, QUICK
vectors = spacy_sgns.train(spacy.blank("en").pipe(TEXTS), **QUICK)
print(vectors.words, list(vectors.row_of.items()), vectors.rows.tobytes().hex())
print("cat" in vectors, vectors.most_similar("cat", n=1)[0][0] in vectors.words)
"""


def test_same_bytes_on_each_run(run, made):
    path = str(Path(__file__).parents[2])
    first, second = (run("-c", SAME, PYTHONPATH=path, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first == second and "True True" in first
    assert made.get_pipe("sgns").vectors.rows.tobytes().hex() in first


def test_train_takes_any_docs_once(made):
    wanted = made.get_pipe("sgns").vectors
    nlp = spacy.blank("en")

    def docs():
        for text in TEXTS:
            yield nlp(text)

    examples = [Example(doc, doc) for doc in docs()]
    for given in (docs(), list(docs()), examples, (spacy.blank("en")(text) for text in TEXTS)):
        vectors = spacy_sgns.train(given, **QUICK)
        assert vectors.words == wanted.words and vectors.rows.tolist() == wanted.rows.tolist()


def test_train_drops_punctuation_of_docs_with_a_bare_vocab():
    docs = [Doc(Vocab(), words=["one", ",", "two", "."])] * 9
    assert spacy_sgns.train(docs, **QUICK).words == ["one", "two"]


def test_train_drops_by_the_language_of_the_docs():
    docs = list(spacy.blank("de").pipe(["Haus und Hof the"] * 9))
    assert spacy_sgns.train(docs, **QUICK, drop="stop").words == ["haus", "hof", "the"]
    examples = [Example(doc, doc) for doc in docs]
    assert spacy_sgns.train(examples, **QUICK, drop="stop").words == ["haus", "hof", "the"]


def test_train_takes_what_texts_come_in(made):
    """Whatever holds the texts, the tokens are those of the command line, and so are the vectors."""
    wanted, nlp = made.get_pipe("sgns").vectors, spacy.blank("en")
    for given in (
        TEXTS,
        iter(TEXTS),
        [{"text": text, "id": 3} for text in TEXTS],
        [[token.text for token in nlp(text)] for text in TEXTS],
    ):
        vectors = spacy_sgns.train(given, **QUICK)
        assert vectors.words == wanted.words and vectors.rows.tolist() == wanted.rows.tolist()
    assert spacy_sgns.train([{"d": {"body": text}} for text in TEXTS], field="d.body", **QUICK).words == wanted.words


def test_train_splits_texts_by_a_language_or_a_pipeline(nlp):
    texts = ["Haus und Hof the"] * 9
    assert spacy_sgns.train(texts, lang="de", drop="stop", **QUICK).words == ["haus", "hof", "the"]
    before = len(nlp.vocab.strings)
    assert spacy_sgns.train(["zanzibarov one"] * 9, nlp=nlp, **QUICK).words == ["one", "zanzibarov"]
    assert len(nlp.vocab.strings) == before  # a copy of the pipeline reads
    nlp.tokenizer = Plus(nlp.vocab)
    assert spacy_sgns.train(["one two+three"] * 9, nlp=nlp, **QUICK).words == ["one two", "three"]
    with pytest.raises(SgnsError, match=r"^spaCy has no language .klingon."):
        spacy_sgns.train(texts, lang="klingon")


def test_train_says_that_chinese_is_split_into_characters():
    texts = ["国王爱猫。女王也爱猫。"] * 9
    with pytest.warns(SgnsWarning, match="single characters"):
        assert "王" in spacy_sgns.train(texts, lang="zh", **QUICK)
    assert "王" in spacy_sgns.train(spacy.blank("zh").pipe(texts), **QUICK)  # made by the caller, who has seen them


def test_train_says_what_is_wrong():
    with pytest.raises(SgnsError, match=r"texts\[1\] is int \(3\)\. Wanted: strings, dicts"):
        spacy_sgns.train([TEXTS[0], 3])
    with pytest.raises(SgnsError, match=r"An iterable of texts is needed, got str: .*Put it into a list"):
        spacy_sgns.train(TEXTS[0])
    with pytest.raises(SgnsError, match="There are no texts to train on"):
        spacy_sgns.train([])
    with pytest.raises(SettingError, match="Did you mean dim"):
        spacy_sgns.train([], dims=4)


def test_train_counts_what_has_no_text():
    with pytest.warns(
        SgnsWarning, match=r"Items without text that were skipped: 3\. The first is texts\[1\]\."
    ) as told:
        vectors = spacy_sgns.train([TEXTS[0], None, *TEXTS, float("nan"), None], **QUICK)
    assert told[0].filename == __file__ and "cat" in vectors


def test_train_calls_progress_and_warns_where_it_was_called(nlp):
    events = []
    with pytest.warns(SgnsWarning, match="nearly the same") as told:
        spacy_sgns.train(nlp.pipe(TEXTS), **{**QUICK, "epochs": 2, "learning_rate": 0.1}, progress=events.append)
    assert told[0].filename == __file__ and events


class Plus:
    """A tokenizer that can neither be copied nor pickled, and has no `pipe`."""

    def __init__(self, vocab):
        self.vocab, self.lock = vocab, Lock()

    def __call__(self, text):
        return Doc(self.vocab, words=text.split("+"))


@pytest.mark.parametrize("within_sentences", [False, True])
def test_initialize_with_a_tokenizer_that_cannot_be_copied(tmp_path, nlp, within_sentences):
    (tmp_path / "a.txt").write_text("one+two three+.\n" * 9)
    nlp.tokenizer = Plus(nlp.vocab)
    nlp.add_pipe("sentencizer")
    sgns = nlp.add_pipe("sgns", config={**QUICK, "within_sentences": within_sentences})
    sgns.initialize(nlp=nlp, corpus=spacy.registry.readers.get("spacy_sgns.TextCorpus.v1")(tmp_path / "a.txt"))
    assert sgns.vectors.words == ["one", "two three"]


def test_initialize_uses_the_tokenizer_as_it_is_now(tmp_path, nlp):
    nlp.tokenizer.add_special_case("twothree", [{"ORTH": "two"}, {"ORTH": "three"}])
    (tmp_path / "a.txt").write_text("one twothree\n" * 9)
    sgns = nlp.add_pipe("sgns", config=QUICK)
    sgns.initialize(nlp=nlp, corpus=spacy.registry.readers.get("spacy_sgns.TextCorpus.v1")(tmp_path / "a.txt"))
    assert sgns.vectors.words == ["one", "three", "two"]


@pytest.mark.parametrize("within_sentences", [False, True])
def test_initialize_uses_components_that_change_tokens(tmp_path, nlp, within_sentences):
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "X", "pattern": "new york"}])
    nlp.add_pipe("merge_entities")
    sgns = nlp.add_pipe("sgns", config={**QUICK, "within_sentences": within_sentences})
    (tmp_path / "a.txt").write_text("in new york rareword\n" * 9 + "uncommon words")
    sgns.initialize(nlp=nlp, corpus=spacy.registry.readers.get("spacy_sgns.TextCorpus.v1")(tmp_path / "a.txt"))
    assert sgns.vectors.words == ["in", "new york", "rareword"]
    assert "uncommon" not in nlp.vocab.strings
    assert [token.has_vector for token in nlp("In New York new york")] == [True, False, False, True]


@pytest.mark.parametrize(
    ("before", "level"), [("", "INFO"), ("logging.getLogger('spacy.sgns').setLevel('WARNING')", "WARNING")]
)
def test_the_level_of_the_logger_is_the_users(before, level):
    show = "print(logging.getLevelName(logging.getLogger('spacy.sgns').level))"
    code = f"import logging; {before}\nimport spacy_sgns.pipeline.train\n{show}"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == level
