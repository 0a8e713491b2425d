"""The files that come with the package: examples, hooks, schemas."""

from pathlib import Path

from orchestrator.store.git import StoreError


def shipped(name: str) -> Path:
    """Return a folder that comes with orchestrator: `examples`, `hooks` or `schemas`.

    The wheel has them inside the package; a checkout has them beside it.

    Raises:
        StoreError: It is missing: the installation is incomplete.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise StoreError(f"The folder {name} of orchestrator is missing.", "Install it again.")
