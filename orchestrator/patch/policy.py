"""Whether an agent may make a change, and which line of the policy says so. Pure, and total."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from orchestrator.model.fields import DELETION, GRANTABLE, STAMPS
from orchestrator.model.places import SETTINGS_FILE
from orchestrator.model.pointer import join
from orchestrator.model.shape import Document, judge
from orchestrator.patch.apply import Change
from orchestrator.patch.ops import PatchError
from orchestrator.patch.step import same

Deed = Literal["add", "replace", "remove", "move"]

AGENT = "agent:"
_STATUS_STAMPS = frozenset({"started_at", "completed_at"})
_LATEST = timedelta(days=1)


class BrokenPolicyError(PatchError):
    """The policy cannot be read, so nothing is allowed by it."""


class Verdict(NamedTuple):
    """What the policy says about one step of a change.

    Attributes:
        kind: The entity's; `""` for the patch as a whole.
        id: The entity.
        deed: What would happen to it.
        field: The field that would be set or cleared, or None for the whole entity.
        is_allowed: Whether it may.
        pointer: The rule that decides, into the settings; None when no policy can change it.
        agent: Who wants it.
        step: What it is, in words: `set status of PAY-1`.
        because: What decided.
    """

    kind: str
    id: str
    deed: Deed
    field: str | None
    is_allowed: bool
    pointer: str | None
    agent: str
    step: str
    because: str

    @property
    def why(self) -> str:
        """The whole as a sentence."""
        may = "may" if self.is_allowed else "may not"
        return f"Agent {self.agent} {may} {self.step} : {self.because}."


class Decision(NamedTuple):
    """What the policy says about a patch.

    Attributes:
        agent: Whose patch.
        verdicts: Step by step.
    """

    agent: str
    verdicts: tuple[Verdict, ...]

    @property
    def refusals(self) -> tuple[Verdict, ...]:
        """The steps that are refused."""
        return tuple(verdict for verdict in self.verdicts if not verdict.is_allowed)

    @property
    def is_allowed(self) -> bool:
        """Whether all of the patch is allowed."""
        return not self.refusals


def agent_of(author: str | None) -> str | None:
    """Return the agent that a patch's author is, or None for a person."""
    return author.removeprefix(AGENT) if author and author.startswith(AGENT) else None


def is_own_branch(agent: str, branch: str) -> bool:
    """Return whether a branch is one of the agent's own: `agent/<name>/…`."""
    own = f"agent/{agent}/"
    return branch.startswith(own) and len(branch) > len(own) and "/" not in agent


def policy_of(settings: Document) -> Document | None:
    """Return the policy in the document of orchestrator.yaml, or None when there is none.

    Raises:
        BrokenPolicyError: It holds something that nobody knows: nothing may be read into that.
    """
    found = settings.get("policy")
    if found is None:
        return None
    if faults := judge("settings", SETTINGS_FILE, {"policy": found}, None).problems:
        raise BrokenPolicyError(
            f"The policy cannot be read, so no agent may change anything: {faults[0].message}",
            faults[0].hint or "orchestrator check says where.",
        )
    policy: Document = found
    return policy


def accepts_alone(policy: Document | None, agent: str) -> bool:
    """Return whether what the policy allows an agent may go in without a person."""
    return bool(value_of(policy, agent, "accept")[0] == "auto")


def decide(
    policy: Document | None, agent: str, changes: Iterable[Change], at: datetime | None = None
) -> Decision:
    """Return what the policy says about each step of what an agent would change.

    Without a policy an agent may change tasks and projects, and nothing else. A renamed entity is
    one removed and one added.

    Args:
        policy: As `policy_of` returns it.
        agent: Its name.
        changes: By entity, with the stamps that the tool has set.
        at: When the change was made, where stamps are to be held against that.
    """
    wanted = list(changes)
    verdicts: list[Verdict] = []
    for change in wanted:
        found = (_verdict(policy, agent, change, *step, at) for step in _steps(change))
        steps = [step for step in found if step.field not in STAMPS or not step.is_allowed]
        is_one = change.before is None and len({step[4:6] for step in steps}) == 1
        if is_one:  # all its fields for one reason: said once
            steps = [steps[0]._replace(field=None, step=_words(change, "add", None))]
        verdicts += steps
    verdicts += _beyond_limits(policy, agent, wanted)
    return Decision(agent, tuple(verdicts))


def _steps(change: Change) -> Iterator[tuple[Deed, str | None]]:
    """Yield what happens to an entity: field by field, or to all of it."""
    before, after = change.before, change.after
    if after is None:
        yield "remove", None
    elif before is None:
        fields = [name for name in after if name not in {"id", "project"}]
        yield from (("add", name) for name in fields or (None,))
    elif change.kind not in GRANTABLE:
        yield "replace", None
    else:
        if before.get("project") != after.get("project"):
            yield "move", None
        for name in dict.fromkeys((*before, *after)):
            is_same = name in before and name in after and same(before[name], after[name])
            if not is_same and name != "project":
                yield "replace", name


