"""`sgns train`: sources of settings, pipelines, and messages."""

import json
import shutil
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pytest
import spacy

from spacy_sgns.cli.commands import train as module
from spacy_sgns.cli.inputs import pipeline_and_settings
from spacy_sgns.cli.tables import show_epochs
from spacy_sgns.errors import SgnsError
from spacy_sgns.pipeline.load import open_record
from spacy_sgns.settings import Settings
from tests.cli.typed import QUICK

CONFIG = """
[nlp]
lang = "de"
pipeline = ["sentencizer", "sgns"]

[components]

[components.sentencizer]
factory = "sentencizer"

[components.sgns]
factory = "sgns"
dim = 33
window = 3
"""
GIVEN = {
    "dim": ("7", 7),
    "window": ("3", 3),
    "negative": ("2", 2),
    "epochs": ("4", 4),
    "learning_rate": ("0.5", 0.5),
    "min_count": ("2", 2),
    "max_words": ("50", 50),
    "subsample": ("0", 0),
    "noise_exponent": ("-1.5", -1.5),
    "case": ("keep", "keep"),
    "drop": ("punct,stop", ("punct", "stop")),
    "within_sentences": (None, True),
    "drop_duplicates": (None, True),
    "held_out": ("0.25", 0.25),
    "patience": ("3", 3),
    "chunks_per_step": ("2", 2),
    "chunk_size": ("128", 128),
    "workers": ("3", 3),
    "seed": ("9", 9),
    "architecture": ("skipgram", Settings().architecture),
    "weighting": ("linear", Settings().weighting),
    "noise": ("unigram", Settings().noise),
    "objective": ("negative_sampling.v1", Settings().objective),
}


@pytest.fixture
def planned(sgns, place, monkeypatch):
    """Run `sgns train CORPUS OUTPUT ...` up to where training would start; return the pipeline's plan and settings."""

    def plan(*args):
        caught = []
        monkeypatch.setattr(module, "train", lambda corpus, output, *rest, **more: caught.append(rest))
        monkeypatch.setattr(module, "show_result", lambda *rest, **more: None)
        result = sgns("train", "corpus.txt", "out", *args)
        assert result.exit_code == 0, result.stderr
        return caught[0][:2]

    return plan


def test_every_setting_has_a_flag(planned):
    assert GIVEN.keys() == {f.name for f in fields(Settings)}
    flags = [part for name, (text, _) in GIVEN.items() for part in (f"--{name.replace('_', '-')}", text) if part]
    _, settings = planned(*flags)
    assert settings == Settings.of(**{name: value for name, (_, value) in GIVEN.items()})


def test_without_flags_settings_are_the_defaults(planned):
    assert planned()[1] == Settings()


@pytest.mark.parametrize(
    ("flags", "drop"),
    [
        (("--drop", "stop", "--drop", "punct"), ("punct", "stop")),
        (("--drop", "stop,number", "--drop", "punct"), ("punct", "number", "stop")),
        (("--drop", ""), ()),
        (("--components.sgns.drop", "stop", "--drop", "url"), ("url",)),
        (("--components.sgns.drop", "stop"), ("stop",)),
    ],
)
def test_drop_may_be_given_several_times(planned, flags, drop):
    assert planned(*flags)[1].drop == drop


@pytest.mark.parametrize("name", ["epochs", "learning_rate", "chunks_per_step", "chunk_size"])
def test_auto_can_be_given(planned, name):
    dotted = (f"--components.sgns.{name}", "64")
    assert getattr(planned(*dotted, f"--{name.replace('_', '-')}", "auto")[1], name) == "auto"


@pytest.mark.parametrize("config", [(), ("--config", "sgns.cfg")], ids=["no file", "file"])
@pytest.mark.parametrize("dotted", [(), ("--components.sgns.dim", "44"), ("--components.sgns.dim=44",)])
@pytest.mark.parametrize("flag", [(), ("--dim", "55")])
def test_flag_goes_before_dotted_flag_before_file_before_default(planned, place, config, dotted, flag):
    (place / "sgns.cfg").write_text(CONFIG)
    _, settings = planned(*dotted, *config, *flag)
    assert settings.dim == (55 if flag else 44 if dotted else 33 if config else Settings().dim)
    assert settings.window == (3 if config else Settings().window)


