"""The page, in a real browser."""

from urllib.parse import quote

import pytest

from spacy_sgns.pictures.page import write_page
from tests.pictures.browser import browser, browser_path

pytestmark = pytest.mark.skipif(browser_path() is None, reason="needs chromium or google-chrome")


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    with browser(browser_path(), tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def opened(tab, tmp_path):
    """Open a map, optionally at a word; check afterwards that nothing failed and nothing was requested."""
    number = iter(range(9))

    def open_map(drawn, at=""):
        file = tmp_path / f"{next(number)}.html"  # the same address would not be loaded again
        write_page(drawn, file)
        tab.open(file.as_uri() + at)
        tab.wait("typeof words === 'object' && labelScale > 0")
        return tab

    tab.logged.clear()
    tab.requests.clear()
    yield open_map
    tab.evaluate("1")
    assert tab.logged == []
    assert all(address.startswith(("file:", "data:")) for address in tab.requests)


def card(tab):
    """The word of the card, and the words and cosines in it; None if it is hidden."""
    tab.wait("pendingFrame === 0")
    return tab.evaluate(
        "card.hidden ? null : [card.querySelector('h2').textContent, [...card.querySelectorAll('li')]"
        ".map(line => [line.firstChild.textContent, line.lastChild.textContent])]"
    )


def position(tab, word):
    """The position of a word in the window."""
    return tab.evaluate(
        f"(() => {{ const box = canvas.getBoundingClientRect(), [x, y] = toScreen(words[{word}]);"
        "return [box.left + x, box.top + y]; })()"
    )


def test_searching_moves_to_a_word_and_shows_its_neighbours(opened, drawn):
    tab = opened(drawn)
    assert card(tab) is None
    tab.key("/", "/")
    tab.write("C7")  # the word is in lower case
    tab.key("Enter", "\r", windowsVirtualKeyCode=13)
    tab.wait("selected && selected.text === 'c7'")
    tab.wait("Math.abs(view.x - selected.x) + Math.abs(view.y - selected.y) < 1e-9 && view.k > fitScale")
    word, near = card(tab)
    assert word == "c7"
    assert near == [[text, f"{cosine:.3f}"] for text, cosine in drawn.neighbours[drawn.words.index("c7")]]
    assert "at c7" in tab.evaluate("canvas.getAttribute('aria-label')")
    assert tab.evaluate("location.hash") == "#q=c7"
    corner = "...toScreen(selected).map(at => Math.round(at * devicePixelRatio) - 30)"
    pixels = tab.evaluate(f"[...context.getImageData({corner}, 60, 60).data]")
    marked = [
        pixel for pixel in zip(*[iter(pixels)] * 4, strict=True) if pixel[0] > 180 and 40 < pixel[1] < 130 > pixel[2]
    ]
    assert len(marked) > 20  # a ring around the dot


def test_an_address_opens_at_its_word_and_an_unknown_word_is_reported(opened, drawn):
    tab = opened(drawn, "#q=b3")
    tab.wait("selected && selected.text === 'b3'")
    assert card(tab)[0] == "b3"
    tab.evaluate("location.hash = '#q=zebra'")
    tab.wait("$('message').textContent === '“zebra” is not on this map.'")


def test_the_mouse_over_a_word_shows_its_count_and_neighbours(opened, drawn):
    tab = opened(drawn)
    tab.mouse("mouseMoved", *position(tab, 4))
    tab.wait("hovered === words[4] && !card.hidden")
    word, near = card(tab)
    assert word == drawn.words[4] and len(near) == 10
    assert tab.evaluate("card.querySelector('p').textContent") == f"count {drawn.counts[4]}"
    tab.mouse("mouseMoved", 1, 1)
    tab.wait("card.hidden")


def test_the_wheel_zooms_about_the_mouse_and_dragging_moves(opened, drawn):
    tab = opened(drawn)
    before, scale = position(tab, 9), tab.evaluate("view.k")
    tab.mouse("mouseWheel", *before, deltaX=0, deltaY=-400)
    tab.wait(f"view.k > {scale} * 1.5")
    assert position(tab, 9) == pytest.approx(before, abs=0.5)
    tab.mouse("mousePressed", 500, 400, button="left", buttons=1, clickCount=1)
    tab.mouse("mouseMoved", 540, 430, button="left", buttons=1)
    tab.mouse("mouseReleased", 540, 430, button="left", clickCount=1)
    tab.wait("pointers.size === 0")
    assert position(tab, 9) == pytest.approx([before[0] + 40, before[1] + 30], abs=0.5)
    assert tab.evaluate("selected") is None


def test_keys_alone_are_enough(opened, drawn):
    tab = opened(drawn)
    tab.evaluate("canvas.focus()")
    tab.key("ArrowRight")
    first = tab.wait("selected && selected.text")
    assert tab.evaluate("selected.x > 0")  # from the centre
    tab.key("ArrowLeft")
    tab.wait(f"selected.x < byText.get({first!r}).x")
    scale = tab.evaluate("view.k")
    tab.key("+", "+")
    tab.wait(f"view.k > {scale}")
    tab.key("Escape")
    tab.wait("selected === null && card.hidden")
    tab.key("0", "0")
    tab.wait("view.k === fitScale")


def test_no_two_labels_overlap_and_zooming_in_shows_more(opened, drawn):
    tab = opened(drawn)
    left, top = "({0}.word.x * view.k + {0}.dx)", "({0}.word.y * view.k + {0}.dy)"
    both = " && ".join(f"{left.format(one)} < {left.format(other)} + {other}.width" for one, other in ("ab", "ba"))
    overlap = (
        f"labels.some((a, i) => labels.some((b, j) => j > i && {both}"
        f" && Math.abs({top.format('a')} - {top.format('b')}) < LABEL_HEIGHT))"
    )
    few = tab.evaluate("labels.length")
    assert tab.evaluate(overlap) is False
    tab.evaluate("zoom(30)")
    tab.wait("labelScale === view.k && pendingFrame === 0")
    assert tab.evaluate(overlap) is False
    assert few < tab.evaluate("labels.length") == len(drawn.words)


def test_a_group_of_the_legend_stands_out(opened, drawn):
    tab = opened(drawn)
    tab.evaluate("$('legend').children[2].click()")
    assert tab.evaluate("[group, $('legend').children[2].getAttribute('aria-pressed')]") == [2, "true"]
    tab.evaluate("$('legend').children[2].click()")
    assert tab.evaluate("group") == -1


def test_light_and_dark(opened, drawn):
    tab = opened(drawn)
    styles = set()
    for scheme in ("light", "dark"):
        tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        tab.wait(f"darkMode.matches === {'true' if scheme == 'dark' else 'false'}")
        styles.add(
            tab.evaluate(
                "getComputedStyle(document.body).backgroundColor + $('legend').firstChild.firstChild.style.color"
            )
        )
    tab.call("Emulation.setEmulatedMedia", features=[])
    assert len(styles) == 2


@pytest.mark.parametrize("word", [0, 1, 2, 6, 7, 13])
def test_hostile_words_show_as_text(opened, hostile, word):
    tab = opened(hostile, "#q=" + quote(hostile.words[word], safe=""))
    tab.wait("selected")
    shown, near = card(tab)
    assert shown == hostile.words[word]
    assert [text for text, _ in near] == [text for text, _ in hostile.neighbours[word]]
    assert tab.evaluate("document.querySelectorAll('img, script').length") == 2
