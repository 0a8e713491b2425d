"""Someone who sits at an editor."""

from pathlib import Path

import pytest

from tests.lsp.seat import Seat


@pytest.fixture
def seat(plan: Path) -> Seat:
    """A small workspace that is open in an editor."""
    return Seat(plan)
