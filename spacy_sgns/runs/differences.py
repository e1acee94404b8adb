"""Differences between plain values, such as the settings of two runs."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

MAX_SHOWN = 3  # differences in a message


def differences(before: Any, now: Any, name: str = "") -> Iterator[str]:
    """Yield `NAME was A, is B` for each difference between two nested values; names are dotted."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*before, *now)):
            yield from differences(before.get(key), now.get(key), f"{name}.{key}".lstrip("."))
    elif before != now:
        yield f"{name} was {_shown(before)}, is {_shown(now)}"


def summary(found: Sequence[str]) -> str:
    """Return the first differences and the number of the others."""
    more = f"; and {len(found) - MAX_SHOWN} more" if len(found) > MAX_SHOWN else ""
    return "; ".join(found[:MAX_SHOWN]) + more


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
