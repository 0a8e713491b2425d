"""A plan as JSON, and the digest that says whether a kept one is still the same."""

import json

from orchestrator.sync.item import Foreign, value_json, value_of
from orchestrator.sync.reconcile.plan_json import digest, plan_json
from tests.sync.reconcile.desk import Desk, plan


def test_a_plan_is_json_with_every_field_and_side() -> None:
    desk = Desk(plan(t1={}))
    desk.sync()
    desk.set("PAY-1", status="blocked", title="here")
    desk.remote.edit(desk.key("PAY-1"), assignee="acc-1", title="there")
    found = json.loads(json.dumps(plan_json(desk.plan())))
    assert (found["version"], found["integration"], found["totals"]) == (1, "trk", {"conflict": 1})
    (action,) = found["actions"]
    assert (action["verb"], action["id"], action["name"]) == ("conflict", "PAY-1", "#2")
    assert action["fields"] == [
        {"name": "status", "side": "remote", "before": "todo", "after": "blocked", "owner": "both"},
        {"name": "assignee", "side": "local", "before": None, "after": "dana", "owner": "both"},
    ]
    assert action["clashes"] == [
        {"name": "title", "base": "t1", "local": "here", "remote": "there"}
    ]


def test_a_digest_changes_with_what_would_be_done_and_with_nothing_else() -> None:
    desk = Desk(plan(t1={}, t2={}))
    desk.sync()
    desk.set("PAY-1", title="One")
    first = digest(desk.plan())
    desk.remote.edit(desk.key("PAY-2"))
    assert digest(desk.plan()) == first
    desk.set("PAY-1", title="Two")
    assert digest(desk.plan()) != first
    desk.set("PAY-1", title="One")
    desk.remote.edit(desk.key("PAY-2"), title="Theirs")
    assert digest(desk.plan()) != first


def test_values_survive_json() -> None:
    for value in (None, "todo", 5, ["a"], Foreign("Icebox")):
        assert value_of(json.loads(json.dumps(value_json(value)))) == value
