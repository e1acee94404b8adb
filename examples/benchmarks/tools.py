"""The tools that are compared, by name; a new tool is one more line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import machine
import peers
import routes
from jobs import Outcome, Task

Programs = Mapping[str, Path]  # compiled tools by name


@dataclass(frozen=True)
class Tool:
    """Does a task. version: returns it, or raises LookupError with what is missing."""

    do: Callable[[Task], Outcome]
    version: Callable[[Programs], str]


def available(programs: Programs) -> tuple[dict[str, str], dict[str, str]]:
    """Return the versions of the installed tools, and the reasons why others cannot run."""
    found: dict[str, str] = {}
    missing: dict[str, str] = {}
    for name, tool in TOOLS.items():
        try:
            found[name] = tool.version(programs)
        except LookupError as error:
            missing[name] = str(error.args[0])
    return found, missing


def _ours(*rooms: str) -> Callable[[Programs], str]:
    """Return what tells the version of this package, as far as these modules and folders matter."""

    def found(programs: Programs) -> str:
        return f"{version('spacy-sgns')} {machine.code(*rooms)}, numpy {version('numpy')}, spacy {version('spacy')}"

    return found


def _packages(*names: str) -> Callable[[Programs], str]:
    def found(programs: Programs) -> str:
        try:
            return ", ".join(f"{name} {version(name)}" for name in names)
        except PackageNotFoundError:
            raise LookupError("pip install '.[benchmark]'") from None

    return found


def _program(name: str, option: str) -> Callable[[Programs], str]:
    def found(programs: Programs) -> str:
        if name not in programs:
            raise LookupError(f"{option} PATH, of a binary that you have built")
        return f"binary {sha256(programs[name].read_bytes()).hexdigest()[:8]}"

    return found


OURS, GENSIM, ITERATOR = "spacy_sgns", "gensim, corpus_file", "gensim, iterator"
FLORET, WORD2VEC, PWORD2VEC = "floret, no subwords", "word2vec.c", "pWord2Vec"
OUR_ROUTE, ROUTE_OF_TODAY = "spacy sgns train", "spaCy, gensim, init vectors"

TRAIN = ("training", "arrays", "settings", "processes", "team", "worker", "flow")  # what trains, given tokens

TOOLS: dict[str, Tool] = {
    OURS: Tool(peers.spacy_sgns, _ours(*TRAIN)),
    GENSIM: Tool(partial(peers.gensim, source=peers.corpus_file), _packages("gensim")),
    ITERATOR: Tool(partial(peers.gensim, source=peers.iterator), _packages("gensim")),
    FLORET: Tool(peers.floret, _packages("floret")),
    WORD2VEC: Tool(peers.word2vec_c, _program("word2vec.c", "--word2vec")),
    PWORD2VEC: Tool(peers.pword2vec, _program("pWord2Vec", "--pword2vec")),
    OUR_ROUTE: Tool(routes.spacy_sgns, _ours()),
    ROUTE_OF_TODAY: Tool(routes.of_today, _packages("spacy", "gensim")),
}
