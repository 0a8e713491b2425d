"""What the policy decides about an agent's changes, step by step."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.entities.policy import Grantable
from orchestrator.model.fields import DELETION, GRANTABLE, STAMPS
from orchestrator.patch.apply import Change
from orchestrator.patch.policy import (
    BrokenPolicyError,
    accepts_alone,
    agent_of,
    decide,
    is_own_branch,
    policy_of,
)

TASK = {"id": "PAY-1", "title": "Capture", "status": "todo", "project": "pay"}
PROJECT = {"id": "pay", "key": "PAY", "title": "Payments", "status": "active"}
ANYTHING: dict[str, Any] = {"agents": {"allow": [{}], "limits": {"deletions": 9}}}
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def edit(before: dict[str, Any] | None = None, **fields: Any) -> Change:
    old = TASK if before is None else before
    new = {key: value for key, value in (old | fields).items() if value is not None}
    return Change("tasks", "PAY-1", old, new)


def may(policy: dict[str, Any] | None, *changes: Change, agent: str = "planner") -> bool:
    return decide(policy, agent, changes).is_allowed


def allow(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"agents": {"allow": list(rules), **more}}


def test_without_a_policy_tasks_and_projects_may_be_changed_and_nothing_else() -> None:
    assert may(None, edit(status="blocked"), Change("tasks", "PAY-1", TASK, None))
    assert may(None, Change("projects", "pay", PROJECT, PROJECT | {"title": "Pay"}))
    assert not may(None, Change("users", "eve", None, {"id": "eve", "name": "Eve"}))
    assert not may(None, Change("settings", "", {}, {"name": "Mine"}))


def test_a_policy_that_says_nothing_of_agents_allows_them_nothing() -> None:
    silent: tuple[dict[str, Any], ...] = ({}, {"agents": {}}, allow(), {"signatures": "off"})
    for policy in (*silent, {"by_agent": {"lee": {}}}):
        assert not may(policy, edit(status="blocked"))


@pytest.mark.parametrize(
    "change",
    [
        Change("users", "eve", None, {"id": "eve", "name": "Eve"}),
        Change("users", "dana", {"id": "dana"}, None),
        Change("settings", "", {"name": "A"}, {"name": "B"}),
        edit(created_at="2026-11-22T09:30:00Z"),
        edit(completed_at="2026-11-22T09:30:00Z"),
        edit(status="completed", deleted_at="2026-11-22T09:30:00Z"),
        edit(deleted_by="dana"),
        edit(deleted_with="PAY-2"),
        edit(TASK | {"created_at": "2026-11-22T09:30:00Z"}, created_at=None),
        edit(id="PAY-2"),
    ],
)
def test_what_no_policy_can_allow(change: Change) -> None:
    for policy in (None, ANYTHING):
        decision = decide(policy, "planner", [change])
        assert [refusal.pointer for refusal in decision.refusals] == [None]


def test_the_stamps_that_a_status_brings_are_the_tools() -> None:
    done = edit(status="completed", completed_at="2026-11-22T09:00:00Z")
    assert may(allow({"fields": ["status"]}), done)
    assert decide(ANYTHING, "planner", [done], NOW).is_allowed
    new = Change("tasks", "PAY-1", None, TASK | {"created_at": "2026-11-22T09:30:00+00:00"})
    assert [step.step for step in decide(ANYTHING, "planner", [new], NOW).verdicts] == ["add PAY-1"]
    for stamp in ("2025-11-22T09:00:00Z", "2026-11-22", "2026-11-22T09:00:00", 7, "x"):
        forged = edit(status="completed", completed_at=stamp)
        [refusal] = decide(ANYTHING, "planner", [forged], NOW).refusals
        assert refusal.field == "completed_at"


def test_a_rule_is_about_what_fits_all_of_its_keys() -> None:
    rule = {"projects": ["pay"], "entities": ["tasks"], "ops": ["replace"], "fields": ["status"]}
    assert may(allow(rule), edit(status="blocked"))
    assert not may(allow(rule | {"projects": ["ops"]}), edit(status="blocked"))
    assert not may(allow(rule | {"projects": []}), edit(status="blocked"))
    assert not may(allow(rule | {"entities": ["projects"]}), edit(status="blocked"))
    assert not may(allow(rule | {"ops": ["add"]}), edit(status="blocked"))
    assert not may(allow(rule | {"fields": ["title"]}), edit(status="blocked"))
    assert not may(allow(rule), edit(status="blocked", priority="high"))
    assert may(allow(rule, {"fields": ["priority"]}), edit(status="blocked", priority="high"))


def test_setting_and_clearing_a_field_are_both_a_replacement() -> None:
    rule = allow({"ops": ["replace"], "fields": ["priority"]})
    assert may(rule, edit(priority="high"))
    assert may(rule, edit(TASK | {"priority": "high"}, priority=None))
    assert not may(allow({"ops": ["add"]}), edit(priority="high"))


def test_every_field_of_a_new_task_must_be_allowed() -> None:
    new = Change("tasks", "PAY-1", None, TASK | {"priority": "high"})
    assert may(allow({"ops": ["add"]}), new)
    assert may(allow({"fields": ["title", "status", "priority"]}), new)
    [refusal] = decide(allow({"fields": ["title", "status"]}), "planner", [new]).refusals
    assert refusal.why == (
        "Agent planner may not add PAY-1 with priority : no rule of the policy allows it."
    )
    assert not may(allow({}, deny=[{"fields": ["priority"]}]), new)


def test_a_task_that_moves_needs_both_projects() -> None:
    move = edit(project="ops")
    assert may(allow({"ops": ["move"], "projects": ["pay", "ops"]}), move)
    assert not may(allow({"ops": ["move"], "projects": ["ops"]}), move)
    assert not may(allow({"projects": ["pay"]}), move)
    assert not may(allow({}, deny=[{"projects": ["pay"]}]), move)
    assert not may(allow({}, deny=[{"projects": ["ops"]}]), move)
    assert not may(allow({"fields": ["status"]}), move)


def test_removing_is_limited_to_none_unless_the_policy_says_more() -> None:
    gone = Change("tasks", "PAY-1", TASK, None)
    [refusal] = decide(allow({}), "planner", [gone]).refusals
    assert refusal.pointer == "/policy/agents/limits/deletions"
    assert may(allow({}, limits={"deletions": 1}), gone)
    assert not may(allow({"ops": ["add", "replace"]}, limits={"deletions": 1}), gone)
    assert not may(allow({"fields": ["title"]}, limits={"deletions": 1}), gone)


def test_a_patch_has_as_many_entities_as_the_limit_says() -> None:
    changes = [edit(status="blocked")._replace(id=f"PAY-{number}") for number in range(3)]
    assert may(allow({}), *changes)
    assert may(allow({}, limits={"entities": 3}), *changes)
    [refusal] = decide(allow({}, limits={"entities": 2}), "planner", changes).refusals
    assert refusal.why == "Agent planner may not change 3 entities : the limit of one patch is 2."


def test_deny_beats_allow_wherever_either_stands() -> None:
    denied = [{"fields": ["status"]}]
    for policy, pointer in (
        (allow({"fields": ["status"]}, deny=denied), "/policy/agents/deny/0"),
        (
            {"agents": {"deny": denied}, "by_agent": {"planner": {"allow": [{}]}}},
            "/policy/agents/deny/0",
        ),
        (
            {"agents": {"allow": [{}]}, "by_agent": {"planner": {"deny": denied}}},
            "/policy/by_agent/planner/deny/0",
        ),
        (
            allow({}, deny=denied) | {"by_agent": {"planner": {"deny": [{"fields": ["title"]}]}}},
            "/policy/agents/deny/0",
        ),
    ):
        [refusal] = decide(policy, "planner", [edit(status="blocked")]).refusals
        assert refusal.pointer == pointer


def test_an_agents_own_entry_takes_the_place_of_everybodys() -> None:
    policy = allow({}, limits={"entities": 0, "deletions": 5}, accept="auto") | {
        "by_agent": {"planner": {"allow": [{"fields": ["labels"]}], "limits": {"entities": 2}}}
    }
    assert may(policy, edit(labels=["a"]))
    assert not may(policy, edit(status="blocked"))
    assert not may(policy, edit(labels=["a"]), agent="triage")  # entities: 0
    assert accepts_alone(policy, "planner")
    assert not accepts_alone(policy | {"by_agent": {"planner": {"accept": "review"}}}, "planner")
    assert not accepts_alone(None, "planner")
    assert not accepts_alone({}, "planner")


def test_a_verdict_names_the_rule_that_decides() -> None:
    policy = allow({"fields": ["title"]}, {"fields": ["status"]})
    [verdict] = decide(policy, "planner", [edit(status="blocked")]).verdicts
    assert verdict.pointer == "/policy/agents/allow/1"
    assert verdict.why == "Agent planner may set status of PAY-1 : the policy allows it."
    by_agent: dict[str, Any] = {"by_agent": {"a.b": {"allow": []}}}
    [verdict] = decide(by_agent, "a.b", [edit(status="blocked")]).verdicts
    assert verdict.pointer == "/policy/by_agent/a.b/allow"


def test_an_unknown_key_is_an_error_and_never_a_policy() -> None:
    assert policy_of({}) is None
    assert policy_of({"policy": ANYTHING, "odd": 1}) == ANYTHING
    with pytest.raises(BrokenPolicyError, match="alow is no field") as refused:
        policy_of({"policy": {"agents": {"alow": [{}]}}})
    assert refused.value.hint == "Did you mean allow ?"
    broken: tuple[Any, ...] = (
        "none", [], {"agents": {"allow": {}}}, {"agents": {"allow": [{"ops": ["sing"]}]}},
    )  # fmt: skip
    for odd in broken:
        with pytest.raises(BrokenPolicyError):
            policy_of({"policy": odd})


def test_whose_patch_and_whose_branch_it_is() -> None:
    assert agent_of("agent:planner") == "planner"
    assert agent_of("dana") is None
    assert agent_of(None) is None
    assert is_own_branch("planner", "agent/planner/x")
    for branch in ("agent/planner", "agent/planner/", "agent/plannerx/y", "main", "", "agent/x/y"):
        assert not is_own_branch("planner", branch)
    assert not is_own_branch("a/b", "agent/a/b/c")


def test_the_fields_that_a_policy_may_name_are_all_but_those_that_it_may_not() -> None:
    names = {name for kind in GRANTABLE for name in GRANTABLE[kind]}
    assert set(get_args(Grantable)) == names
    assert not names & {"id", "project", *STAMPS, *DELETION}


FIELDS = ["title", "status", "priority", "labels", "created_at", "deleted_at", "odd", "project"]
documents = st.none() | st.dictionaries(st.sampled_from(FIELDS), st.sampled_from([1, "a", None]))
changes_ = st.builds(
    Change,
    st.sampled_from(["tasks", "projects", "users", "settings"]),
    st.sampled_from(["PAY-1", "pay", ""]),
    documents,
    documents,
)
names = st.lists(st.sampled_from(FIELDS[:4]), max_size=3)
rules = st.fixed_dictionaries(
    {},
    optional={
        "projects": st.lists(st.sampled_from(["pay", "a"]), max_size=2),
        "entities": st.lists(st.sampled_from(["tasks", "projects"]), max_size=2),
        "ops": st.lists(st.sampled_from(["add", "replace", "remove", "move"]), max_size=3),
        "fields": names,
    },
)
entries = st.fixed_dictionaries(
    {},
    optional={
        "allow": st.lists(rules, max_size=2),
        "deny": st.lists(rules, max_size=2),
        "limits": st.fixed_dictionaries({}, optional={"entities": st.integers(0, 3)}),
        "accept": st.sampled_from(["review", "auto", None]),
    },
)
policies = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "agents": entries | st.none(),
        "by_agent": st.dictionaries(st.sampled_from(["planner", "x"]), entries) | st.none(),
    },
)


@given(policies, st.lists(changes_, max_size=4), rules)
def test_it_always_decides_and_no_denial_allows_more(
    policy: dict[str, Any] | None, changes: list[Change], rule: dict[str, Any]
) -> None:
    wanted = [change for change in changes if change.before is not None or change.after is not None]
    decision = decide(policy, "planner", wanted)
    refused = {verdict.kind for verdict in decision.refusals}
    assert {change.kind for change in wanted} & {"users", "settings"} <= refused
    if policy is not None:
        agents = policy.get("agents") or {}
        denied = policy | {"agents": agents | {"deny": [*(agents.get("deny") or ()), rule]}}
        assert decision.is_allowed or not decide(denied, "planner", wanted).is_allowed
