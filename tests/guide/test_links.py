"""Every link from a document to a file or a heading of the project leads somewhere."""

import re
from urllib.parse import unquote

import pytest

from tests.guide.pages import PAGES, ROOT, name, prose, text_of

LINK = re.compile(r"\]\(([^()\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def anchors(page):
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(
        r"^#{1,6} (.+)$", re.sub(r"^```.*?^```$", "", text_of(page), flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    found = []
    for heading in headings:
        plain = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.append(slug if slug not in found else f"{slug}-{found.count(slug)}")
    return found


def links(page):
    found = ["".join(groups) for groups in LINK.findall(prose(page))]
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_relative_links_and_anchors_resolve(page):
    for link in links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists() and target.is_relative_to(ROOT), f"{name(page)}: {link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{name(page)}: {link} has no such heading"


def test_links_are_found():
    assert sum(len(links(page)) for page in PAGES) > 50
    assert any("#" in link for page in PAGES for link in links(page))


def test_every_page_of_the_guide_is_in_its_index():
    index = ROOT / "examples" / "guide" / "README.md"
    pages = {page.name for page in index.parent.glob("*.md")} - {"README.md"}
    assert set(links(index)) == pages
