"""One repository of GitHub: its issues are tasks, its milestones projects."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from orchestrator.sync.errors import ClashError, ForbiddenError, NotFoundError, RemoteError
from orchestrator.sync.item import Foreign, Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Capabilities, Known, Survey, Tie, World
from orchestrator.sync.remotes.github import mapping, marks, milestones, repository, rows
from orchestrator.sync.remotes.github.client import client_of
from orchestrator.sync.remotes.github.made import Made
from orchestrator.sync.remotes.github.relations import Relations
from orchestrator.sync.remotes.github.words import words_of

_OVERLAP = timedelta(minutes=5)
_NO_TOKEN = "00000000-0000-4000-8000-000000000000"  # noqa: S105 - of no item


class Github:
    """One repository.

    Attributes:
        tie: Its integration.
        words: What its labels, fields and logins mean.
    """

    def __init__(self, tie: Tie, token: str, world: World) -> None:
        self.tie = tie
        self.words = words_of(tie)
        self._client = client_of(tie, token, world)
        self._relations = Relations(self._client, self.words)
        self._made = Made()

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
        """Check token and repository, and learn its labels, accounts and fields."""
        self.words, found = repository.visit(self._client, self.words, self.tie)
        self._relations.words = self.words
        return found

    def survey(self) -> Survey:
        """Return the account's repositories, or what the chosen one has."""
        return repository.look_around(self._client, self.words, self.tie)

    def fetch(self, since: str | None, known: Known) -> Listing:
        """Return every milestone, and the issues that changed since a watermark."""
        self._client.dates.clear()
        self._relations.ids.update(
            (key, kept["id"]) for (kind, key), kept in known.items() if kind == "tasks"
        )
        items: dict[tuple[Kind, str], Item] = {}
        for item in self._milestones():
            items["projects", item.key] = item
        # Sorted by creation, an issue that changes meanwhile moves no other off the next page.
        query = {"state": "all", "sort": "created", "direction": "asc"}
        if since is not None:
            query["since"] = since
        newest = 0
        for row in self._issues(query):
            newest = max(newest, row["number"])
            key = str(row["number"])
            before = items.get(("tasks", key))
            if before is not None and before.updated_at > rows.text(row, "updated_at"):
                continue
            item = self._issue(row, known.get(("tasks", key), {}))
            # What was deleted here stays closed over there for ever.
            if item.state == "live" or ("tasks", key) in known:
                items["tasks", key] = item
        self._made.listed(newest if since is None else 0)
        found = tuple(items.values())
        return Listing(found, since is None, _watermark(found, self._client.dates, since))

    def look(self, kind: Kind, key: str, kept: Mapping[str, Any]) -> Item | None:
        """Return one item as it is now, or None when it was deleted, or moved away."""
        try:
            row = self._client.get(self._path(kind, key))
        except NotFoundError:
            return None
        if kind == "projects":
            return self._seen(milestones.item(row))
        return None if "pull_request" in _mapping(row) else self._issue(row, kept)

    def find(self, wanted: Wanted) -> Item | None:
        """Return the item whose text carries the mark of an earlier create."""
        if wanted.kind == "projects":
            for _ in self._milestones():
                pass
        elif self._made.key("tasks", wanted.token) is None:
            query = {"state": "all", "sort": "created", "direction": "desc"}
            self._made.search(self._issues(query), wanted.token)
        key = self._made.key(wanted.kind, wanted.token)
        found = self.look(wanted.kind, key, {}) if key else None
        return found if found and found.state == "live" else None

    def create(self, wanted: Wanted) -> Item:
        """Make an issue or a milestone; a closed state and relations are left for `update`."""
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
            body = {**mapping.issue_body(self.words, None, changes), "body": text}
            self._make_labels(body.get("labels", []))
            row = self._client.make(f"{self.words.root}/issues", body)
            return self._issue(row, {})
        except RemoteError as error:
            self._made.is_sure &= not error.is_ambiguous
            raise

    def update(self, current: Item, changes: Mapping[str, Any]) -> Item:
        """Change an issue with one request, and one for each relation that changes."""
        changes = _plain(changes)
        path = self._path(current.kind, current.key)
        if current.kind == "projects":
            body = milestones.body(current, changes)
            row = self._client.patch(path, body) if body else self._client.get(path)
            return self._seen(milestones.item(row))
        kept = current.kept
        if "dependencies" in changes:
            kept = self._relations.block(current, dict.fromkeys(changes["dependencies"] or ()))
        if "parent" in changes:
            self._relations.hang(current, changes["parent"])
        for name in changes:
            column = self.words.columns.get(name)
            if column and changes[name] is None and current.fields.get(name) is not None:
                self._client.delete(f"{path}/issue-field-values/{column.id}")
        body = mapping.issue_body(self.words, current, changes)
        self._make_labels(body.get("labels", []))
        row = self._client.patch(path, body) if body else self._client.get(path)
        _check_taken(body, _mapping(row))
        return self._issue(row, kept, is_ours=True)

    def delete(self, current: Item) -> None:
        """Delete a milestone; close an issue as not planned, and mark it as deleted."""
        path = self._path(current.kind, current.key)
        if current.kind == "projects":
            self._client.delete(path)
            return
        item: Item | None = current
        if "description" not in current.fields:
            item = self.look("tasks", current.key, current.kept)
        if item is None:
            return
        mark = rows.mark_of(item) or marks.Mark(item.key, _NO_TOKEN)
        text = marks.written(str(item.fields["description"]), mark._replace(is_deleted=True))
        body = {"state": "closed", "state_reason": "not_planned", "body": text}
        try:
            self._client.patch(path, body)
        except NotFoundError:
            return

    def represent(self, kind: Kind, name: str, value: Any) -> Any:
        """Return what reading would give after writing `value` to a field."""
        if kind == "projects":
            return milestones.represent(name, value)
        return mapping.represent(self.words, name, value)

    def _path(self, kind: Kind, key: str) -> str:
        if kind == "tasks":
            return self._relations.path(key)
        if not (key.isascii() and key.isdecimal()):
            raise NotFoundError(
                f"GitHub has no milestone with the key {key[:80]!r} .", "Sync with --full."
            )
        return f"{self.words.root}/milestones/{key}"

    def _milestones(self) -> Iterator[Item]:
        if not self.words.has_projects:
            return
        path = f"{self.words.root}/milestones"
        for row in self._client.rows(path, {"state": "all"}, "milestones"):
            yield self._seen(milestones.item(row))

    def _issues(self, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """Issues without the pull requests, which GitHub lists among them."""
        for row in self._client.rows(f"{self.words.root}/issues", query, "issues"):
            if "pull_request" not in row:
                yield rows.row(row, "issue", "number", "id", "title", "state")

    def _issue(self, row: Any, kept: Mapping[str, Any], *, is_ours: bool = False) -> Item:
        found = rows.row(row, "issue", "number", "id")
        key = str(found["number"])
        self._relations.ids[key] = found["id"]
        blockers = self._relations.blockers(key, found, kept, is_ours=is_ours)
        return self._seen(mapping.issue(self.words, found, blockers))

    def _seen(self, item: Item) -> Item:
        self._made.note(item.kind, item.key, rows.mark_of(item))
        return item

    def _make_labels(self, names: list[str]) -> None:
        for name in names:
            if name.lower() in self.words.labels:
                continue
            color = "d4c5f9" if self.words.is_status(name) else "ededed"
            body = {"name": name, "color": color}
            path = f"{self.words.root}/labels"
            try:
                row = self._client.make(path, body, is_repeatable=True)
            except ClashError:
                # Somebody else has made it just now.
                row = self._client.get(f"{path}/{quote(name, safe='')}")
            spelled = rows.text(_mapping(row), "name") or name
            self.words = replace(self.words, labels={**self.words.labels, name.lower(): spelled})


def _watermark(items: Iterable[Item], dates: list[str], since: str | None) -> str | None:
    """From where to ask next: what changed while this was listed must be in it again.

    By GitHub's own clock; by the newest change where it does not say what it shows.
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


def _check_taken(body: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Refuse what GitHub drops without a word when the token may not write it."""
    for name, part in (("labels", "name"), ("assignees", "login")):
        have = {each.lower() for each in mapping.names(row.get(name), part)}
        lost = [each for each in body.get(name, ()) if each.lower() not in have]
        if lost:
            raise ForbiddenError(
                f"GitHub did not take the {name} {', '.join(lost)} .",
                "Ask for the role Triage or Write in the repository for the token's owner.",
            )


def _mapping(row: Any) -> Mapping[str, Any]:
    return row if isinstance(row, Mapping) else {}
