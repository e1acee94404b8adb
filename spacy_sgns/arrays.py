"""Type aliases of arrays."""

from typing import Any, TypeAlias

from numpy.typing import NDArray

Floats: TypeAlias = NDArray[Any]
Ints: TypeAlias = NDArray[Any]
