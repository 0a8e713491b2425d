"""What a project and the plan of its group have decides what can be held, and how."""

import pytest

from orchestrator.sync.errors import ForbiddenError
from orchestrator.sync.item import Foreign
from orchestrator.sync.remote import Capabilities
from tests.sync.fakes.gitlab import STRANGER, Gitlab
from tests.sync.fakes.server import Fault, Reply
from tests.sync.remotes.gitlab.conftest import Maker, Opener, paths, tasks

NO_LINKS = "Dependencies stay local: blocking links need GitLab Premium."


def holds(found: Capabilities, name: str) -> bool:
    return name in found.fields["tasks"]


def linked(fake: Gitlab) -> list[str]:
    return [path for path in paths(fake, "POST") if path.endswith("/links")]


def test_a_server_that_can_be_asked_says_whether_its_plan_has_links(
    fake: Gitlab, community: Gitlab, opened: Opener
) -> None:
    for each, has in ((fake, True), (community, False)):
        each.add("tasks", {"title": "T"})
        found = opened(each, greets=False).greet()
        assert holds(found, "dependencies") is has
        assert (NO_LINKS in found.notes) is not has
        assert linked(each) == []


def test_an_older_server_is_tried_once_with_a_link_that_can_never_be(
    free: Gitlab, opened: Opener
) -> None:
    key = free.add("tasks", {"title": "T"})
    found = opened(free, greets=False).greet()
    assert not holds(found, "dependencies")
    assert NO_LINKS in found.notes
    assert linked(free) == [f"/api/v4/projects/42/issues/{key}/links"]
    assert free.rows.links == {}


@pytest.mark.parametrize(("status", "has"), [(404, True), (409, True), (403, False)])
def test_a_link_that_is_refused_for_itself_says_that_there_are_links(
    free: Gitlab, opened: Opener, status: int, *, has: bool
) -> None:
    free.add("tasks", {"title": "T"})
    fits = lambda seen: seen.path.endswith("/links")  # noqa: E731
    reply = Reply(status, {"message": "No matching issue found."})
    free.server.faults.append(Fault("reply", fits=fits, reply=reply))
    assert holds(opened(free, greets=False).greet(), "dependencies") is has


def test_an_older_community_server_and_one_that_is_only_read_are_not_tried(
    free: Gitlab, community: Gitlab, opened: Opener
) -> None:
    assert community.graph is not None
    community.graph.is_old = True
    for each in (free, community):
        each.add("tasks", {"title": "T"})
    assert not holds(opened(community, greets=False).greet(), "dependencies")
    assert not holds(opened(free, greets=False, direction="pull").greet(), "dependencies")
    assert linked(free) == linked(community) == []
    free.rows.plan = "premium"
    assert holds(opened(free, greets=False, direction="pull").greet(), "dependencies")


def test_a_plan_without_links_that_shows_late_leaves_them_here(
    free: Gitlab, opened: Opener, wanted: Maker
) -> None:
    # An empty project has no issue to try it with.
    remote = opened(free, greets=False)
    assert holds(remote.greet(), "dependencies")
    one, two = (remote.create(wanted({"title": f"T{n}"})) for n in range(2))
    after = remote.update(two, {"dependencies": [one.key], "title": "New"})
    assert "dependencies" not in after.fields
    assert after.fields["title"] == "New"
    remote.update(one, {"dependencies": [two.key]})
    assert len(linked(free)) == 1
    assert all(link.kind != "relates_to" for link in free.rows.links.values())


def test_a_community_server_keeps_one_assignee(
    community: Gitlab, opened: Opener, wanted: Maker
) -> None:
    remote = opened(community)
    item = remote.create(wanted({"title": "T", "assignee": "dana"}))
    community.edit("tasks", item.key, {"assignee": STRANGER})
    item = tasks(remote.fetch(None, {}))[item.key]
    assert item.fields["assignee"] == Foreign(STRANGER)
    assert remote.update(item, {"assignee": "kim"}).fields["assignee"] == "kim"


def test_without_graphql_parents_and_dependencies_stay_here(fake: Gitlab, opened: Opener) -> None:
    fake.add("tasks", {"title": "T"})
    fake.graph = None
    remote = opened(fake, greets=False)
    found = remote.greet()
    assert not holds(found, "parent")
    assert not holds(found, "dependencies")
    assert any("since GraphQL tells nothing" in note for note in found.notes)
    item = remote.fetch(None, {}).items[0]
    assert not {"parent", "dependencies"} & item.fields.keys()
    assert "parent" not in remote.update(item, {"title": "New", "parent": "1"}).fields


