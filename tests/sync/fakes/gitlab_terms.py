"""A fake GitLab as somebody works in it in a browser, told in the workspace's terms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.sync.fakes.gitlab_changes import Changes
from tests.sync.fakes.gitlab_rows import Issue, Link, Milestone, Rows

_MARK = re.compile(r"\s*<!-- orchestrator:.*? -->\s*")
_DONE = ("completed", "cancelled")
_LABELS = {"in_progress": "in-progress", "in_review": "in-review"}
_SPECIAL = ("status::", "priority::")


@dataclass
class Terms:
    """Rows from fields, and fields from rows; apart from the adapter's mapping."""

    rows: Rows
    changes: Changes

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        title = {"title": fields.get("title", "Untitled")}
        if kind == "projects":
            made = self.changes.milestone(None, title)
            self.edit(kind, str(made.id), fields)
            return str(made.id)
        row = self.changes.make(title, author=11)
        self.edit(kind, str(row.iid), fields)
        return str(row.iid)

    def edit(self, kind: str, key: str, fields: Mapping[str, Any]) -> None:
        if kind == "projects":
            self._edit_milestone(self.rows.milestones[int(key)], fields)
            return
        row = self.rows.issues[int(key)]
        same = ("title", "due_date", "start_date")
        body = {name: fields[name] for name in same if name in fields}
        if "description" in fields:
            hidden = "".join(_MARK.findall(row.description or ""))
            text = fields["description"] or ""
            body["description"] = f"{text}\n\n{hidden.strip()}".strip().replace("\n", "\r\n")
        labels = self._labels(row, fields)
        if labels != row.labels:
            body["labels"] = labels
        if "status" in fields and (fields["status"] in _DONE) != (row.state == "closed"):
            body["state_event"] = "close" if fields["status"] in _DONE else "reopen"
        if "assignee" in fields:
            names = {name: id_ for id_, name in self.rows.users.items()}
            body["assignee_ids"] = [names[fields["assignee"]]] if fields["assignee"] else []
        if "project" in fields:
            body["milestone_id"] = fields["project"]
        row.updated_at = self.rows.now()
        if body:
            self.changes.change(row, body)
        self._rest(row, fields)

    def items(self, kind: str) -> dict[str, dict[str, Any]]:
        if kind == "projects":
            return {str(each.id): self._project(each) for each in self.rows.milestones.values()}
        return {
            str(each.iid): self._task(each)
            for each in self.rows.issues.values()
            if each.kind in {"issue", "task"} and not each.moved_to_id and not _is_trashed(each)
        }

    def _labels(self, row: Issue, fields: Mapping[str, Any]) -> list[str]:
        labels = list(row.labels)
        if "labels" in fields:
            labels = [each for each in labels if each.startswith(_SPECIAL)]
            labels += fields["labels"] or []
        if "status" in fields:
            status = fields["status"]
            labels = [each for each in labels if not each.startswith("status::")]
            if status not in {"todo", "completed"}:
                labels.append(f"status::{_LABELS.get(status, status)}")
        if "priority" in fields:
            labels = [each for each in labels if not each.startswith("priority::")]
            labels += [f"priority::{fields['priority']}"] if fields["priority"] else []
        return labels

    def _rest(self, row: Issue, fields: Mapping[str, Any]) -> None:
        if "estimated_minutes" in fields:
            row.estimate = 60 * (fields["estimated_minutes"] or 0)
        if "actual_minutes" in fields:
            row.spent = 60 * (fields["actual_minutes"] or 0)
        if "parent" in fields:
            row.parent = int(fields["parent"]) if fields["parent"] else None
            row.kind = "task" if row.parent else row.kind
        if "dependencies" in fields:
            mine = [id_ for id_, each in self.rows.links.items() if each.target == row.iid]
            for id_ in mine:
                del self.rows.links[id_]
            for key in fields["dependencies"] or []:
                id_ = self.rows.new_id()
                link = Link(id_, int(key), row.iid, "blocks", self.rows.now())
                self.rows.links[id_] = link

    def _edit_milestone(self, row: Milestone, fields: Mapping[str, Any]) -> None:
        same = ("title", "start_date", "due_date")
        body = {name: fields[name] for name in same if name in fields}
        if "description" in fields:
            hidden = "".join(_MARK.findall(row.description or ""))
            body["description"] = f"{fields['description'] or ''}\n\n{hidden.strip()}".strip()
        if "status" in fields:
            body["state_event"] = "close" if fields["status"] in _DONE else "activate"
        self.changes.milestone(row, body)

    def _task(self, row: Issue) -> dict[str, Any]:
        found = {
            prefix: [each.removeprefix(prefix) for each in row.labels if each.startswith(prefix)]
            for prefix in _SPECIAL
        }
        status, priority = found["status::"], found["priority::"]
        is_open = row.state == "opened"
        named = status[0].replace("-", "_") if status else None
        return {
            "title": row.title,
            "description": _plain(row.description),
            "status": (named or "todo") if is_open else "cancelled" if named == "cancelled"
            else "completed",
            "priority": priority[0] if priority else None,
            "labels": sorted(each for each in row.labels if not each.startswith(_SPECIAL)),
            "assignee": self.rows.users[row.assignees[0]] if row.assignees else None,
            "due_date": row.due_date,
            "start_date": row.start_date,
            "estimated_minutes": row.estimate // 60 or None,
            "actual_minutes": row.spent // 60 or None,
            "parent": str(row.parent) if row.parent else None,
            "dependencies": sorted(map(str, self.rows.blockers(row.iid))),
            "project": str(row.milestone) if row.milestone else None,
        }  # fmt: skip

    def _project(self, row: Milestone) -> dict[str, Any]:
        return {
            "title": row.title,
            "description": _plain(row.description),
            "status": "active" if row.state == "active" else "completed",
            "start_date": row.start_date,
            "due_date": row.due_date,
        }


def _plain(text: str | None) -> str:
    shown = _MARK.sub("", (text or "").replace("\r\n", "\n")).rstrip()
    # What a reader of the page sees of an escaped sign.
    return re.sub(r"^\\/", "/", shown, flags=re.MULTILINE)


def _is_trashed(row: Issue) -> bool:
    return row.state == "closed" and "<!-- orchestrator:deleted " in (row.description or "")
