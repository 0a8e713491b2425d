"""Bytes into documents, one file after the other."""

from collections.abc import Iterable
from typing import NamedTuple

from orchestrator.check.secrets import secrets_in
from orchestrator.model.accept import accepts
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Read
from orchestrator.store.files import Entry
from orchestrator.text.read import read
from orchestrator.text.salvage import salvage


class Parsed(NamedTuple):
    """Files after parsing.

    Attributes:
        reads: Each file's document, or what is wrong with it.
        problems: What is wrong with paths, and with bytes that could be read all the same.
        doubtful: Paths of documents that the models have to judge.
    """

    reads: list[Read]
    problems: list[Problem]
    doubtful: list[str]


def parse_entries(entries: Iterable[Entry | Problem]) -> Parsed:
    """Return the documents of files, and what is wrong with paths and bytes."""
    reads: list[Read] = []
    problems: list[Problem] = []
    doubtful: list[str] = []
    for item in entries:
        if isinstance(item, Problem):
            problems.append(item)
            continue
        path, place, data = item
        if found := secrets_in(path, data):
            problems += found
        outcome = read(path, data)
        if isinstance(outcome, list) and (document := salvage(path, data, outcome)) is not None:
            problems += outcome
            outcome = document
        if isinstance(outcome, dict) and not accepts(place.kind, outcome):
            doubtful.append(path)
        reads.append((path, place, outcome))
    return Parsed(reads, problems, doubtful)


def document_of(path: str, data: bytes) -> Document | list[Problem]:
    """Return what a file says, also when only its line ends or its first bytes are wrong."""
    outcome = read(path, data)
    if isinstance(outcome, list):
        return salvage(path, data, outcome) or outcome
    return outcome