def test_config_says_which_pipeline_is_made(planned, place):
    (place / "sgns.cfg").write_text(CONFIG)
    factory, settings = planned("--config", "sgns.cfg", "--components.sentencizer.overwrite", "false")
    nlp = factory.for_output(settings, component=False)
    assert (nlp.lang, nlp.pipe_names) == ("de", ["sentencizer", "sgns"])
    assert nlp.get_pipe("sgns").settings == settings
    assert nlp.config["components"]["sentencizer"]["overwrite"] is False


def test_dotted_flags_reach_a_blank_pipeline_too(planned):
    factory, settings = planned("--lang", "sv", "--nlp.batch_size", "7")
    nlp = factory.for_output(settings, component=False)
    assert (nlp.lang, nlp.batch_size) == ("sv", 7)


@pytest.mark.parametrize("base", [True, False], ids=["base", "blank"])
@pytest.mark.parametrize(
    ("flag", "hint"),
    [
        ("--component.sgns.dim", "components.sgns"),
        ("--components.sgn.dim", "components.sgns"),
        ("--objectiv.power", "objective"),
        ("--inital.x", "initialize"),
    ],
)
def test_a_dotted_flag_to_nowhere_is_an_error(sgns, trained, base, flag, hint):
    result = sgns("train", "corpus.txt", "out", flag, "3", *(["--base", trained] if base else []))
    assert result.exit_code != 0
    assert result.stderr.count("\n") == 1
    assert "components" in flag or f"Did you mean {hint}?" in result.stderr


def test_a_dotted_flag_of_a_setting_that_is_not_there_is_wrong_usage(sgns):
    result = sgns("train", "corpus.txt", "out", "--components.sgns.windw", "3")
    assert (result.exit_code, result.stderr) == (2, "Error: Unknown setting 'windw'. Did you mean window?\n")


@pytest.mark.parametrize("two", [("--lang", "--base"), ("--lang", "--config"), ("--base", "--config")])
def test_lang_base_and_config_exclude_each_other(sgns, two):
    result = sgns("train", "corpus.txt", "out", two[0], "en", two[1], "en")
    assert result.exit_code == 2
    assert "Give only one of --lang, --base and --config" in result.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--dim", "0"), "dim must be a whole number from 1 to 4,096, got 0."),
        (("--dim", "5.5"), "dim must be a whole number from 1 to 4,096, got '5.5'."),
        (("--epochs", "many"), "epochs must be a whole number from 1 to 100,000 or auto, got 'many'."),
        (("--case", "fld"), "Did you mean fold?"),
        (("--unit", "lines"), "Did you mean line?"),
        (("--objective", "negative"), "Unknown objective 'negative'."),
        (("--objective.power", "2"), "has no setting 'power'"),
    ],
)
def test_what_a_setting_cannot_be_is_wrong_usage(sgns, place, args, said):
    result = sgns("train", "corpus.txt", "out", *args)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert sorted(path.name for path in place.iterdir()) == ["corpus.txt"]


