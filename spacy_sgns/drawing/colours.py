"""Colours for groups that people with colour blindness can tell apart, and markers for more groups than colours."""

# Paul Tol, Colour Schemes (SRON/EPS/TN/09-002, 2021): "muted" without its palest colour, and "light".
LIGHT = ("#332288", "#CC6677", "#117733", "#88CCEE", "#882255", "#44AA99", "#999933", "#AA4499")  # on light paper
DARK = ("#77AADD", "#EE8866", "#44BB99", "#EEDD88", "#FFAABB", "#99DDFF", "#BBCC33", "#AAAA00")  # on dark paper
MARKERS = ("o", "s", "^", "D")  # matplotlib's names for circle, square, triangle, diamond


def group_style(group: int) -> tuple[int, int]:
    """Return the indices of the colour and the marker of a group."""
    return group % len(LIGHT), group // len(LIGHT) % len(MARKERS)
