"""A fake GitHub as somebody works in it in a browser, told in the workspace's terms."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.sync.fakes.github_changes import Changes
from tests.sync.fakes.github_rows import Issue, Milestone, Rows

_MARK = re.compile(r"\s*<!-- orchestrator:.*? -->\s*")
_CLOSED = {"completed": "completed", "cancelled": "not_planned"}
_LABELS = {"in_progress": "in-progress", "blocked": "blocked", "in_review": "in-review"}
_DATES = {"start_date": "Start date", "due_date": "Target date"}


@dataclass
class Terms:
    """Rows from fields, and fields from rows; apart from the adapter's mapping."""

    rows: Rows
    changes: Changes
    now: Callable[[], str]

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        title = {"title": fields.get("title", "Untitled")}
        if kind == "projects":
            made = self.changes.milestone(None, title)
            self.edit(kind, str(made.number), fields)
            return str(made.number)
        row = self.changes.issue(title, is_writer=True, author="kim")
        self.edit(kind, str(row.number), fields)
        return str(row.number)

    def edit(self, kind: str, key: str, fields: Mapping[str, Any]) -> None:
        if kind == "projects":
            self._edit_milestone(self.rows.milestones[int(key)], fields)
            return
        row = self.rows.issues[int(key)]
        body = {name: fields[name] for name in ("title",) if name in fields}
        if "description" in fields:
            hidden = "".join(_MARK.findall(row.body or ""))
            # The editor in the browser ends lines this way, and leaves the mark where it was.
            text = fields["description"] or ""
            body["body"] = f"{text}\n\n{hidden.strip()}".strip().replace("\n", "\r\n")
        if "labels" in fields:
            special = [each for each in row.labels if each.startswith(("status:", "priority:"))]
            body["labels"] = [*special, *(fields["labels"] or [])]
        if "assignee" in fields:
            body["assignees"] = [fields["assignee"]] if fields["assignee"] else []
        if "project" in fields:
            body["milestone"] = int(fields["project"]) if fields["project"] else None
        if "status" in fields:
            body.update(self._state(row, fields["status"], body.get("labels", row.labels)))
        self._edit_columns(row, body, fields)
        self.changes.change(row, body)
        self._relate(row, fields)

    def items(self, kind: str) -> dict[str, dict[str, Any]]:
        if kind == "projects":
            return {str(each.number): self._project(each) for each in self.rows.milestones.values()}
        found = [each for each in self.rows.live() if not each.is_pull and not _is_trashed(each)]
        return {str(each.number): self._task(each) for each in found}

    def _edit_milestone(self, row: Milestone, fields: Mapping[str, Any]) -> None:
        body: dict[str, Any] = {}
        if "title" in fields:
            body["title"] = fields["title"]
        if "description" in fields:
            hidden = "".join(_MARK.findall(row.description or ""))
            body["description"] = f"{fields['description'] or ''}\n\n{hidden.strip()}".strip()
        if "status" in fields:
            body["state"] = "closed" if fields["status"] in _CLOSED else "open"
        if "due_date" in fields:
            due = fields["due_date"]
            body["due_on"] = f"{due}T20:00:00Z" if due else None
        self.changes.milestone(row, body)

    def _state(self, row: Issue, status: str, labels: list[str]) -> dict[str, Any]:
        if status in _CLOSED:
            return {"state": "closed", "state_reason": _CLOSED[status]}
        plain = [name for name in labels if not name.lower().startswith("status:")]
        wanted = [] if status == "todo" else [f"status:{_LABELS.get(status, status)}"]
        back = {"state": "open", "state_reason": "reopened"} if row.state == "closed" else {}
        return {**back, "labels": plain + wanted}

    def _edit_columns(self, row: Issue, body: dict[str, Any], fields: Mapping[str, Any]) -> None:
        by_name = {column.name: column.id for column in self.rows.columns}
        for name in ("priority", *_DATES):
            if name not in fields:
                continue
            value = fields[name]
            if name == "priority" and not by_name:
                have = body.get("labels", row.labels)
                plain = [each for each in have if not each.lower().startswith("priority:")]
                body["labels"] = plain + ([f"priority:{value}"] if value else [])
            elif by_name:
                id_ = by_name[_DATES.get(name, "Priority")]
                row.values.pop(id_, None)
                if value:
                    row.values[id_] = value.capitalize() if name == "priority" else value

    def _relate(self, row: Issue, fields: Mapping[str, Any]) -> None:
        if "parent" in fields:
            row.parent = None
            if fields["parent"]:
                parent = self.rows.issues[int(fields["parent"])]
                self.changes.hang(parent, row, may_replace=True)
        if "dependencies" in fields:
            row.blocked_by = []
            for key in fields["dependencies"] or []:
                self.changes.block(row, self.rows.issues[int(key)])

    def _task(self, row: Issue) -> dict[str, Any]:
        names = {column.id: column.name for column in self.rows.columns}
        values = {names[id_]: value for id_, value in row.values.items()}
        special = ("status:",) if names else ("status:", "priority:")
        status = [name.split(":")[1] for name in row.labels if name.startswith("status:")]
        priority = [name.split(":")[1] for name in row.labels if name.startswith("priority:")]
        reasons = {"completed": "completed"}
        shown = {
            "title": row.title,
            "description": _plain(row.body),
            "status": (status[0].replace("-", "_") if status else "todo")
            if row.state == "open"
            else reasons.get(row.reason or "", "cancelled"),
            "labels": sorted(name for name in row.labels if not name.startswith(special)),
            "assignee": row.assignees[0] if row.assignees else None,
            "parent": str(row.parent) if self._is_there(row.parent) else None,
            "dependencies": sorted(str(each.number) for each in self.rows.blockers(row)),
            "project": str(row.milestone) if row.milestone else None,
        }
        if not names:
            return {**shown, "priority": priority[0] if priority else None}
        dates = {name: values.get(title) for name, title in _DATES.items()}
        return {**shown, **dates, "priority": (values.get("Priority") or "").lower() or None}

    def _project(self, row: Milestone) -> dict[str, Any]:
        return {
            "title": row.title,
            "description": _plain(row.description),
            "status": "active" if row.state == "open" else "completed",
            "due_date": row.due_on[:10] if row.due_on else None,
        }

    def _is_there(self, number: int | None) -> bool:
        return number is not None and not self.rows.issues[number].gone


def _plain(body: str | None) -> str:
    return _MARK.sub("", (body or "").replace("\r\n", "\n")).rstrip()


def _is_trashed(row: Issue) -> bool:
    return row.state == "closed" and "<!-- orchestrator:deleted " in (row.body or "")
