"""A small plan that was never synced, and a tracker with items of its own."""

from pathlib import Path

import pytest

from tests.sync.memory import Memory
from tests.sync.run.clone import Clone


@pytest.fixture
def clone(repo: Path) -> Clone:
    """The committed workspace with an empty tracker."""
    return Clone(repo, Memory())
