"""How `check` reports problems: text, json, github, gitlab, sarif, junit; one module each."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.cli.formats.report import Report
    from orchestrator.model.problem import Problem

    Render = Callable[[Sequence[Problem], Report], str]

FORMATS = ("text", "json", "github", "gitlab", "sarif", "junit")
"""The names that `--format` takes."""


def renderer(name: str) -> "Render":
    """Return the function that renders problems in a format; its module is loaded now.

    Raises:
        KeyError: There is no such format.
    """
    if name not in FORMATS:
        raise KeyError(name)
    found: Render = import_module(f"orchestrator.cli.formats.{name}").render
    return found
