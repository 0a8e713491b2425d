"""One GraphQL document for all that changes in an item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.sync.item import Item
from orchestrator.sync.remotes.linear.mapping import inputs, sets
from orchestrator.sync.remotes.linear.queries import ISSUE, PROJECT
from orchestrator.sync.remotes.linear.team import Team


@dataclass(frozen=True, slots=True)
class Mutation:
    """A document that changes things, one after the other.

    Attributes:
        text: In GraphQL; "" where there is nothing to do.
        variables: Its values.
        answer: Finds the item in what comes back; None where it has to be asked for.
        is_repeatable: Whether sending it twice does what sending it once does.
    """

    text: str
    variables: Mapping[str, Any]
    answer: Callable[[Mapping[str, Any]], Any] | None = None
    is_repeatable: bool = True


def change_issue(current: Item, changes: Mapping[str, Any], team: Team) -> Mutation:
    """Return what has to be sent to change an issue, its labels and its relations.

    Raises:
        UnwritableError: A value has no counterpart.
    """
    found = sets("tasks", changes, team, current)
    given = inputs("tasks", changes, team, current)
    given |= {"addedLabelIds": list(found.added)} if found.added else {}
    given |= {"removedLabelIds": list(found.removed)} if found.removed else {}
    if not given and not found.freed and not found.blockers:
        return Mutation("", {})
    types: dict[str, str] = {}
    variables: dict[str, Any] = {}
    steps: list[str] = []
    answer: Callable[[Mapping[str, Any]], Any] | None = None
    if current.state == "archived":
        # Linear edits nothing that is archived.
        types["id"], variables["id"] = "String!", current.key
        steps.append("issueUnarchive(id: $id) { success }")
    for number, relation in enumerate(found.freed):
        types[f"d{number}"], variables[f"d{number}"] = "String!", relation
        steps.append(f"d{number}: issueRelationDelete(id: $d{number}) {{ success }}")
    for number, blocker in enumerate(found.blockers):
        types[f"r{number}"] = "IssueRelationCreateInput!"
        variables[f"r{number}"] = {
            "issueId": blocker, "relatedIssueId": current.key, "type": "blocks"
        }  # fmt: skip
        # The last step reads the issue as all of them leave it.
        is_last = not given and blocker == found.blockers[-1]
        whole = "success issueRelation { relatedIssue { ...I } }" if is_last else "success"
        steps.append(f"r{number}: issueRelationCreate(input: $r{number}) {{ {whole} }}")
        if is_last:
            answer = _related(f"r{number}")
    if given:
        types |= {"id": "String!", "input": "IssueUpdateInput!"}
        variables |= {"id": current.key, "input": given}
        steps.append("issueUpdate(id: $id, input: $input) { success issue { ...I } }")
        answer = _updated
    is_repeatable = not found.blockers and not found.freed and current.state == "live"
    fragment = ISSUE if answer is not None else ""
    return Mutation(
        _document(types, steps, fragment), variables, answer, is_repeatable=is_repeatable
    )


def change_project(current: Item, changes: Mapping[str, Any], team: Team) -> Mutation:
    """Return what has to be sent to change a project and its labels.

    Raises:
        UnwritableError: A value has no counterpart.
    """
    found = sets("projects", changes, team, current)
    given = inputs("projects", changes, team, current)
    types: dict[str, str] = {"id": "String!"}
    variables: dict[str, Any] = {"id": current.key}
    steps: list[tuple[str, str]] = []
    for verb, labels in (("Add", found.added), ("Remove", found.removed)):
        for number, label in enumerate(labels):
            name = f"{verb.lower()}{number}"
            types[name], variables[name] = "String!", label
            steps.append((name, f"project{verb}Label(id: $id, labelId: ${name})"))
    if given:
        types["input"], variables["input"] = "ProjectUpdateInput!", given
        steps.append(("projectUpdate", "projectUpdate(id: $id, input: $input)"))
    if not steps:
        return Mutation("", {})
    whole = [f"{name}: {call} {{ success project {{ ...P }} }}" for name, call in steps[-1:]]
    parts = [f"{name}: {call} {{ success }}" for name, call in steps[:-1]]
    last = steps[-1][0]
    return Mutation(
        _document(types, [*parts, *whole], PROJECT), variables, lambda data: data[last]["project"]
    )


def _related(name: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda data: data[name]["issueRelation"]["relatedIssue"]


def _updated(data: Mapping[str, Any]) -> Any:
    return data["issueUpdate"]["issue"]


def _document(types: Mapping[str, str], steps: list[str], fragment: str) -> str:
    head = ", ".join(f"${name}: {kind}" for name, kind in types.items())
    body = "\n  ".join(steps)
    return f"mutation Change({head}) {{\n  {body}\n}}\n{fragment}"