def test_a_run_says_what_it_read_kept_and_dropped_and_what_to_do_next(sgns, place):
    (place / "corpus.txt").write_text("One cat, one dog; one cat, one owl.\n\n" * 30)
    result = sgns("train", "corpus.txt", "out put", "--dim", "4", "--epochs", "12", "--drop", "punct,number")
    assert result.exit_code == 0, result.stderr
    report = json.loads((place / "out put" / "sgns" / "report.json").read_text())["corpus"]
    assert report["texts"] == 30
    assert report["tokens"] == report["tokens_kept"] == 120  # cat, dog, cat, owl
    lines = result.stdout.splitlines()
    assert lines[:5] == [
        "Read 30 texts, 360 tokens",
        "Kept 3 words, 120 tokens",
        "Dropped tokens: 240 by kind (number 120, punct 120)",
        "Texts: 29 duplicates (96.7%)",
        "Skipped: 30 blank lines",
    ]
    assert lines[6].startswith("Chosen by the size of the corpus: learning_rate ")
    assert "chunks_per_step" in lines[6]
    epochs = [line for line in lines if line.startswith("epoch ") and "words/s" in line]
    assert len(epochs) == 12  # in so small a corpus, subsampling leaves no pairs in most epochs
    assert all(("loss " in line) != ("no pairs of words" in line) for line in epochs)
    assert "3 vectors of 4 dimensions in out put" in lines
    assert "  nlp = spacy.load('out put')  # token.vector, doc.similarity" in lines
    assert any(line.startswith("  python -m spacy sgns similar 'out put' ") for line in lines)


@pytest.mark.parametrize("best", [None, 4, 30])
def test_the_table_of_many_epochs_shows_some_the_best_and_the_last(sgns, capsys, best):
    epochs = [{"loss": 4 - n / 100, "words_per_second": 1_000_000 + n, "seconds": n} for n in range(1, 34)]
    trained = type("Trained", (), {"report": {"epochs": epochs, "best_epoch": best}})
    show_epochs(trained)
    _, header, _, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["epoch", "loss", "words/s", "time"]
    assert [int(row.split()[0]) for row in rows] == sorted({1, 4, 8, 12, 16, 20, 24, 28, 32, 33, best or 1})
    assert rows[-1].split() == ["33", "3.6700", "1,000,033", "0:33"]
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(("flags", "added"), [((), []), (("--component",), ["sgns"])])
def test_the_pipeline_of_a_base_is_kept_with_sgns_last_where_asked(sgns, place, flags, added):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk("base")
    result = sgns("train", "corpus.txt", "out", "--base", "base", "--within-sentences", *QUICK, *flags)
    assert result.exit_code == 0, result.stderr
    assert spacy.load("out").pipe_names == ["sentencizer", *added]


def test_the_vectors_of_a_base_are_said_not_to_be_used(sgns, trained, place):
    result = sgns("train", "corpus.txt", "out", "--base", trained, "--min-count", "60", *QUICK)
    assert result.exit_code == 0
    said = "Warning: The base has 20 vectors. They are not used: the output has only the vectors that are trained."
    assert result.stderr.splitlines().count(said) == 1
    assert len(spacy.load("out").vocab.vectors) < 20
    assert "The base" not in sgns("train", "corpus.txt", "blank", *QUICK).stderr


FAILING = """
import spacy

@spacy.registry.tokenizers("failing.v1")
def failing():
    def make(nlp):
        def tokenize(text):
            raise OSError("libmecab.so could not be\\nfound")
        return tokenize
    return make
"""


@pytest.mark.parametrize("command", ["train", "trace", "plan"])
def test_a_tokenizer_that_fails_at_its_first_text_is_one_line(sgns, place, command):
    (place / "own.py").write_text(FAILING)
    output = ("out",) if command == "train" else ()
    flags = ("--code", "own.py", "--lang", "ko", "--nlp.tokenizer.@tokenizers", "failing.v1")
    result = sgns(command, "corpus.txt", *output, *flags)
    assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (1, 1, "")
    assert "The pipeline (ko) cannot split a text: OSError: libmecab.so could not be found." in result.stderr
    assert "needs the package natto-py, and MeCab" in result.stderr
    assert sorted(path.name for path in place.iterdir() if path.name != "__pycache__") == ["corpus.txt", "own.py"]


