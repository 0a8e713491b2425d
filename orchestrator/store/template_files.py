"""The templates of tasks: a workspace's `templates/`, and what comes with the tool."""

from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

from orchestrator.check.secrets import secrets_in
from orchestrator.model.places import TEMPLATES, template_name
from orchestrator.model.problem import Problem
from orchestrator.model.suggest import did_you_mean
from orchestrator.store.files import Source
from orchestrator.store.git import StoreError
from orchestrator.store.parse import document_of
from orchestrator.text.locate import locate
from orchestrator.verbs.template import Seed, read_template

_BUILT_IN = ("feature",)
_FOREIGN = b"{{"  # Helm, Jinja and the like: another tool's templates


class UnusableTemplateError(StoreError):
    """A template cannot be used, or there is none of that name.

    Attributes:
        name: The template.
    """

    def __init__(self, name: str, message: str, hint: str | None) -> None:
        super().__init__(message, hint)
        self.name = name


class Listed(NamedTuple):
    """A template as a list shows it.

    Attributes:
        name: What `--template` takes.
        path: Its file in the workspace; None when it comes with the tool.
        seed: What it says.
    """

    name: str
    path: str | None
    seed: Seed


def template(source: Source, name: str) -> Seed:
    """Return a template; the workspace's own wins over the one that comes with the tool.

    Raises:
        UnusableTemplateError: There is none of that name, or it cannot be used.
    """
    path = f"{TEMPLATES}/{name}.yaml"
    data = source.read(path) if path in source.templates() else _built_in(name)
    if data is None:
        known = _names(source)
        hint = did_you_mean(name, known) or f"There are {', '.join(known)} : {path} makes one."
        raise UnusableTemplateError(name, f"There is no template {name[:60]!r}.", hint)
    found = _read(path, data)
    if isinstance(found, Seed):
        return found
    problem = found[0]
    line, _ = locate(data.decode("utf-8", "replace"), problem.pointer, at_key=problem.at_key) or (
        1,
        1,
    )
    raise UnusableTemplateError(
        name, f"{path}:{problem.line or line}: {problem.message}", problem.hint
    )


def templates(source: Source) -> list[Listed]:
    """Return the templates that can be used, by name; `check` names the others."""
    found = []
    own = {template_name(path): path for path in source.templates()}
    for name in _names(source):
        path = own.get(name)
        data = source.read(path) if path else _built_in(name)
        seed = _read(path or name, data) if data is not None else []
        if isinstance(seed, Seed):
            found.append(Listed(name, path, seed))
    return found


def template_problems(source: Source) -> Iterator[Problem]:
    """Yield what is wrong with the templates in a workspace."""
    paths = source.templates()
    for path, data in zip(paths, source.read_all(paths), strict=True):
        if data is None:
            yield Problem("ORC006", "error", "The file cannot be read.", path)
        elif _FOREIGN not in data:
            yield from secrets_in(path, data)
            found = _read(path, data)
            if isinstance(found, list):
                yield from found


def _names(source: Source) -> list[str]:
    own = (template_name(path) for path in source.templates())
    return sorted({*_BUILT_IN, *(name for name in own if name)})


def _read(path: str, data: bytes) -> Seed | list[Problem]:
    document = document_of(path, data)
    return document if isinstance(document, list) else read_template(path, document)


def _built_in(name: str) -> bytes | None:
    if name not in _BUILT_IN:
        return None
    return files("orchestrator.store").joinpath(TEMPLATES, f"{name}.yaml").read_bytes()
