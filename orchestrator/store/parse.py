"""Bytes into documents, one file after the other."""

from collections.abc import Iterable

from orchestrator.check.secrets import secrets_in
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Read
from orchestrator.store.files import Entry
from orchestrator.text.read import read


def parse_entries(entries: Iterable[Entry | Problem]) -> tuple[list[Read], list[Problem]]:
    """Return the documents of files, and what is wrong with paths and bytes."""
    reads: list[Read] = []
    problems: list[Problem] = []
    for item in entries:
        if isinstance(item, Problem):
            problems.append(item)
            continue
        path, place, data = item
        if found := secrets_in(path, data):
            problems += found
        reads.append((path, place, read(path, data)))
    return reads, problems
