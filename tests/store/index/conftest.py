"""The index of a test is made by one version of the program, whatever is saved meanwhile."""

import pytest

from orchestrator.store.index import schema

STAMP = schema.stamp_of_program()


@pytest.fixture(autouse=True)
def one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a file that somebody edits while tests run from making the index stale."""
    monkeypatch.setattr(schema, "stamp_of_program", lambda: STAMP)
