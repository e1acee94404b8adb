from spacy_sgns.tokenization import pretokens
from tests.test_floors import FILES, imports

ROOM = "spacy_sgns.tokenization.pretokens"


def test_nothing_outside_imports_the_modules_behind_the_interface():
    outside = [path for module, path in FILES.items() if not f"{module}.".startswith(f"{ROOM}.")]
    imported = {name for path in outside for name in imports(path.read_text(encoding="utf8"))}
    assert ROOM in imported and not [name for name in imported if name.startswith(f"{ROOM}.")]
    assert sorted(pretokens.__all__) == ["PretokenEncoder", "TokenizerSpec"]