@pytest.mark.parametrize("command", ["train", "trace", "plan"])
def test_chinese_in_characters_is_said_before_training(sgns, place, command):
    (place / "zh.txt").write_text("国王爱猫。女王也爱猫。\n" * 40)
    output = ("out",) if command == "train" else ()
    result = sgns(command, "zh.txt", *output, *QUICK, "--lang", "zh")
    assert result.exit_code == 0, result.stderr
    first = result.stderr.splitlines()[0]
    assert "splits texts into single characters" in first and "--nlp.tokenizer.segmenter jieba" in first
    assert "single characters" not in sgns(command, "zh.txt", *output, *QUICK, "--lang", "xx", "--force").stderr


def corpus_report(folder):
    return json.loads((folder / "sgns" / "report.json").read_text())["corpus"]


def test_duplicates_are_dropped_and_texts_held_out_where_asked(sgns, place):
    lines = (place / "corpus.txt").read_text().splitlines()
    (place / "twice.txt").write_text("\n".join(line for line in lines for _ in range(2)))
    assert sgns("train", "corpus.txt", "once", *QUICK, "--held-out", "0").exit_code == 0
    kept = sgns("train", "twice.txt", "kept", *QUICK)
    dropped = sgns("train", "twice.txt", "dropped", *QUICK, "--drop-duplicates")
    assert "Texts: 120 duplicates (50.0%)\n" in kept.stdout
    assert "Texts: 120 duplicates (50.0%, dropped)\n" in dropped.stdout
    assert corpus_report(place / "dropped")["sha256"] == corpus_report(place / "once")["sha256"]
    assert corpus_report(place / "kept")["tokens"] == 2 * corpus_report(place / "once")["tokens"]
    aside = sgns("train", "corpus.txt", "aside", *QUICK, "--held-out", "0.2", "--seed", "1")
    found = corpus_report(place / "aside")
    assert f"Texts: {found['texts_held_out']} held out with {found['tokens_held_out']} tokens\n" in aside.stdout
    assert 10 < found["texts_held_out"] < 40 and len(found["held_out_sha256"]) == 64
    assert found["tokens"] + found["tokens_held_out"] == corpus_report(place / "once")["tokens"]


@pytest.mark.parametrize("command", ["train", "trace"])
def test_the_encoding_is_chosen_and_errors_are_replaced_where_asked(sgns, place, command):
    text = (place / "corpus.txt").read_text()
    output = ("out",) if command == "train" else ()
    (place / "utf16.txt").write_bytes(text.encode("utf-16"))
    (place / "broken.txt").write_bytes(text.encode() + b"caf\xe9 \xff\n")
    assert sgns(command, "utf16.txt", *output, *QUICK, "--encoding", "utf-16").exit_code == 0
    shutil.rmtree(place / "out", ignore_errors=True)
    wrong = sgns(command, "broken.txt", *output, *QUICK)
    assert wrong.exit_code == 1 and f"broken.txt is not valid UTF-8 at byte {len(text) + 3}: " in wrong.stderr
    replaced = sgns(command, "broken.txt", *output, *QUICK, "--errors", "replace")
    assert replaced.exit_code == 0
    said = "Warning: Characters in broken.txt that are not valid UTF-8 and were replaced by U+FFFD: 2."
    assert replaced.stderr.splitlines().count(said) == 1
    for flags in (("--encoding", "latn-1"), ("--errors", "ignore")):
        unknown = sgns(command, "corpus.txt", *output, *flags)
        assert unknown.exit_code == 2 and unknown.stderr.count("\n") == 1 and "must be" in unknown.stderr


def test_a_share_that_cannot_be_held_out_is_one_line(sgns, place):
    (place / "few.txt").write_text("a b\n" * 3)
    failed = sgns("train", "few.txt", "out", *QUICK, "--min-count", "1", "--held-out", "0.001")
    assert (failed.exit_code, failed.stderr.count("\n")) == (1, 1)
    assert "held_out=0.001 holds out none of 3 texts." in failed.stderr and not (place / "out").exists()
    wrong = sgns("train", "few.txt", "out", "--held-out", "0.6")
    assert wrong.exit_code == 2 and "held_out must be a number from 0 to 0.5, got 0.6" in wrong.stderr


