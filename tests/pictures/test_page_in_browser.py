"""The page, in a real browser."""

from urllib.parse import quote

import pytest

from spacy_sgns.pictures.page import write_page
from spacy_sgns.vectors.word_vectors import WordVectors
from tests.pictures.browser import browser, browser_path
from tests.pictures.bundles import map_of

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


INSIDE = """labels.every(({ word, dx, width }) => {
  const left = toScreen(word)[0] + dx;
  return left >= 0 && left + width <= canvas.clientWidth;
})"""


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


def luminance(channels):
    """The relative luminance of a colour by the Web Content Accessibility Guidelines."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (x / 255 for x in channels)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_labels_stay_legible_while_the_neighbours_of_a_word_stand_out(opened, drawn, scheme):
    tab = opened(drawn)
    tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    tab.wait(f"darkMode.matches === {str(scheme == 'dark').lower()}")
    tab.evaluate(
        "var drawnLabels = new Map(), plain = drawLabel; drawLabel = (label, alpha) => "
        "{ drawnLabels.set(label.word.text, alpha); plain(label, alpha); }"
    )
    tab.mouse("mouseMoved", *position(tab, 4))
    tab.wait("hovered === words[4] && pendingFrame === 0 && drawnLabels.size > 0")
    alphas = tab.evaluate("[...drawnLabels.values()]")
    dimmed, paper, ink = min(alphas), *(tab.evaluate(f"colour('{name}')") for name in ("--paper", "--ink"))
    assert max(alphas) == 1 > dimmed
    behind, letters = (
        [int((c[1:] if len(c) == 7 else c[1:] * 2)[i : i + 2], 16) for i in (0, 2, 4)] for c in (paper, ink)
    )
    shown = [dimmed * letter + (1 - dimmed) * back for letter, back in zip(letters, behind, strict=True)]
    brighter, darker = sorted((luminance(shown), luminance(behind)), reverse=True)
    assert (brighter + 0.05) / (darker + 0.05) >= 4.5  # the guidelines' minimum for text
    tab.call("Emulation.setEmulatedMedia", features=[])


@pytest.fixture
def phone(tab):
    """A function that makes the screen that of a phone, upright or not."""

    def turn(width, height):
        tab.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True)

    yield turn
    tab.call("Emulation.clearDeviceMetricsOverride")


FILLED = """(() => {
  const along = axis => words.map(word => toScreen(word)[axis]);
  const extent = axis => Math.max(...along(axis)) - Math.min(...along(axis));
  return [extent(0) / canvas.clientWidth, extent(1) / canvas.clientHeight];
})()"""


def test_on_a_phone_the_map_fills_the_screen_upright_or_not(opened, phone, drawn):
    for size in ((390, 844), (844, 390)):
        phone(*size)
        tab = opened(drawn)
        across, down = tab.evaluate(FILLED)
        assert 0.6 < across <= 1 and 0.7 < down <= 1, size
        assert tab.evaluate("canvas.clientHeight / innerHeight") > 0.6
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone(390, 844)
    tab.wait("shape.tall && labelScale === view.k && pendingFrame === 0")
    assert tab.evaluate(FILLED)[1] > 0.7  # turned while it is open


def test_no_label_leaves_the_screen_while_all_words_are_shown(opened, phone, vectors):
    phone(390, 844)
    tab = opened(map_of(WordVectors([word * 6 for word in vectors.words], vectors.rows)))
    assert tab.evaluate("view.k === fitScale && labels.length > 10")
    assert tab.evaluate(INSIDE)


@pytest.mark.parametrize("size", [(390, 844), (844, 390)])
def test_on_a_phone_the_card_hides_neither_its_word_nor_much_of_the_map(opened, phone, drawn, size):
    phone(*size)
    tab = opened(drawn)
    for word in range(len(drawn.words)):
        tab.evaluate(f"select(words[{word}])")
        tab.wait("card.word === selected && !card.hidden && pendingFrame === 0")
        left, top, right, bottom, map_area = tab.evaluate(
            "(() => { const c = card.getBoundingClientRect(), m = canvas.getBoundingClientRect();"
            "return [c.left, c.top, c.right, c.bottom, m.width * m.height]; })()"
        )
        x, y = position(tab, word)
        assert not (left < x < right and top < y < bottom)
        assert (right - left) * (bottom - top) < 0.3 * map_area


@pytest.mark.parametrize("word", [0, 1, 2, 6, 7, 13])
def test_hostile_words_show_as_text(opened, hostile, word):
    tab = opened(hostile, "#q=" + quote(hostile.words[word], safe=""))
    tab.wait("selected")
    shown, near = card(tab)
    assert shown == hostile.words[word]
    assert [text for text, _ in near] == [text for text, _ in hostile.neighbours[word]]
    assert tab.evaluate("document.querySelectorAll('img, script').length") == 2