def test_an_older_version_has_no_start_date(fake: Gitlab, opened: Opener) -> None:
    fake.rows.has_start = False
    fake.add("tasks", {"title": "T"})
    remote = opened(fake, greets=False)
    found = remote.greet()
    assert not holds(found, "start_date")
    assert "The start date of tasks stays local: this version of GitLab has none." in found.notes
    assert "start_date" not in remote.fetch(None, {}).items[0].fields


def test_what_the_account_has_is_surveyed(fake: Gitlab, opened: Opener) -> None:
    fake.add("tasks", {"title": "T", "status": "later", "priority": "p0"})
    everywhere = opened(fake, greets=False, scope={}).survey()
    assert [choice.value for choice in everywhere.scopes["project"]] == ["acme/plan"]
    assert (everywhere.account, everywhere.required) == ("dana", ("project",))
    found = opened(fake, greets=False).survey()
    means = {choice.value: choice.means for choice in found.states}
    assert means == {
        "opened": "todo", "status::in-progress": "in_progress", "status::blocked": "blocked",
        "status::in-review": "in_review", "status::cancelled": "cancelled", "status::later": None,
        "closed": "completed",
    }  # fmt: skip
    assert {choice.value: choice.means for choice in found.priorities} == {
        "priority::low": "low", "priority::medium": "medium", "priority::high": "high",
        "priority::urgent": "urgent", "priority::p0": None,
    }  # fmt: skip
    assert [choice.value for choice in found.users] == ["dana", "kim", STRANGER]


def test_what_stays_local_is_said(fake: Gitlab, opened: Opener) -> None:
    fake.rows.visibility, fake.api.expires_at = "public", "2026-12-31"
    people = {"dana": (None, "@Dana"), "robin": (None, "robin-at-home")}
    remote = opened(fake, greets=False, people=people, statuses={"blocked": "on hold"})
    said = "\n".join(remote.greet().notes)
    assert "deeper parents stay local" in said
    assert "There is no label on hold in acme/plan yet: it is made when it is needed." in said
    assert "No issue there can be assigned to robin ." in said
    assert "acme/plan is public: everybody can read what is sent there." in said
    assert "The token expires on 2026-12-31." in said
    assert remote.represent("tasks", "assignee", "dana") == "dana"
    assert remote.represent("tasks", "assignee", "robin") == Foreign("robin")


def test_members_that_cannot_be_read_leave_assignees_alone(fake: Gitlab, opened: Opener) -> None:
    fits = lambda seen: seen.path.endswith("/members/all")  # noqa: E731
    reply = Reply(403, {"message": "403 Forbidden"})
    fake.server.faults.append(Fault("reply", fits=fits, reply=reply))
    remote = opened(fake, greets=False)
    assert any("assignees stay local" in note for note in remote.greet().notes)
    assert remote.represent("tasks", "assignee", "dana") == Foreign("dana")


def test_a_project_can_be_named_by_its_number_and_a_server_by_its_api(
    fake: Gitlab, opened: Opener
) -> None:
    key = fake.add("tasks", {"title": "T"})
    for url in ("/api/v4", "/api", "/", ""):
        remote = opened(fake, scope={"project": "42"}, url=f"{fake.server.url}{url}")
        assert [item.key for item in remote.fetch(None, {}).items] == [key]


def test_a_token_that_only_reads_is_enough_to_pull(fake: Gitlab, opened: Opener) -> None:
    key = fake.add("tasks", {"title": "T", "dependencies": [fake.add("tasks", {"title": "B"})]})
    fake.api.scopes = ["read_api"]
    listing = opened(fake, direction="pull").fetch(None, {})
    assert tasks(listing)[key].fields["dependencies"] == ["1"]
    with pytest.raises(ForbiddenError) as refused:
        opened(fake)
    assert refused.value.message == ("The token's scope is too small for that: it has read_api.")


def test_a_token_that_says_nothing_about_itself_is_tried(fake: Gitlab, opened: Opener) -> None:
    fake.api.says_token = False
    assert opened(fake).fetch(None, {}).is_complete
