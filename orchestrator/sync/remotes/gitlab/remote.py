"""One project of GitLab: its issues are tasks, its milestones projects."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

from orchestrator.sync.errors import ForbiddenError, NotFoundError, RemoteError
from orchestrator.sync.item import Foreign, Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Capabilities, Known, Survey, Tie, World
from orchestrator.sync.remotes.gitlab import (
    mapping,
    marks,
    milestones,
    project,
    refusals,
    rows,
    times,
)
from orchestrator.sync.remotes.gitlab.client import client_of
from orchestrator.sync.remotes.gitlab.made import Made
from orchestrator.sync.remotes.gitlab.relations import Relations
from orchestrator.sync.remotes.gitlab.words import Words, words_of

_OVERLAP = timedelta(minutes=5)
_NO_TOKEN = "00000000-0000-4000-8000-000000000000"  # noqa: S105 - of no item


class Gitlab:
    """One project.

    Attributes:
        tie: Its integration.
    """

    def __init__(self, tie: Tie, token: str, world: World) -> None:
        self.tie = tie
        self._client = client_of(tie, token, world)
        self._relations = Relations(self._client, words_of(tie))
        self._made = Made()
        self._may_delete = True

    @property
    def words(self) -> Words:
        """What its labels, fields and accounts mean."""
        return self._relations.words

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far."""
        return self._client.http.sent

    def __enter__(self) -> Self:
        """Open the connections."""
        self._client.http.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        self._client.http.__exit__(kind, error, trace)

    def greet(self) -> Capabilities:
        """Check token and project, and learn its labels, members and plan."""
        self._relations.words, found = project.visit(self._client, self.words, self.tie)
        return found

    def survey(self) -> Survey:
        """Return the account's projects, or what the chosen one has."""
        return project.look_around(self._client, self.words, self.tie)

    def fetch(self, since: str | None, known: Known) -> Listing:
        """Return every milestone, and the issues that changed since a watermark."""
        self._client.dates.clear()
        for (kind, key), kept in known.items():
            if kind == "tasks":
                self._relations.note_kept(key, kept)
        items: dict[tuple[Kind, str], Item] = {}
        for item in self._milestones():
            items["projects", item.key] = item
        query = {"scope": "all", **({} if since is None else {"updated_after": since})}
        newest = 0
        # By creation, since a list by change loses what changes while it is read.
        for page in self._pages(query, "asc"):
            ties = self._relations.read([str(row["iid"]) for row in page])
            for row in page:
                newest = max(newest, row["iid"])
                item = self._issue(row, ties.get(str(row["iid"])))
                before = items.get(("tasks", item.key))
                if before is None or before.updated_at <= item.updated_at:
                    items["tasks", item.key] = item
        self._made.listed(newest if since is None else 0)
        found = tuple(items.values())
        return Listing(found, since is None, _watermark(found, self._client.dates, since))

    def look(self, kind: Kind, key: str, kept: Mapping[str, Any]) -> Item | None:
        """Return one item as it is now, or None when it was deleted."""
        del kept
        try:
            row = self._client.get(self._path(kind, key))
        except NotFoundError as error:
            if refusals.is_of_project(error):
                raise
            return None
        if kind == "projects":
            return self._seen(milestones.item(row))
        return self._issue(row, self._relations.read([key]).get(key))

    def find(self, wanted: Wanted) -> Item | None:
        """Return the item whose description carries the mark of an earlier create."""
        if wanted.kind == "projects":
            for _ in self._milestones():
                pass
        elif self._made.key("tasks", wanted.token) is None:
            issues = (row for page in self._pages({"scope": "all"}, "desc") for row in page)
            self._made.search(issues, wanted.token)
        key = self._made.key(wanted.kind, wanted.token)
        found = self.look(wanted.kind, key, {}) if key else None
        return found if found and found.state == "live" else None

    def create(self, wanted: Wanted) -> Item:
        """Make an issue or a milestone; what cannot be said at once is left for `update`."""
        if not self._made.is_sure or self._made.key(wanted.kind, wanted.token):
            found = self.find(wanted)
            if found is not None:
                return found
        changes = _plain(wanted.fields)
        text = marks.written(
            changes.get("description") or "", marks.Mark(wanted.id, wanted.token.lower())
        )
        changes.setdefault("title", wanted.id)
        try:
            if wanted.kind == "projects":
                body = {**milestones.body(None, changes), "description": text}
                row = self._client.make(f"{self.words.root}/milestones", body)
                return self._seen(milestones.item(row))
            return self._make_issue(changes, text)
        except RemoteError as error:
            self._made.is_sure &= not error.is_ambiguous
            raise

    def update(self, current: Item, changes: Mapping[str, Any]) -> Item:
        """Change an issue with one request, and one for each relation and time that changes."""
        changes = _plain(changes)
        path = self._path(current.kind, current.key)
        if current.kind == "projects":
            body = milestones.body(current, changes)
            row = self._client.put(path, body) if body else self._client.get(path)
            return self._seen(milestones.item(row))
        kept = dict(current.kept)
        if "dependencies" in changes:
            kept = dict(self._relations.block(current, changes["dependencies"] or ()))
        if "estimated_minutes" in changes:
            times.estimate(self._client, path, changes["estimated_minutes"])
        spent = None
        if "actual_minutes" in changes:
            before = int(kept.get("spent") or 0)
            spent = times.spend(self._client, path, before, changes["actual_minutes"])
        parent = changes.get("parent")
        is_hung = (
            "parent" in changes
            and self.words.has_parents
            and parent != current.fields.get("parent")
            and self._relations.can_hang(current.key, parent)
        )
        body = mapping.issue_body(self.words, current, changes)
        if is_hung and parent is not None and kept.get("type") != "task":
            body["issue_type"] = "task"
        row = self._client.put(path, body) if body else self._client.get(path)
        if is_hung:
            kept["parent"] = self._relations.hang(current, parent)
        if spent is not None and isinstance(row, Mapping):
            stats = {**_mapping(row.get("time_stats")), "total_time_spent": spent}
            row = {**row, "time_stats": stats}
        return self._issue(row, {name: kept[name] for name in ("parent", "links") if name in kept})

    def delete(self, current: Item) -> None:
        """Delete it; an issue that may not be deleted is closed, and marked as deleted."""
        path = self._path(current.kind, current.key)
        if current.kind == "projects":
            self._client.delete(path)
            return
        if self._may_delete:
            try:
                self._client.delete(path)
            except ForbiddenError:
                # Only owners of the project may, and nobody else is asked again.
                self._may_delete = False
            else:
                return
        item = self.look("tasks", current.key, current.kept)
        if item is None or item.state == "trashed":
            return
        mark = rows.mark_of(item) or marks.Mark(item.key, _NO_TOKEN)
        body = mapping.issue_body(self.words, item, {"status": "cancelled"})
        text = str(item.fields["description"])
        body["description"] = marks.written(text, mark._replace(is_deleted=True))
        with suppress(NotFoundError):
            self._client.put(path, body)

    def represent(self, kind: Kind, name: str, value: Any) -> Any:
        """Return what reading would give after writing `value` to a field."""
        if kind == "projects":
            return milestones.represent(name, value)
        return mapping.represent(self.words, name, value)

    def _make_issue(self, changes: Mapping[str, Any], text: str) -> Item:
        body = {**mapping.issue_body(self.words, None, changes), "description": text}
        parent = changes.get("parent") if self.words.has_parents else None
        is_hung = parent is not None and self._relations.can_hang(None, parent)
        if is_hung:
            body["issue_type"] = "task"
        row = rows.row(self._client.make(f"{self.words.root}/issues", body), "issue", "iid", "id")
        item = self._issue(row, {"parent": None, "links": {}})
        minutes = changes.get("estimated_minutes")
        if minutes or is_hung:
            # It is made: what fails from here on is asked for again with `update`.
            with suppress(RemoteError):
                if minutes:
                    times.estimate(self._client, self._path("tasks", item.key), minutes)
                    stats = {**_mapping(row.get("time_stats")), "time_estimate": 60 * int(minutes)}
                    row = {**row, "time_stats": stats}
                    item = self._issue(row, {"parent": None, "links": {}})
                if is_hung:
                    hung = self._relations.hang(item, parent)
                    item = self._issue(row, {"parent": hung, "links": {}})
        return item

    def _path(self, kind: Kind, key: str) -> str:
        if kind == "tasks":
            return self._relations.path(key)
        if not (key.isascii() and key.isdecimal()):
            raise NotFoundError(
                f"GitLab has no milestone with the key {key[:80]!r} .", "Sync with --full."
            )
        return f"{self.words.root}/milestones/{key}"

    def _milestones(self) -> Iterator[Item]:
        if not self.words.has_projects:
            return
        for row in self._client.rows(f"{self.words.root}/milestones", {}, "milestones"):
            yield self._seen(milestones.item(row))

    def _pages(self, query: Mapping[str, str], sort: str) -> Iterator[list[Mapping[str, Any]]]:
        """Issues without the incidents and others that GitLab lists among them."""
        asked = {**query, "state": "all", "order_by": "created_at", "sort": sort}
        for page in self._client.pages(f"{self.words.root}/issues", asked, "issues"):
            yield [rows.row(row, "issue", "iid", "id") for row in page if mapping.is_task(row)]

    def _issue(self, row: Any, ties: Mapping[str, Any] | None) -> Item:
        item = mapping.issue(self.words, row, ties)
        self._relations.note(item)
        self._relations.learn(item.kept["labels"])
        return self._seen(item)

    def _seen(self, item: Item) -> Item:
        mark = rows.mark_of(item)
        self._made.note(item.kind, item.key, mark)
        return item


def _watermark(items: Iterable[Item], dates: list[str], since: str | None) -> str | None:
    """From where to ask next: what changed while this was listed must be in it again.

    By GitLab's own clock; by the newest change where it does not say what it shows.
    """
    began = _moment(dates[0]) if dates else None
    if began is None:
        changed = (_moment(item.updated_at) for item in items if item.kind == "tasks")
        began = max((each for each in changed if each is not None), default=None)
    if began is None:
        return since
    mark = (began - _OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return max(mark, since or "")


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError):
            found = read(text)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if not isinstance(value, Foreign)}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
