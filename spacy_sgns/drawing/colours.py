"""Colours that people who see few colours can tell apart, and shapes for when there are more groups than colours."""

# Paul Tol, Colour Schemes (SRON/EPS/TN/09-002, 2021): "muted" without its palest, and "light".
LIGHT = ("#332288", "#CC6677", "#117733", "#88CCEE", "#882255", "#44AA99", "#999933", "#AA4499")
DARK = ("#77AADD", "#EE8866", "#44BB99", "#EEDD88", "#FFAABB", "#99DDFF", "#BBCC33", "#AAAA00")
SHAPES = ("o", "s", "^", "D")  # as matplotlib calls them: circle, square, triangle, diamond


def look(group: int) -> tuple[int, int]:
    """Return the number of the colour and of the shape of a group."""
    return group % len(LIGHT), group // len(LIGHT) % len(SHAPES)
