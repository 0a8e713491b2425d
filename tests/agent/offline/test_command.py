"""Simple commands: one line, one verb or one view."""

import time
from typing import Any

import pytest

from orchestrator.agent.failures import AgentError
from orchestrator.agent.offline.command import HELP, NothingDoneError, NotUnderstoodError, carry_out
from orchestrator.agent.offline.grammar import LONGEST, read_command
from orchestrator.agent.offline.meaning import AmbiguousError
from orchestrator.agent.provider import Called, Event
from orchestrator.model.snapshot import Snapshot
from tests.agent.offline.drafts import draft_over, ignore, plan

TASKS: dict[str, dict[str, Any]] = {
    "OPS-1": {"title": "Harden the servers", "labels": ["ssh"]},
    "OPS-2": {"title": "Rotate certificates", "assignee": "dana", "status": "in_progress"},
    "OPS-3": {"title": "Rotate keys", "due_date": "2026-11-20", "dependencies": ["OPS-2"]},
    "OPS-4": {"title": "Close ports", "parent": "OPS-1", "priority": "urgent"},
}


def snapshot() -> Snapshot:
    return plan(TASKS)


def call_of(line: str) -> tuple[str, dict[str, Any]]:
    found = read_command(line, draft_over(snapshot()))
    assert found is not None, line
    return found.tool, found.arguments


@pytest.mark.parametrize(
    ("line", "tool", "arguments"),
    [
        ("mark OPS-4 completed", "set_task", {"id": "OPS-4", "status": "completed"}),
        ("Mark the task ops-4 as done.", "set_task", {"id": "OPS-4", "status": "completed"}),
        ("please start close ports!", "set_task", {"id": "OPS-4", "status": "in_progress"}),
        ("move OPS-4 to in review", "set_task", {"id": "OPS-4", "status": "in_review"}),
        ("the servers is blocked", "set_task", {"id": "OPS-1", "status": "blocked"}),
        ("reopen OPS-2", "set_task", {"id": "OPS-2", "status": "todo"}),
        ("cancel OPS-2", "set_task", {"id": "OPS-2", "status": "cancelled"}),
        ("set the status of OPS-4 to done", "set_task", {"id": "OPS-4", "status": "completed"}),
        ("move OPS-2 under OPS-1", "move_task", {"id": "OPS-2", "under": "OPS-1"}),
        ("Move OPS-4 to the root", "move_task", {"id": "OPS-4"}),
        ("move OPS-2 to operations", "move_task", {"id": "OPS-2", "project": "ops"}),
        ("assign OPS-4 to Dana", "set_task", {"id": "OPS-4", "assignee": "dana"}),
        ("assign lee to OPS-4", "set_task", {"id": "OPS-4", "assignee": "lee"}),
        ("give 'Close ports' to Lee Wong", "set_task", {"id": "OPS-4", "assignee": "lee"}),
        ("unassign OPS-2", "set_task", {"id": "OPS-2", "clear": ["assignee"]}),
        ("set OPS-2's owner to lee", "set_task", {"id": "OPS-2", "assignee": "lee"}),
        ("estimate OPS-4 2h", "set_task", {"id": "OPS-4", "estimate": "2h"}),
        ("estimate OPS-4 at 1 day", "set_task", {"id": "OPS-4", "estimate": "1d"}),
        ("clear the estimate of OPS-4", "set_task", {"id": "OPS-4", "clear": ["estimate"]}),
        ("make OPS-4 low priority", "set_task", {"id": "OPS-4", "priority": "low"}),
        ("set priority of OPS-4 to HIGH", "set_task", {"id": "OPS-4", "priority": "high"}),
        ("OPS-4 is due friday", "set_task", {"id": "OPS-4", "due_date": "friday"}),
        ("set OPS-4 due 2026-12-01", "set_task", {"id": "OPS-4", "due_date": "2026-12-01"}),
        ("rename OPS-4 to Close it", "set_task", {"id": "OPS-4", "title": "Close it"}),
        ("label OPS-1 with web and db", "set_task",
         {"id": "OPS-1", "labels": ["ssh", "web", "db"]}),
        ("remove label ssh from OPS-1", "set_task", {"id": "OPS-1", "clear": ["labels"]}),
        ("delete OPS-4", "delete", {"id": "OPS-4"}),
        ("remove the project ops", "delete", {"id": "ops"}),
        ("log 1h on OPS-4", "log_time", {"id": "OPS-4", "duration": "1h"}),
        ("log 90 min to OPS-4 yesterday: at night", "log_time",
         {"id": "OPS-4", "duration": "90m", "day": "yesterday", "note": "at night"}),
        ("OPS-4 depends on OPS-2", "set_dependencies", {"id": "OPS-4", "add": ["OPS-2"]}),
        ("block OPS-4 by OPS-2", "set_dependencies", {"id": "OPS-4", "add": ["OPS-2"]}),
        ("make OPS-4 wait for OPS-2", "set_dependencies", {"id": "OPS-4", "add": ["OPS-2"]}),
        ("OPS-3 no longer depends on OPS-2", "set_dependencies",
         {"id": "OPS-3", "remove": ["OPS-2"]}),
        ("add task Write it down (2h) @dana #doc under OPS-1", "create_task",
         {"project": "ops", "parent": "OPS-1", "title": "Write it down", "estimate": "2h",
          "labels": ["doc"], "assignee": "dana"}),
        ("create a new task: Tell everybody", "create_task",
         {"project": "ops", "title": "Tell everybody"}),
        ("what is overdue", "list", {"where": "overdue"}),
        ("What's ready?", "ready", {}),
        ("which tasks are blocked in Operations", "list", {"where": "blocked project=ops"}),
        ("list all urgent tasks of dana", "list", {"where": "priority=urgent assignee=dana"}),
        ("show me unassigned tasks", "list", {"where": "assignee=nobody"}),
        ("list tasks", "list", {"where": "open"}),
        ("list tasks under OPS-1", "list", {"where": "under=OPS-1"}),
        ("list open tasks labelled ssh", "list", {"where": "open label=ssh"}),
        ("what is due this week", "list",
         {"where": "open due-after=2026-11-21 due-before=2026-11-23"}),
        ("what is dana working on?", "list", {"where": "assignee=dana status=in_progress"}),
        ("what does lee have to do", "list", {"where": "assignee=lee open"}),
        ("show OPS-4", "get", {"id": "OPS-4"}),
        ("show close ports", "get", {"id": "OPS-4"}),
        ("show dana", "get", {"id": "dana"}),
        ("find rotate", "search", {"text": "rotate"}),
        ("history of OPS-4", "history", {"id": "OPS-4"}),
        ("what is wrong with the plan", "check", {}),
    ],
)  # fmt: skip
def test_a_command_is_a_call(line: str, tool: str, arguments: dict[str, Any]) -> None:
    assert call_of(line) == (tool, arguments)


