"""Run the commands in the READMEs of this folder again, and replace what they printed by what they print now.

Usage: python refresh.py. A command is the first line of a block marked `console`, after `$ `.
"""

import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
READMES = (HERE / "README.md", HERE / "project" / "README.md")
BLOCK = re.compile(r"```console\n\$ (.+)\n(?:.*\n)*?```")
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # so that `python` is this one


def main() -> None:
    for readme in READMES:
        text = readme.read_text(encoding="utf8")
        readme.write_text(BLOCK.sub(partial(run, folder=readme.parent), text), encoding="utf8")


def run(block: re.Match[str], folder: Path) -> str:
    """Return a block anew, with what its command prints now. A command that fails ends the run."""
    command = block[1]
    print(f"$ {command}", file=sys.stderr)
    variables = {**os.environ, "PATH": PATH, "ANSI_COLORS_DISABLED": "1"}
    shell = ["bash", "-o", "pipefail", "-c", command]
    output = subprocess.run(
        shell, cwd=folder, env=variables, check=True, stdout=subprocess.PIPE, encoding="utf8"
    ).stdout
    lines = [line.rstrip() for line in output.strip("\n").split("\n")]
    return "\n".join(["```console", f"$ {command}", *lines, "```"])


if __name__ == "__main__":
    main()