def _verdict(
    policy: Document | None,
    agent: str,
    change: Change,
    deed: Deed,
    field: str | None,
    at: datetime | None,
) -> Verdict:
    def said(*, is_allowed: bool, pointer: str | None, because: str) -> Verdict:
        step = _words(change, deed, field)
        return Verdict(
            change.kind, change.id, deed, field, is_allowed, pointer, agent, step, because
        )

    if reason := _never(change, field, at):
        return said(is_allowed=False, pointer=None, because=reason)
    if field in STAMPS:
        return said(is_allowed=True, pointer=None, because="the tool sets this stamp")
    if policy is None:
        return said(is_allowed=True, pointer=None, because="there is no policy that forbids it")
    for pointer, rule in rules_for(policy, agent, "deny"):
        if _denies(rule, change, deed, field):
            return said(is_allowed=False, pointer=pointer, because="the policy denies it")
    for pointer, rule in rules_for(policy, agent, "allow"):
        if _allows(rule, change, deed, field):
            return said(is_allowed=True, pointer=pointer, because="the policy allows it")
    pointer = value_of(policy, agent, "allow")[1]
    return said(is_allowed=False, pointer=pointer, because="no rule of the policy allows it")


def _never(change: Change, field: str | None, at: datetime | None) -> str | None:
    """Return why no policy can allow a step, or None."""
    if change.kind not in GRANTABLE:
        return f"an agent never changes {change.kind}"
    if field == "id":
        return "an id is not a field to change"
    if field in DELETION or (field in STAMPS and not _is_brought(change, str(field))):
        return "stamps are the tool's to set"
    if field in STAMPS and at is not None and not _is_near((change.after or {}).get(field), at):
        return "the stamp is not from the day of the commit"
    return None


def _is_brought(change: Change, stamp: str) -> bool:
    """Return whether the tool sets or clears a stamp with what else the change does."""
    before, after = change.before, change.after or {}
    if before is None:
        return True
    return stamp in _STATUS_STAMPS and before.get("status") != after.get("status")


def _is_near(value: Any, at: datetime) -> bool:
    if value is None:
        return True
    try:
        return abs(datetime.fromisoformat(str(value)) - at) <= _LATEST
    except (ValueError, TypeError, OverflowError):
        return False


def _allows(rule: Document, change: Change, deed: Deed, field: str | None) -> bool:
    places = rule.get("projects")
    return _concerns(rule, change, deed, field) and (
        places is None or all(place in places for place in _projects(change))
    )


def _denies(rule: Document, change: Change, deed: Deed, field: str | None) -> bool:
    places = rule.get("projects")
    return _concerns(rule, change, deed, field) and (
        places is None or any(place in places for place in _projects(change))
    )


def _concerns(rule: Document, change: Change, deed: Deed, field: str | None) -> bool:
    kinds, deeds, fields = rule.get("entities"), rule.get("ops"), rule.get("fields")
    return (
        (kinds is None or change.kind in kinds)
        and (deeds is None or deed in deeds)
        and (fields is None or field in fields)
    )


def _projects(change: Change) -> set[str]:
    """Return the projects that a change is in: where the entity was, and where it is to be."""
    if change.kind == "projects":
        return {change.id}
    sides = (change.before, change.after)
    return {str(side.get("project")) for side in sides if side is not None}


def rules_for(policy: Document | None, agent: str, name: str) -> Iterator[tuple[str, Document]]:
    """Yield the `allow` or `deny` rules for an agent, with their pointers into the settings.

    Its own come in place of those of every agent; denials besides them.
    """
    value, pointer = value_of(policy, agent, name)
    for index, rule in enumerate(value or ()):
        yield f"{pointer}/{index}", rule
    shared = "/policy/agents/deny"
    if name == "deny" and pointer != shared:
        for index, rule in enumerate(value_of(policy, "", "deny")[0] or ()):
            yield f"{shared}/{index}", rule


def value_of(policy: Document | None, agent: str, *steps: str) -> tuple[Any, str]:
    """Return what holds for an agent and where it stands: its own entry, or that of all.

    Args:
        policy: As `policy_of` returns it.
        agent: Its name, or `""` for what is said of every agent.
        steps: Keys below the entry.
    """
    if policy is None:
        return None, ""
    everybody = ("policy", "agents")
    for place in (("policy", "by_agent", agent), everybody):
        node: Any = {"policy": policy}
        for step in (*place, *steps):
            node = node.get(step) if isinstance(node, dict) else None
        if node is not None:
            return node, join([*place, *steps])
    return None, join([*everybody, *steps])


def _beyond_limits(
    policy: Document | None, agent: str, changes: Sequence[Change]
) -> Iterator[Verdict]:
    if policy is None:
        return
    deletions = sum(change.after is None for change in changes)
    counts: tuple[tuple[str, Deed, str, int, int | None], ...] = (
        ("entities", "replace", "change", len(changes), None),
        ("deletions", "remove", "remove", deletions, 0),
    )
    for name, deed, verb, count, default in counts:
        found, pointer = value_of(policy, agent, "limits", name)
        most = default if found is None else int(found)
        if most is not None and count > most:
            step = f"{verb} {count:,} {'entity' if count == 1 else 'entities'}"
            because = f"the limit of one patch is {most:,}"
            yield Verdict("", "", deed, None, False, pointer, agent, step, because)  # noqa: FBT003


def _words(change: Change, deed: Deed, field: str | None) -> str:
    noun = {"tasks": "", "projects": "project ", "users": "user "}.get(change.kind, "the settings")
    name = f"{noun}{change.id}".strip()
    match deed:
        case "add" if field is not None:
            return f"add {name} with {field}"
        case "replace" if field is None:
            return f"change {name}"
        case "replace":
            verb = "clear" if field not in (change.after or {}) else "set"
            return f"{verb} {field} of {name}"
        case "move":
            return f"move {name} to {(change.after or {}).get('project')}"
        case _:
            return f"{deed} {name}"
