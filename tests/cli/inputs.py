"""Every kind of file that commands read, undamaged, with the commands that read it.

To add a kind of file, add an entry to `KINDS`.
"""

import bz2
import gzip
import json
import lzma
import shutil
import zlib
from functools import partial
from typing import NamedTuple

import spacy
import srsly
from spacy.tokens import DocBin

from tests.cli.mutations import argument_damaged, damaged, json_damaged, value_damaged
from tests.cli.typed import SENTENCES, WORDS

TINY = ("--dim", "2", "--epochs", "1", "--workers", "1", "--min-count", "1")
BASED = ("train", "corpus.txt", "out", "--base", "pipeline", *TINY)
ASKED = [
    ("similar", "{}", WORDS[0], WORDS[1]),
    ("similar", "{}", WORDS[0], "--json", "-n", "100"),
    ("analogy", "{}", WORDS[0], "-", WORDS[1], "+", WORDS[2], "--method", "3cosmul"),
    ("odd-one-out", "{}", *WORDS[:4]),
    ("export", "{}", "out.bin"),
    ("export", "{}", "out.vec"),
    ("plot", "{}", "out.projector.tsv"),
    ("plot", "{}", "out.html", "--method", "pca"),
    ("compare", "{}", "good.vec", "--min-count", "1", "-n", "3"),
    ("compare", "good.vec", "{}", "--json", "--min-count", "1", "-n", "3"),
    ("compare", "good.vec", "good.bin", "{}", "--min-count", "1", "-n", "3", "--save-aligned", "aligned"),
    ("evaluate", "{}", "good.vec", "--on", "pairs.tsv", "--on", "analogies.txt"),
]
JUDGED = [("evaluate", "good.vec", "--on", "{}"), ("evaluate", "good.vec", "good.bin", "--on", "{}", "--json")]
JUDGED += [("evaluate", "good.vec", "--on", "{}", "--on", "analogies.txt")]
TRAINED = [("train", "{}", "out", *TINY), ("trace", "{}", *TINY), ("train", "{}", "out", "--within-sentences", *TINY)]
TEXT = [*TRAINED, *(("train", "{}", "out", "--unit", unit, *TINY) for unit in ("paragraph", "file"))]
LOADED = [("similar", "pipeline", WORDS[0]), ("export", "pipeline", "out.vec"), BASED]
SPACY_LOADS = [("plot", "pipeline", "out.svg", "--loss"), BASED]
CURVE = [("plot", "pipeline", "out.svg", "--loss")]
LINES = [f"similar {WORDS[0]} -n 3", f"analogy {WORDS[0]} - {WORDS[1]}", f"odd-one-out {' '.join(WORDS[:3])}"]
LINES += ["help", "# no question", "similar --json nothing", f"similar {WORDS[3]} --among words.txt", "exit"]
ASKED_FOR = [("similar", "good.vec", WORDS[0], flag, "{}") for flag in ("-n", "--among")]
ASKED_FOR += [("similar", "good.vec", "{}"), ("similar", "{}", WORDS[0]), ("odd-one-out", "good.vec", "{}", *WORDS[:2])]
ASKED_FOR += [("analogy", "good.vec", "{}", "-", WORDS[0]), ("analogy", "good.vec", WORDS[0], "--method", "{}")]
ASKED_FOR += [
    ("plot", "good.vec", "out.tsv", "--method", "pca", flag, "{}") for flag in ("--seed", "--clusters", "--words")
]
ASKED_FOR += [("plot", "good.vec", "out.tsv", "--method", "pca", flag, "{}") for flag in ("--top", "--drop", "--lang")]
ASKED_FOR += [("compare", "good.vec", "good.bin", flag, "{}") for flag in ("--words", "--min-count", "-n")]
ASKED_FOR += [("compare", "good.vec", "good.bin", flag, "{}") for flag in ("--tables", "--ending", "--save-aligned")]
ASKED_FOR += [("compare", "good.vec", "good.bin", "good.vec", "--words", "{}")]
ASKED_FOR += [("evaluate", "good.vec", "--on", "pairs.tsv", "--fail-under", "pairs={}"), ("train", "{}", "out", *TINY)]
ASKED_FOR += [
    ("train", "corpus.txt", "out", *TINY, flag, "{}") for flag in ("--lang", "--drop", "--seed", "--chunks-per-step")
]
ASKED_FOR += [
    ("train", "corpus.txt", "out", *TINY, flag, "{}") for flag in ("--objective", "--learning-rate", "--case")
]
ASKED_FOR += [("train", "corpus.txt", "out", *TINY, "--nlp.{}", "1"), ("train", "corpus.txt", "out", "--nlp.x.y", "{}")]


class Kind(NamedTuple):
    """A kind of input. name: of the file. commands: that read it, with `{}` for its name; each input draws one of them.

    inputs: number of bad inputs per thousand. damages: each input draws one of them. Two kinds are not files: `TYPED`
    is standard input, `ARGUMENT` replaces `{}`.
    """

    name: str
    commands: list
    inputs: int
    damages: list = [damaged]  # noqa: RUF012 - not changed


TYPED, ARGUMENT = "standard input", "argument"


def inside(pack, unpack, damage):
    """Return a function that damages the packed content and leaves the packing intact."""
    return lambda whole, random: pack(damage(unpack(whole), random))


def stored_values(data, random):
    """Return a DocBin file with a damaged value inside."""
    stored = srsly.msgpack_loads(zlib.decompress(data))
    return zlib.compress(srsly.msgpack_dumps(_storable(value_damaged(stored, random))))