def test_within_sentences_adds_what_finds_them_to_a_language_only(sgns, place):
    assert sgns("train", "corpus.txt", "out", "--within-sentences", "--dim", "4", "--epochs", "1").exit_code == 0
    spacy.blank("en").to_disk("base")
    result = sgns("train", "corpus.txt", "out2", "--within-sentences", "--base", "base")
    assert result.exit_code == 1
    assert "sentencizer" in result.stderr


@pytest.mark.parametrize("flag", [(), ("--component",)], ids=str)
def test_a_pipeline_has_the_component_only_on_request_and_always_the_report(sgns, place, flag):
    result = sgns("train", "corpus.txt", "out", *flag, "--dim", "4", "--epochs", "1")
    assert result.exit_code == 0, result.stderr
    nlp = spacy.load("out")
    assert nlp.pipe_names == (["sgns"] if flag else [])
    assert nlp("bamon").has_vector
    assert json.loads((place / "out" / "sgns" / "report.json").read_text())["settings"]["dim"] == 4


@pytest.mark.parametrize("source", ["-", "folder"])
def test_texts_come_from_standard_input_or_a_folder(sgns, place, source):
    text = (place / "corpus.txt").read_text()
    (place / "folder" / "b").mkdir(parents=True)
    (place / "folder" / "b" / "one.txt").write_text(text)
    (place / "folder" / "a.jsonl").write_text("".join(json.dumps({"body": t}) + "\n" for t in text.splitlines()))
    args = ("--dim", "4", "--epochs", "1", "--field", "body")
    result = sgns("train", source, "out", *args, input=text if source == "-" else None)
    assert result.exit_code == 0, result.stderr
    texts = json.loads((place / "out" / "sgns" / "report.json").read_text())["corpus"]["texts"]
    assert texts == {"-": 120, "folder": 240}[source]


def test_json_lines_come_by_standard_input_and_what_has_no_text_is_skipped(sgns, place):
    rows = [{"data": {"body": text}} for text in (place / "corpus.txt").read_text().splitlines()]
    lines = "".join(json.dumps(row) + "\n" for row in [rows[0], None, {"id": 3}, *rows[1:]])
    result = sgns("train", "-", "out", *QUICK, "--field", "data.body", input=lines)
    assert result.exit_code == 0, result.stderr
    assert "Warning: Standard input is read as JSON lines, field 'data.body'" in result.stderr
    assert "skipped in Standard input: 2. The first is line 2." in result.stderr
    assert "Read 120 texts, " in result.stdout and "Texts: 2 without text\n" in result.stdout
    wrong = sgns("train", "-", "wrong", *QUICK, input=lines)
    assert (wrong.exit_code, (place / "wrong").exists()) == (1, False)
    assert "line 1: no text in the field 'text'" in wrong.stderr and "there are: data.body" in wrong.stderr


def test_a_folder_says_how_many_files_were_read_and_what_the_others_are(sgns, place):
    (place / "in").mkdir()
    for name in ("a.txt", "b.txt", "c.csv", "d.csv", "e.md"):
        shutil.copy(place / "corpus.txt", place / "in" / name)
    result = sgns("train", "in", "out", *QUICK)
    assert "Read 240 texts of 2 files, " in result.stdout
    assert "Skipped: 3 other files (.csv 2, .md 1)\n" in result.stdout
    assert corpus_report(place / "out")["source"]["files_other.csv"] == 2


def test_a_folder_of_documents_brings_a_hint_at_the_unit(sgns, place):
    (place / "in").mkdir()
    for number in range(24):
        (place / "in" / f"{number}.txt").write_text("bamon gotin derak.\n" * 6)
    said = "Each line of the 24 text files is a text of its own, about 6 in a file. To make one text of each file, give"
    assert said in sgns("train", "in", "lines", *QUICK).stdout
    assert said not in sgns("train", "in", "files", *QUICK, "--unit", "file").stdout


