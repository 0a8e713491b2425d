"""Milestones, settings and texts mean the same here and in GitLab."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Foreign
from orchestrator.sync.remotes.gitlab import marks, milestones
from orchestrator.sync.remotes.gitlab.words import words_of
from tests.sync.remotes.gitlab.conftest import MADE_WITH, tie

TEXTS = st.text(alphabet=st.sampled_from("ab /\\`~\n<!->#*"), max_size=40) | st.text(max_size=40)


def test_a_milestone_comes_back_as_it_went() -> None:
    row = {"id": 31, "iid": 2, "title": "Launch", "state": "active", "description": None}
    item = milestones.item(row)
    full = {"title": "Landed", "description": "x", "status": "completed",
            "start_date": "2026-11-01", "due_date": "2026-12-01"}  # fmt: skip
    sent = milestones.body(item, full)
    assert sent == {"title": "Landed", "description": "x", "state_event": "close",
                    "start_date": "2026-11-01", "due_date": "2026-12-01"}  # fmt: skip
    del sent["state_event"]
    found = milestones.item({**row, **sent, "state": "closed"})
    assert found.fields == full
    emptied = milestones.body(found, {"status": "planned", "start_date": None, "due_date": None})
    assert emptied == {"state_event": "activate", "start_date": "", "due_date": ""}
    assert milestones.represent("status", "on_hold") == "active"
    assert milestones.body(None, {"status": "completed", "due_date": None}) == {}


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("title", "Two\nlines ", "Two lines"),
        ("description", "x\r\ny \n", "x\ny"),
        ("status", "planned", "active"),
        ("status", "cancelled", "completed"),
        ("due_date", "2026-12-01", "2026-12-01"),
        ("status", Foreign("odd"), Foreign("odd")),
    ],
)
def test_a_project_is_represented_as_its_milestone(name: str, value: Any, shown: Any) -> None:
    assert milestones.represent(name, value) == shown
    assert milestones.represent(name, shown) == shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scope": {"project": "plan"}}, "names no project: plan ."),
        ({"scope": {"project": "../x/y"}}, "names no project"),
        ({"scope": {"project": "acme/plan?x=1"}}, "names no project"),
        ({"scope": {"project": "acme/plan", "group": "x"}}, "does not know: group ."),
        ({"scope": {"project": "acme/plan", "projects": "epics"}}, "projects: epics ."),
        ({"statuses": {"done": "x"}}, "called done ."),
        ({"statuses": {"completed": "opened"}}, "cannot be opened"),
        ({"statuses": {"blocked": "closed"}}, "cannot be closed"),
        ({"priorities": {"high": "a,b"}}, "cannot be a,b"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidError) as refused:
        words_of(tie(**changes))
    assert said in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize("project", ["acme/plan", "Acme/sub-group/pl.an_2", "4711"])
def test_a_project_is_named_by_path_or_number(project: str) -> None:
    assert words_of(tie(scope={"project": project})).root.endswith(project.replace("/", "%2F"))


@given(TEXTS)
def test_any_text_comes_back_as_it_is_represented(text: str) -> None:
    mark = marks.Mark("PAY-1", MADE_WITH)
    shown = marks.read(text)[0]
    assert marks.read(shown) == (shown, None)
    assert marks.read(marks.written(text, None))[0] == shown
    kept, found = marks.read(marks.written(text, mark))
    assert kept == shown
    assert found == mark


@given(TEXTS)
def test_no_line_of_a_text_is_a_command(text: str) -> None:
    in_code = False
    for line in marks.written(text, None).split("\n"):
        if line.lstrip(" ").startswith(("```", "~~~")):
            in_code = True
        assert in_code or not line.startswith("/") or not line[1:2].isascii() or (
            not line[1:2].isalpha()
        )  # fmt: skip


def test_a_command_is_shown_and_not_carried_out() -> None:
    text = "/close\nno /close\n```\n/usr/bin\n```\n/assign @kim"
    assert marks.written(text, None) == ("\\/close\nno /close\n```\n/usr/bin\n```\n\\/assign @kim")
    assert marks.read(marks.written(text, None))[0] == text