@pytest.mark.parametrize(
    ("line", "tool", "arguments"),
    [
        ("assign OPS-4 to me", "set_task", {"id": "OPS-4", "assignee": "lee"}),
        ("what am I working on", "list", {"where": "assignee=lee status=in_progress"}),
        ("list my overdue tasks", "list", {"where": "assignee=lee overdue"}),
        ("what is mine", "list", {"where": "assignee=lee"}),
        ("list tasks assigned to me", "list", {"where": "assignee=lee"}),
    ],
)
def test_people_may_mean_themselves(line: str, tool: str, arguments: dict[str, Any]) -> None:
    found = read_command(line, draft_over(snapshot(), me="lee"))
    assert found is not None
    assert (found.tool, found.arguments) == (tool, arguments)


@pytest.mark.parametrize("line", ["assign OPS-4 to me", "list my tasks", "what am I doing"])
def test_a_person_whom_nobody_knows_is_told_how_to_be_known(line: str) -> None:
    with pytest.raises(AmbiguousError, match="Nobody knows who me is"):
        read_command(line, draft_over(snapshot()))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("start rotate", "'rotate' could be 2 tasks: OPS-2 (Rotate certificates), OPS-3"),
        ("start OPS-9", "There is no task 'OPS-9'."),
        ("assign OPS-4 to bob", "There is no user 'bob'."),
        ("assign OPS-4 to wong", None),
        ("move OPS-4 under flying", "There is no task 'flying'."),
    ],
)
def test_what_is_not_clear_is_refused_with_candidates(line: str, said: str | None) -> None:
    draft = draft_over(snapshot())
    if said is None:
        assert read_command(line, draft) is not None
        return
    with pytest.raises(AmbiguousError) as refusal:
        read_command(line, draft)
    assert refusal.value.message.startswith(said)


@pytest.mark.parametrize(
    "line", ["frobnicate OPS-4", "hello", "", "estimate OPS-4 soon", "x" * (LONGEST + 1), "mark"]
)
def test_what_is_no_command_is_not_guessed(line: str) -> None:
    assert read_command(line, draft_over(snapshot())) is None


