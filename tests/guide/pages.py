"""The documents of the project, and what is in their fences."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
GUIDE = EXAMPLES / "guide"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    + [page for page in EXAMPLES.rglob("*.md") if ".pytest_cache" not in page.parts]
)
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def name(page):
    return page.relative_to(ROOT).as_posix()


def text_of(page):
    return page.read_text(encoding="utf8")


def fences(page, *languages):
    """Return the contents of a page's fences in some languages, in order."""
    return [code for language, code in FENCE.findall(text_of(page)) if language in languages]


def prose(page):
    """Return a page without its fences and HTML comments."""
    return re.sub(r"<!--.*?-->", "", FENCE.sub("", text_of(page)), flags=re.DOTALL)


def load(path):
    """Return a script of the examples as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
