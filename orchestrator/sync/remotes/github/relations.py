"""Parents and dependencies of issues, which GitHub keeps apart from them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.sync.errors import InvalidError, NotFoundError
from orchestrator.sync.item import Item
from orchestrator.sync.remotes.github import mapping, rows
from orchestrator.sync.remotes.github.client import Client
from orchestrator.sync.remotes.github.words import Words

_KEY = re.compile(r"(?:(?P<repository>[\w-]{1,100}/[\w.-]{1,100})#)?(?P<number>[1-9]\d{0,17})")


@dataclass
class Relations:
    """The relations of a repository's issues.

    Attributes:
        client: What speaks to GitHub.
        words: Of the repository.
        ids: GitHub's own ids by key, as far as they were seen.
    """

    client: Client
    words: Words
    ids: dict[str, int] = field(default_factory=dict)

    def path(self, key: str) -> str:
        """Return where an issue is in the API.

        Raises:
            NotFoundError: When the key is none.
        """
        found = _KEY.fullmatch(key)
        if found is None or ".." in key:
            raise NotFoundError(
                f"GitHub has no issue with the key {key[:80]!r} .", "Sync with --full."
            )
        root = f"/repos/{found['repository']}" if found["repository"] else self.words.root
        return f"{root}/issues/{found['number']}"

    def blockers(
        self, key: str, row: Mapping[str, Any], kept: Mapping[str, Any], *, is_ours: bool = False
    ) -> Mapping[str, int] | None:
        """Return what an issue is blocked by, asked for only where it may have changed.

        Args:
            key: Of the issue.
            row: The issue as it is now.
            kept: What was kept of it before.
            is_ours: Whether the change since then was our own, of other things.
        """
        count = mapping.blocked_by(row)
        known = kept.get("blockers")
        if not count:
            return None if count is None else {}
        is_same = is_ours or kept.get("at") == row.get("updated_at")
        if isinstance(known, Mapping) and is_same and kept.get("blocked") == count:
            return known
        return self.read(key)

    def read(self, key: str) -> dict[str, int]:
        """Return what an issue is blocked by, as GitHub says now."""
        found = {}
        path = f"{self.path(key)}/dependencies/blocked_by"
        for each in self.client.rows(path, {}, "dependencies"):
            row = rows.row(each, "issue", "number", "id")
            other = mapping.key_in(self.words, row.get("url")) or str(row["number"])
            found[other] = self.ids[other] = row["id"]
        return found

    def block(self, current: Item, wanted: Mapping[str, None]) -> Mapping[str, Any]:
        """Make an issue depend on these and no others, and return its `kept` with them."""
        key, kept = current.key, current.kept
        known = kept.get("blockers")
        blockers: dict[str, int] = dict(known) if isinstance(known, Mapping) else self.read(key)
        path = f"{self.path(key)}/dependencies/blocked_by"
        count = kept.get("blocked") or 0
        for other in sorted(set(blockers) - set(wanted)):
            self.client.delete(f"{path}/{int(blockers.pop(other))}")
            count -= 1
        for other in sorted(set(wanted) - set(blockers)):
            id_ = self.id_of(other)
            try:
                self.client.make(path, {"issue_id": id_}, is_repeatable=True)
            except InvalidError as error:
                if other not in self.read(key):
                    raise _of(error, "dependencies") from error
            blockers[other] = id_
            count += 1
        return {**kept, "blockers": blockers, "blocked": count}

    def hang(self, current: Item, parent: str | None) -> None:
        """Make an issue the child of another one, or of none."""
        before = current.fields.get("parent")
        if before == parent:
            return
        body: dict[str, Any] = {"sub_issue_id": self.id_of(current.key, current.kept)}
        if parent is None:
            self.client.delete(f"{self.path(str(before))}/sub_issue", body)
            return
        body["replace_parent"] = True
        try:
            self.client.make(f"{self.path(parent)}/sub_issues", body, is_repeatable=True)
        except InvalidError as error:
            row = self.client.get(self.path(current.key))
            url = row.get("parent_issue_url") if isinstance(row, Mapping) else None
            if mapping.key_in(self.words, url) != parent:
                raise _of(error, "parent") from error

    def id_of(self, key: str, kept: Mapping[str, Any] | None = None) -> int:
        """Return GitHub's own id of an issue."""
        known = (kept or {}).get("id", self.ids.get(key))
        if isinstance(known, int):
            return known
        row = rows.row(self.client.get(self.path(key)), "issue", "number", "id")
        self.ids[key] = row["id"]
        return self.ids[key]


def _of(error: InvalidError, name: str) -> InvalidError:
    hint = "GitHub allows 100 sub-issues an issue, 8 levels, and 50 dependencies."
    return InvalidError(error.message, hint, field=name)
