"""Every commit that an agent pushes, held against the policy of the default branch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from orchestrator.model.places import Kind, Place, place_of
from orchestrator.model.pointer import join
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change
from orchestrator.patch.merge import ABSENT, merge_documents
from orchestrator.patch.policy import decide
from orchestrator.patch.step import same
from orchestrator.store.git import Git, Oid
from orchestrator.store.hooks.receive.arrivals import NewCommit
from orchestrator.store.hooks.receive.own_changes import Blob, Touched, own_changes
from orchestrator.store.hooks.receive.standing import Plan, Standing
from orchestrator.store.parse import document_of
from orchestrator.store.trees import read_blobs
from orchestrator.text.locate import locate

_REGULAR = "100644"
_GONE = "000000"
_MODES = {"120000": "a symbolic link", "160000": "a submodule", "100755": "executable"}


class Refused(NamedTuple):
    """One reason to refuse a push.

    Attributes:
        why: A sentence.
        commit: The commit that it is about, or None.
        ref: The ref that it is about, or None.
        place: File, and line where there is one: `projects/pay/tasks/PAY-1.yaml:3`.
        rule: Where the rule stands that decides, `orchestrator.yaml:12`, or None.
    """

    why: str
    commit: Oid | None = None
    ref: str | None = None
    place: str | None = None
    rule: str | None = None


class _Side(NamedTuple):
    """One entity as a commit changes it."""

    path: str
    place: Place
    touched: Touched


def refused_commits(
    git: Git, standing: Standing, held: Sequence[tuple[NewCommit, str]]
) -> Iterator[Refused]:
    """Yield what is wrong with commits, each held against the policy for an agent.

    Args:
        git: In the hook.
        standing: What the default branch says.
        held: Commits, and the agent whose policy each is held against.
    """
    changed = list(own_changes(git, [commit for commit, _ in held]))
    contents = _contents(git, changed)
    for (commit, agent), touched in zip(held, changed, strict=True):
        if len(commit.parents) > 2:  # noqa: PLR2004
            yield Refused(f"Agent {agent} may not merge more than one branch at once.", commit.oid)
        sides: dict[str, list[_Side]] = {}
        for file in touched:
            found = _side(standing, file)
            if isinstance(found, str):
                why = f"Agent {agent} may not change {file.path} : {found}."
                yield Refused(why, commit.oid, place=file.path)
            else:
                plan, side = found
                sides.setdefault(plan.prefix, []).append(side)
        for prefix, files in sides.items():
            yield from _judged(standing.plans[prefix], agent, commit, files, contents)


def _contents(git: Git, changed: Sequence[Sequence[Touched]]) -> Mapping[Oid, bytes]:
    wanted = {
        blob[1]: None
        for touched in changed
        for file in touched
        for blob in (file.before, file.after, *(file.sides or ()))
        if blob[1] is not None and blob[0] != "160000" and file.path.endswith(".yaml")
    }
    oids = [oid for oid in wanted if oid is not None]
    return dict(zip(oids, read_blobs(git, oids), strict=True))


def _side(standing: Standing, file: Touched) -> tuple[Plan, _Side] | str:
    """Return the workspace and entity that a file is, or why an agent may not touch it."""
    plan = standing.plan_of(file.path)
    if plan is None:
        return "it is outside of every workspace"
    if plan.target is None:
        return "the policy cannot be read"
    path = file.path[len(plan.prefix) :]
    place = place_of(path)
    if place is None or place.kind not in ("tasks", "projects"):
        return "it is no task and no project"
    mode = file.after[0]
    if mode not in (_REGULAR, _GONE):
        return f"it is {_MODES.get(mode, f'a file of mode {mode}')}"
    return plan, _Side(path, place, file)


def _judged(
    plan: Plan,
    agent: str,
    commit: NewCommit,
    files: Sequence[_Side],
    contents: Mapping[Oid, bytes],
) -> Iterator[Refused]:
    """Yield what the policy refuses of one commit in one workspace."""
    documents: dict[tuple[Kind, str], list[Document | None]] = {}
    texts: dict[tuple[Kind, str], tuple[str, Oid | None]] = {}
    for side in files:
        pair = _pair(side, contents)
        if pair is None:
            where = f"{plan.prefix}{side.path}"
            why = f"Agent {agent} may not change {where} : it cannot be read."
            yield Refused(why, commit.oid, place=where)
            continue
        entity = (side.place.kind, side.place.id)
        known = documents.setdefault(entity, [None, None])
        if any(old is not None and new is not None for old, new in zip(known, pair, strict=True)):
            # One of the two would go unseen.
            why = f"Agent {agent} may not change {side.place.id} : it is in two files."
            yield Refused(why, commit.oid, place=f"{plan.prefix}{side.path}")
        for index, document in enumerate(pair):
            known[index] = document if document is not None else known[index]
        if pair[1] is not None or entity not in texts:
            texts[entity] = (f"{plan.prefix}{side.path}", side.touched.after[1])
    changes = [
        Change(kind, entity_id, before, after)
        for (kind, entity_id), (before, after) in documents.items()
        if not same(before, after)
    ]
    assert plan.target is not None  # noqa: S101 - _side has refused those
    decision = decide(plan.target.policy, agent, changes, commit.at)
    for verdict in decision.refusals:
        path, oid = next(
            (found for entity, found in texts.items() if entity == (verdict.kind, verdict.id)),
            (None, None),
        )
        rule = plan.target.place(verdict.pointer)
        yield Refused(
            verdict.why,
            commit.oid,
            place=_line(path, contents.get(oid) if oid else None, verdict.field),
            rule=f"{plan.prefix}{rule}" if rule else None,
        )


def _line(path: str | None, data: bytes | None, field: str | None) -> str | None:
    if path is None or data is None or field is None:
        return path
    found = locate(data.decode("utf-8", "replace"), join([field]), at_key=True)
    return f"{path}:{found[0]}" if found else path


def _pair(
    side: _Side, contents: Mapping[Oid, bytes]
) -> tuple[Document | None, Document | None] | None:
    """Return an entity before and after a commit; None when a file cannot be read."""
    after = _document(side, side.touched.after, contents)
    blobs = side.touched.sides or (side.touched.before,)
    sides = [_document(side, blob, contents) for blob in blobs]
    if after == {} or {} in sides:
        return None
    if side.touched.sides is None:
        return sides[0], after
    return _expected(side.place.kind, sides, after), after


def _expected(
    kind: Kind, sides: Sequence[Document | None], after: Document | None
) -> Document | None:
    """Return what merging both sides gives; where nobody has chosen, what this merge chose."""
    base, first, second = sides
    if first is None or second is None:
        # One side deleted what the other edited: either may win.
        return after if any(same(after, side) for side in (first, second)) else first or second
    value, conflicts = merge_documents(kind, base or {}, first, second)
    expected: Document = dict(value)
    for conflict in conflicts:
        field = conflict.pointer.split("/")[1]
        chosen = (after or {}).get(field, ABSENT)
        if any(same(chosen, document.get(field, ABSENT)) for document in (first, second)):
            expected.pop(field, None)
            if chosen is not ABSENT:
                expected[field] = chosen
    return expected


def _document(side: _Side, blob: Blob, contents: Mapping[Oid, bytes]) -> Document | None:
    """Return what a file says; None when it is not there, empty when it cannot be read."""
    if blob[1] is None:
        return None
    found = document_of(side.path, contents[blob[1]]) if blob[1] in contents else []
    if not isinstance(found, dict) or blob[0] not in (_REGULAR, "100755"):
        return {}
    return {**found, "project": side.place.project} if side.place.kind == "tasks" else found
