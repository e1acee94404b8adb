"""The benchmark is scripts beside each other, not a package: they are found by their folder."""

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent.parent / "examples" / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