def test_lines_are_carried_out_and_what_is_not_understood_is_said() -> None:
    draft = draft_over(snapshot())
    events: list[Event] = []
    text, calls = carry_out(
        "- mark OPS-4 done\n* frobnicate\nOPS-1 depends on OPS-1\n", draft, events.append
    )
    assert calls == 1
    done, lost, refused = text.splitlines()
    assert done == "OPS-4 : status completed"
    assert "which is no language model, does not understand 'frobnicate'." in lost
    assert "help lists all" in lost
    assert refused == "OPS-1 cannot depend on itself. Name another task."
    assert draft.snapshot.tasks["OPS-4"]["status"] == "completed"
    assert [event.tool for event in events if isinstance(event, Called)] == [
        "set_task", "set_dependencies",
    ]  # fmt: skip


def test_what_is_not_understood_at_all_is_refused() -> None:
    draft = draft_over(snapshot())
    with pytest.raises(NotUnderstoodError):
        carry_out("frobnicate", draft, ignore)
    with pytest.raises(AmbiguousError):
        carry_out("start rotate", draft, ignore)
    with pytest.raises(NothingDoneError) as refusal:
        carry_out("frobnicate\nstart OPS-9", draft, ignore)
    assert refusal.value.message.startswith("None of the 2 lines was carried out.\n  The offline")
    assert refusal.value.message.endswith("There is no task 'OPS-9'.")
    assert draft.changes == ()


def test_sentences_are_commands_as_well() -> None:
    draft = draft_over(snapshot())
    text, calls = carry_out("Mark OPS-4 done. Assign it to lee. Start OPS-1!", draft, ignore)
    assert calls == 2
    assert "There is no task 'it'." in text
    noted, calls = carry_out('log 1h on "Close ports": Hard. Very hard.', draft, ignore)
    assert (noted, calls) == ("Logged 1h on OPS-4 .", 1)
    entries = draft.snapshot.tasks["OPS-4"]["time_entries"]
    assert entries[0]["note"] == "Hard. Very hard"


def test_too_many_lines_are_said() -> None:
    text, calls = carry_out("check\n" * 53, draft_over(snapshot()), ignore)
    assert calls == 50
    assert text.endswith("3 more lines were not read.")


def test_a_deletion_that_nobody_agrees_to_is_not_done() -> None:
    draft = draft_over(snapshot(), agrees=False)
    with pytest.raises(AgentError) as refusal:
        carry_out("delete OPS-4", draft, ignore)
    assert refusal.value.message.startswith("A person must agree to a deletion")
    assert draft.changes == ()


def test_what_was_deleted_comes_back_by_its_title() -> None:
    draft = draft_over(snapshot())
    assert carry_out("delete close ports\nrestore close ports", draft, ignore)[0] == (
        "Deleted OPS-4 .\nOPS-4 is back."
    )
    assert draft.changes == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("what is overdue", "OPS-3  Rotate keys  (todo, due 2026-11-20)"),
        ("what is in review", "There are none."),
        ("show OPS-4", "OPS-4  Close ports\n"),
        ("estimate OPS-4 2h", "OPS-4 : estimate 2h"),
        ("log 1h30m on OPS-4", "Logged 1h30m on OPS-4 ."),
        ("move OPS-4 to the root", "OPS-4 is now a root in ops ."),
        ("OPS-3 no longer depends on OPS-2", "OPS-3 waits for nothing ."),
        ("check", "Nothing is wrong."),
        ("history of OPS-4", "Nothing happened to it yet."),
        ("unassign OPS-2", "OPS-2 : assignee cleared"),
        ("help", HELP),
    ],
)
def test_answers_are_words(line: str, said: str) -> None:
    assert carry_out(line, draft_over(snapshot()), ignore)[0].startswith(said)


def test_a_new_task_needs_a_place_where_there_are_several() -> None:
    two = Snapshot(
        projects={name: {"id": name, "key": name.upper(), "title": name} for name in ("a", "b")}
    )
    with pytest.raises(AmbiguousError) as refusal:
        carry_out("add task Paint it", draft_over(two), ignore)
    assert refusal.value.message == "It is not said where to add 'Paint it'."


def test_long_lines_cost_little() -> None:
    lines = [
        "a is due " * 50,
        "set " * 120,
        "add task " + "under a " * 50,
        "log 1h " + "on a : " * 60,
    ]
    began = time.process_time()
    wanted = ["check", *(line[:LONGEST] for line in lines * 10)]
    carry_out("\n".join(wanted), draft_over(snapshot()), ignore)
    assert time.process_time() - began < 2
