"""The plot of trajectories on the page of a sequence: a line for each word, by side and displacement, as SVG."""

from collections.abc import Iterator, Sequence

import numpy as np

from spacy_sgns.arrays import Floats
from spacy_sgns.comparison.plot_frame import CHAR_WIDTH, LABEL_GAP, Frame, labels_beside, y_axis, y_pixels, y_top
from spacy_sgns.comparison.sequence_result import Trajectory
from spacy_sgns.drawing.colours import DARK, LIGHT
from spacy_sgns.drawing.text import escaped, label

MAX_NAME_CHARS = 14  # of a side, below the axis
RADIUS = 3  # of points
COLOURS = "\n".join(
    f".c{i} {{ --line-colour: {light}; }} @media (prefers-color-scheme: dark) {{ .c{i} {{ --line-colour: {dark}; }} }}"
    for i, (light, dark) in enumerate(zip(LIGHT, DARK, strict=True))
)
STYLE = f"""{COLOURS}
polyline {{ fill: none; stroke: var(--line-colour); stroke-width: 1.5; }}
.again polyline {{ stroke-dasharray: 4 3; }}
.leader {{ stroke: var(--line-colour); }}
circle {{ fill: var(--line-colour); }}
"""


def trajectories_svg(trajectories: Sequence[Trajectory], names: Sequence[str], frame: Frame) -> str:
    """Return the displacements of words from the first side as an SVG element, in which each point has a tooltip.

    names: of the sides.
    """
    values, texts = np.array([one.from_first for one in trajectories]), [label(one.word) for one in trajectories]
    frame = frame._replace(right=_margin(texts, frame))
    top, x = y_top(values), np.linspace(frame.left, frame.width - frame.right, len(names))
    y = y_pixels(frame, values, top)
    classes = [f"c{i % len(LIGHT)}" for i in range(len(trajectories))]
    parts = [
        *_x_axis(names, x, frame),
        *y_axis(frame, top),
        f'<text x="{frame.left}" y="{frame.top - 14}">displacement from {escaped(label(names[0]))}</text>',
        *(_line(i, one, names, x, y[i]) for i, one in enumerate(trajectories)),
        *labels_beside(texts, np.full(len(texts), x[-1]), y[:, -1], RADIUS, frame, classes),
    ]
    box = f'class="{frame.kind}" viewBox="0 0 {frame.width} {frame.height}"'
    title = "Displacement of words from the first side"
    return f'<svg {box} role="img" aria-label="{title}">\n' + "\n".join(parts) + "\n</svg>"


def _line(i: int, one: Trajectory, names: Sequence[str], x: Floats, y: Floats) -> str:
    """Return the line of a word, the i-th one, with a point for each side."""
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    circles = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{RADIUS}"><title>{escaped(one.word)}, {escaped(name)}: '
        f"displacement {far:.3f}</title></circle>"
        for a, b, name, far in zip(x, y, names, one.from_first, strict=True)
    )
    again = " again" if i >= len(LIGHT) else ""
    return f'<g class="c{i % len(LIGHT)}{again}"><polyline points="{points}" />{circles}</g>'


def _margin(texts: Sequence[str], frame: Frame) -> int:
    """Return a right margin that has room for the labels, up to a third of the frame."""
    return min(frame.width // 3, 1 + int(LABEL_GAP + CHAR_WIDTH * max(map(len, texts))))


def _x_axis(names: Sequence[str], x: Floats, frame: Frame) -> Iterator[str]:
    """Yield the names of the sides, of many only every n-th, so that they do not touch."""
    texts = [label(name, MAX_NAME_CHARS) for name in names]
    width = CHAR_WIDTH * (1 + max(map(len, texts)))
    first = "start" if width / 2 > frame.left else "middle"
    every = int(np.ceil((1.5 if first == "start" else 1) * width / (x[1] - x[0])))
    for i in range(0, len(texts), every):
        anchor = "middle" if i else first
        y = frame.height - frame.bottom + 16
        yield f'<text x="{x[i]:.1f}" y="{y}" text-anchor="{anchor}">{escaped(texts[i])}</text>'
