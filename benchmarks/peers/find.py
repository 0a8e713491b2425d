"""Where the programs of the peers are: in the folder of `make bench-peers`, or on PATH."""

import shutil
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".peers"
"""What `make bench-peers` fills; git does not see it."""

PLACES = (
    FOLDER / "node_modules/.bin",
    FOLDER / ".venv/bin",
    FOLDER / "debian/usr/bin",
)


def program(name: str) -> str | None:
    """Return the path of a program, or None where it is not installed."""
    for place in PLACES:
        if found := shutil.which(name, path=str(place)):
            return found
    return shutil.which(name)