def test_unit_says_what_a_text_is(sgns, place):
    for unit, texts in {"line": 120, "paragraph": 1, "file": 1}.items():
        sgns("train", "corpus.txt", unit, "--unit", unit, "--dim", "4", "--epochs", "1")
        assert json.loads((place / unit / "sgns" / "report.json").read_text())["corpus"]["texts"] == texts


def test_a_hard_wrapped_file_brings_a_warning_that_names_the_flag(sgns):
    result = sgns("train", files("spacy_sgns") / "sample" / "alice.txt", "out", "--dim", "4", "--epochs", "1")
    assert result.exit_code == 0
    assert any(line.startswith("Warning: ") and "--unit paragraph" in line for line in result.stderr.splitlines())


def test_force_replaces_the_output_and_leaves_nothing_beside_it(sgns, place):
    assert sgns("train", "corpus.txt", "out", "--dim", "4", "--epochs", "1").exit_code == 0
    refused = sgns("train", "corpus.txt", "out", "--dim", "5", "--epochs", "1")
    assert (refused.exit_code, "--force" in refused.stderr) == (1, True)
    assert spacy.load("out").vocab.vectors_length == 4
    assert sgns("train", "corpus.txt", "out", "--dim", "5", "--epochs", "1", "--force").exit_code == 0
    assert spacy.load("out").vocab.vectors_length == 5
    assert sorted(path.name for path in place.iterdir()) == ["corpus.txt", "out"]


def test_verbose_shows_all_settings_in_a_table(sgns, place):
    assert "setting  " not in sgns("train", "corpus.txt", "quiet", *QUICK).stdout
    result = sgns(
        "train", "corpus.txt", "out", "-V", "--dim", "4", "--epochs", "1", "--drop", "punct,stop", "--seed", "9"
    )
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    start = lines.index("setting           value")
    rows = dict(line.split(maxsplit=1) for line in lines[start + 2 : start + 2 + len(fields(Settings))])
    assert rows.keys() == {f.name for f in fields(Settings)}
    assert (rows["dim"], rows["drop"], rows["objective"]) == ("4", "punct, stop", "negative_sampling.v1")
    assert "auto" not in rows.values()


def test_verbose_tells_where_an_error_arose(sgns, caplog):
    result = sgns("train", "nowhere.txt", "out", "--verbose")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert any(record.exc_info for record in caplog.records)


def test_what_cannot_be_read_or_written_is_seen_before_a_pipeline_is_loaded(sgns):
    assert "nowhere.txt" in sgns("train", "nowhere.txt", "out", "--base", "heavy").stderr
    assert "corpus.txt is a file" in sgns("train", "corpus.txt", "corpus.txt", "--base", "heavy").stderr
    assert "heavy" in sgns("train", "corpus.txt", "out", "--base", "heavy").stderr


def test_the_plain_function_raises_instead_of_printing(place, capsys):
    factory, settings = pipeline_and_settings(None, None, None, [], {"dim": 4, "epochs": 1})
    with pytest.raises(SgnsError, match=r"nowhere\.txt"):
        module.train(Path("nowhere.txt"), Path("out"), factory, settings)
    assert capsys.readouterr() == ("", "")


def test_what_is_held_out_has_a_loss_of_its_own_and_patience_keeps_the_best(sgns, place):
    result = sgns(
        *("train", "corpus.txt", "out", "--dim", "8", "--epochs", "60", "--learning-rate", "0.9"),
        *("--held-out", "0.2", "--patience", "2", "--seed", "3"),
    )
    assert result.exit_code == 0
    report = open_record(str(place / "out")).report
    losses = [epoch["held_out_loss"] for epoch in report["epochs"]]
    assert 2 < len(losses) < 60 and report["best_epoch"] == len(losses) - 2 == losses.index(min(losses)) + 1
    assert f"{report['corpus']['texts_held_out']} held out with " in result.stdout
    assert f"The vectors are those of epoch {report['best_epoch']}" in result.stdout
    assert f"held-out loss {losses[0]:.4f}" in result.stdout