def record_damaged(part):
    """Return a function that damages the JSON text of a part of the record in a file of lookups."""

    def damage(data, random):
        lookups = srsly.msgpack_loads(data)
        (entry,) = lookups["spacy_sgns"].values()
        entry[part] = json_damaged(entry[part].encode(), random).decode(errors="replace")
        return srsly.msgpack_dumps(lookups)

    return damage


def _storable(value):
    """Return a value in a form that msgpack can store."""
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        made = {key: _storable(part) for key, part in parts}
        return made if isinstance(value, dict) else list(made.values())
    if isinstance(value, int) and abs(value) >= 2**63:
        return 2**63 - 1
    return "half" if value == "\ud800" else value


GZ = partial(gzip.compress, mtime=0), gzip.decompress  # without the time of day, so that inputs are repeatable
BZ2, XZ = ((module.compress, module.decompress) for module in (bz2, lzma))
IN_STORED = [damaged, stored_values, inside(zlib.compress, zlib.decompress, damaged)]
KINDS = [
    Kind("damaged.vec", ASKED, 130),
    Kind("damaged.bin", ASKED, 130),
    Kind("damaged.txt", TEXT, 60),
    Kind("damaged.jsonl", TRAINED, 60, [damaged, json_damaged]),
    Kind("damaged.spacy", TRAINED, 60, IN_STORED),
    Kind("damaged.txt.gz", TRAINED, 20, [damaged, inside(*GZ, damaged)]),
    Kind("damaged.txt.bz2", TRAINED, 10, [damaged, inside(*BZ2, damaged)]),
    Kind("damaged.jsonl.xz", TRAINED, 20, [damaged, inside(*XZ, json_damaged)]),
    Kind("damaged.spacy.gz", TRAINED, 20, [damaged, inside(*GZ, stored_values)]),
    Kind(ARGUMENT, ASKED_FOR, 40, [damaged, argument_damaged]),
    Kind(TYPED, [("train", "-", "out", *TINY), ("query", "good.vec")], 70),
    Kind("pairs.tsv", JUDGED, 60),
    Kind("analogies.txt", JUDGED, 60),
    Kind("words.txt", [("similar", "good.vec", WORDS[0], "--among", "{}")], 60),
    Kind("groups.tsv", [("plot", "good.vec", "out.tsv", "--groups", "{}")], 60),
    Kind("config.cfg", [("train", "corpus.txt", "out", "--config", "{}")], 30),
    Kind("pipeline/vocab/lookups.bin", LOADED, 50, [damaged, record_damaged("words")]),
    Kind("pipeline/vocab/lookups.bin", CURVE, 40, [damaged, *[record_damaged("report")] * 2]),
    Kind("pipeline/vocab/vectors", LOADED, 40),
    Kind("pipeline/vocab/key2row", SPACY_LOADS, 10),
    Kind("pipeline/vocab/strings.json", SPACY_LOADS, 10, [damaged, json_damaged]),
    Kind("pipeline/tokenizer", SPACY_LOADS, 10),
    Kind("pipeline/config.cfg", SPACY_LOADS, 15),
    Kind("pipeline/meta.json", SPACY_LOADS, 15, [damaged, json_damaged]),
]


def fill(folder, pipeline):
    """Fill a folder with an undamaged file of every kind and the other files that commands need. pipeline: to copy."""
    from spacy_sgns.vectors.word_vectors import WordVectors

    shutil.copytree(pipeline, folder / "pipeline")
    texts = SENTENCES[:12]
    vectors = WordVectors.load(pipeline)
    for name in ("good.vec", "good.bin", "damaged.vec", "damaged.bin"):
        vectors.save(folder / name)
    lines = "\n\n".join(texts) + "\n"
    records = "".join(json.dumps({"text": text, "id": number}) + "\n" for number, text in enumerate(texts))
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    stored = DocBin(docs=nlp.pipe(texts)).to_bytes()
    pairs = "word1\tword2\tscore\n" + "".join(
        f"{a}\t{b}\t{n / 3}\n" for n, (a, b) in enumerate(zip(WORDS, WORDS[5:], strict=False))
    )
    questions = ": some\n" + "".join(" ".join(WORDS[at : at + 4]) + "\n" for at in range(12)) + ": none\n"
    config = '[nlp]\nlang = "en"\npipeline = ["sgns"]\n\n[components]\n\n[components.sgns]\nfactory = "sgns"\ndim = 2\n'
    made = {
        "corpus.txt": lines,
        "damaged.txt": lines,
        "damaged.jsonl": records,
        "damaged.spacy": stored,
        "damaged.txt.gz": GZ[0](lines.encode()),
        "damaged.txt.bz2": bz2.compress(lines.encode()),
        "damaged.jsonl.xz": lzma.compress(records.encode()),
        "damaged.spacy.gz": GZ[0](stored),
        ARGUMENT: "3",
        TYPED: "\n".join([*LINES, *texts]),
        "pairs.tsv": pairs,
        "analogies.txt": questions,
        "words.txt": "\n".join(WORDS),
        "groups.tsv": "".join(f"{word}\tgroup {word[0]}\n" for word in WORDS),
        "config.cfg": config
        + 'epochs = 1\nmin_count = 1\nworkers = 1\n\n[components.sgns.objective]\nname = "negative_sampling"\n',
    }
    for name, content in made.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
