"""A review as people read it in a terminal, and as JSON."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from orchestrator.cli.escape import printable
from orchestrator.cli.ink import BOLD, DIM, GREEN, RED, YELLOW, cells, pad, paint
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.problem import Problem
    from orchestrator.patch.semantic import EntityDiff, FieldDiff
    from orchestrator.store.proposals.find import Proposal, ProposedCommit, Target
    from orchestrator.store.proposals.review import Review

_SIGNS = {"added": ("+", GREEN), "removed": ("-", RED), "deleted": ("-", RED)}
_COLORS = {"open": GREEN, "stale": YELLOW, "problems": RED, "merged": DIM, "refused": RED}
_STATES = {
    "open": "ready to accept",
    "stale": "conflicts with the target",
    "problems": "would bring errors",
    "merged": "merged already",
    "refused": "refused by the policy",
}
_MOST_LINES = 40
_SHORT = 7


def review_text(
    session: Session,
    proposal: "Proposal",
    target: "Target",
    found: "Review",
    refused: Sequence[str],
) -> str:
    """Return what a proposal is and does, with colours and line ends.

    Args:
        session: Whose terminal it is.
        proposal: What is proposed.
        target: What it is proposed for.
        found: What merging it means.
        refused: What the policy has against it.
    """
    from orchestrator.patch.semantic import counts
    from orchestrator.store.proposals.review import clash_words

    def ink(text: str, code: str) -> str:
        return paint(printable(text), code, has_color=session.has_color)

    entities = found.entities
    name = "refused" if refused and found.state == "open" else found.state
    state = ink(_STATES[name], _COLORS[name])
    lines = [
        f"{ink(proposal.id, BOLD)}  {state}",
        f"{printable(proposal.branch)} → {printable(target.name)}: {counts(entities)}",
    ]
    for commit in found.commits:
        lines += ["", *_commit(session, commit)]
    for entity in entities:
        lines += ["", *_entity(session, entity)]
    for heading, items in (
        ("Outside the plan it changes", found.files),
        ("Settled by a rule", found.merged.said),
        ("Policy", refused),
        ("Conflicts", clash_words(found.merged, target.name, proposal.id)),
        ("It would bring", [_problem(item) for item in found.problems]),
        ("It would mend", [_problem(item) for item in found.gone]),
    ):
        if items:
            lines += ["", f"{heading}:"]
            lines += [f"  {printable(item)}" for item in items[:_MOST_LINES]]
            if (more := len(items) - _MOST_LINES) > 0:
                lines.append(f"  … and {more:,} more")
    return "".join(f"{line}\n" for line in lines)


def review_json(proposal: "Proposal", target: "Target", found: "Review") -> dict[str, Any]:
    """Return the same as JSON."""
    from orchestrator.cli.formats.json import row
    from orchestrator.patch.merge import ABSENT

    def value(item: Any) -> Any:
        return None if item is ABSENT else item

    return {
        **proposal_row(proposal, found.state),
        "title": found.commits[0].subject if found.commits else None,
        "target": target.name,
        "base": found.merged.base,
        "commits": [commit_row(commit) for commit in found.commits],
        "changes": [entity_row(entity) for entity in found.entities],
        "files": list(found.files),
        "problems": [row(problem) for problem in found.problems],
        "mended": [row(problem) for problem in found.gone],
        "conflicts": [
            {
                "kind": entity[0], "id": entity[1], "path": path, "pointer": conflict.pointer,
                "base": value(conflict.base), "target": value(conflict.ours),
                "proposal": value(conflict.theirs),
            }
            for entity, path, conflict in found.merged.clashes
        ] + [
            {
                "kind": None, "id": None, "path": path, "pointer": "",
                "base": None, "target": None, "proposal": None,
            }
            for path in found.merged.files
        ],
        "settled": list(found.merged.said),
    }  # fmt: skip


def proposal_row(proposal: "Proposal", state: str) -> dict[str, Any]:
    """Return a proposal's own facts as JSON."""
    return {
        "id": proposal.id,
        "author": proposal.name.author,
        "branch": proposal.branch,
        "remote": proposal.remote or None,
        "tip": proposal.tip,
        "at": proposal.at.isoformat(),
        "state": state,
    }


def commit_row(commit: "ProposedCommit") -> dict[str, Any]:
    """Return a commit as JSON."""
    return {
        "commit": commit.oid,
        "subject": commit.subject,
        "author": commit.author,
        "at": commit.at.isoformat(),
        "agent": commit.agent,
        "model": commit.model,
        "reason": commit.reason,
    }


def entity_row(entity: "EntityDiff") -> dict[str, Any]:
    """Return what happens to an entity as JSON."""
    return {
        "kind": entity.kind,
        "id": entity.id,
        "title": entity.title,
        "deed": entity.deed,
        "origin": entity.origin,
        "fields": [
            {
                "field": field.field, "before": field.before, "after": field.after,
                "added": list(field.added), "removed": list(field.removed),
            }
            for field in entity.fields
        ],
    }  # fmt: skip


def _commit(session: Session, commit: "ProposedCommit") -> Iterator[str]:
    from orchestrator.view.moments import ago

    who = commit.agent or commit.author
    model = f" with {commit.model}" if commit.model else ""
    short = paint(commit.oid[:_SHORT], YELLOW, has_color=session.has_color)
    yield f"{short} {printable(commit.subject)}"
    yield f"    by {printable(who + model)}, {ago(commit.at, session.now)}"
    if commit.reason:
        yield f"    because: {printable(commit.reason)}"


def _entity(session: Session, entity: "EntityDiff") -> Iterator[str]:
    sign, color = _SIGNS.get(entity.deed, ("~", YELLOW))
    deed = "" if entity.deed in {"added", "changed"} else f" ({entity.deed})"
    was = f" (was {entity.origin})" if entity.origin else ""
    head = paint(f"{sign} {printable(entity.name)}", color, has_color=session.has_color)
    yield f"{head} {printable(entity.title + was + deed)}".rstrip()
    width = max((cells(printable(field.field)) for field in entity.fields), default=0)
    for field in entity.fields:
        yield from _field(session, field, width)


def _field(session: Session, field: "FieldDiff", width: int) -> Iterator[str]:
    from orchestrator.patch.describe import shown

    name = pad(printable(field.field), width)
    if field.lines:
        yield f"    {name.rstrip()}"
        for line in field.lines[:_MOST_LINES]:
            color = {"+": GREEN, "-": RED}.get(line[:1], "")
            text = f"{line[:1]} {line[1:]}" if line[:1] in {"+", "-", " "} else line
            yield f"      {paint(printable(text), color, has_color=session.has_color)}".rstrip()
        if (more := len(field.lines) - _MOST_LINES) > 0:
            yield f"      … and {more:,} more"
    elif field.added or field.removed:
        parts = [*(("+", item) for item in field.added), *(("-", item) for item in field.removed)]
        texts = (
            paint(printable(f"{sign} {shown(item)}"), GREEN if sign == "+" else RED,
                  has_color=session.has_color)
            for sign, item in parts
        )  # fmt: skip
        yield f"    {name}  {'  '.join(texts)}"
    elif field.before is None:
        yield f"    {name}  {printable(shown(field.after))}"
    else:
        yield f"    {name}  {printable(f'{shown(field.before)} → {shown(field.after)}')}"


def _problem(problem: "Problem") -> str:
    place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
    return f"{problem.severity} {problem.code} {place}: {problem.message}"
