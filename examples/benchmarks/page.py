"""Sections of a Markdown file that a program writes: they stand between `<!-- name -->` and `<!-- /name -->`."""

from collections.abc import Mapping
from pathlib import Path


def rewrite(page: Path, sections: Mapping[str, str]) -> None:
    """Replace the content of sections of a page. Raises ValueError for one that it does not have."""
    text = page.read_text(encoding="utf8")
    for name, content in sections.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, found, rest = text.partition(start)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"{page} has no section {start} ... {end}.")
        text = f"{before}{start}\n{content.strip()}\n{end}{after}"
    page.write_text(text, encoding="utf8", newline="\n")
