"""What a repository has decides what can be held, and how."""

from orchestrator.sync.item import Foreign
from orchestrator.sync.remotes.github.remote import Github as Remote
from tests.sync.fakes.github import STRANGER, Github
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.github.conftest import Maker, Opener, paths


def test_a_repository_can_be_the_project_itself(fake: Github, opened: Opener) -> None:
    fake.add("tasks", {"title": "T", "project": fake.add("projects", {"title": "Launch"})})
    remote = opened(fake, greets=False, scope={"repository": "acme/plan", "projects": "none"})
    found = remote.greet()
    assert set(found.fields) == {"tasks"}
    assert "project" not in found.fields["tasks"]
    listing = remote.fetch(None, {})
    assert [item.kind for item in listing.items] == ["tasks"]
    assert "project" not in listing.items[0].fields
    assert "/repos/acme/plan/milestones" not in paths(fake)


def test_what_the_account_has_is_surveyed(personal: Github, opened: Opener) -> None:
    personal.add("tasks", {"title": "T", "status": "later", "priority": "p0"})
    everywhere = opened(personal, greets=False, scope={}).survey()
    assert [choice.value for choice in everywhere.scopes["repository"]] == ["acme/plan"]
    assert (everywhere.account, everywhere.required) == ("dana", ("repository",))
    found = opened(personal, greets=False).survey()
    means = {choice.value: choice.means for choice in found.states}
    assert means["status:in-progress"] == "in_progress"
    assert (means["status:later"], means["not_planned"]) == (None, "cancelled")
    assert {choice.value: choice.means for choice in found.priorities} == {
        "priority:low": "low", "priority:medium": "medium", "priority:high": "high",
        "priority:urgent": "urgent", "priority:p0": None,
    }  # fmt: skip
    assert [choice.value for choice in found.users] == ["dana", "kim", STRANGER]


def test_what_stays_local_is_said(personal: Github, opened: Opener) -> None:
    people = {"dana": (None, "dana"), "robin": (None, "robin-at-home")}
    remote = opened(
        personal, greets=False, people=people, statuses={"blocked": "on hold", "todo": "open"}
    )
    found = remote.greet()
    assert "due_date" not in found.fields["tasks"]
    said = "\n".join(found.notes)
    assert "The start date and due date of tasks stay local" in said
    assert "There is no label on hold in acme/plan yet" in said
    assert "No issue there can be assigned to robin ." in said
    assert remote.represent("tasks", "assignee", "robin") == Foreign("robin")
    assert "The start date" not in "\n".join(opened_notes(personal))


def opened_notes(fake: Github) -> tuple[str, ...]:
    fake.rows.columns = Github().rows.columns
    with Remote(fake.tie(), TOKEN, fake.clock.world) as remote:
        return remote.greet().notes


def test_priorities_that_the_settings_call_otherwise_are_labels(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake, priorities={"urgent": "P0", "high": "P1", "medium": "P2", "low": "P3"})
    item = remote.create(wanted({"title": "T", "priority": "high"}))
    assert fake.issue(item.key).labels == ["P1"]
    assert item.fields["priority"] == "high"
