"""The entities: tasks, projects and users."""

from typing import Any

from orchestrator.model.accept.lists import (
    is_external_ids,
    is_free,
    is_labels,
    is_task_ids,
    is_tests,
)
from orchestrator.model.accept.values import (
    Accepts,
    is_bool,
    is_date,
    is_email,
    is_minutes,
    is_text,
    is_timestamp,
    is_title,
    matches,
    one_of,
)
from orchestrator.model.ids import is_project_id, is_project_key, is_task_id, is_user_id
from orchestrator.model.vocabulary import (
    PRIORITIES,
    PROJECT_STATUSES,
    ROLES,
    TASK_STATUSES,
    USER_KINDS,
)


def _is_entries(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not list:
        return False
    for entry in value:
        if type(entry) is not dict or entry.get("at") is None or entry.get("minutes") is None:
            return False
        for key, item in entry.items():
            if key not in ENTRY or not ENTRY[key](item):
                return False
    return True


ENTRY: dict[str, Accepts] = {
    "at": is_timestamp,
    "minutes": is_minutes,
    "user": matches(is_user_id),
    "note": is_text,
}
_STAMPS: dict[str, Accepts] = {
    "created_at": is_timestamp,
    "started_at": is_timestamp,
    "completed_at": is_timestamp,
    "deleted_at": is_timestamp,
    "deleted_by": matches(is_user_id),
    "deleted_with": is_text,
}
_SHARED: dict[str, Accepts] = {
    "title": is_title,
    "description": is_text,
    "priority": one_of(PRIORITIES),
    "start_date": is_date,
    "due_date": is_date,
    "external_ids": is_external_ids,
    "metadata": is_free,
    **_STAMPS,
}
TASK: dict[str, Accepts] = {
    "id": is_task_id,
    "status": one_of(TASK_STATUSES, optional=False),
    "assignee": matches(is_user_id),
    "labels": is_labels,
    "parent": matches(is_task_id),
    "dependencies": is_task_ids,
    "estimated_minutes": is_minutes,
    "actual_minutes": is_minutes,
    "time_entries": _is_entries,
    "tests": is_tests,
    **_SHARED,
}
PROJECT: dict[str, Accepts] = {
    "id": is_project_id,
    "key": is_project_key,
    "status": one_of(PROJECT_STATUSES, optional=False),
    "tags": is_labels,
    "owner": matches(is_user_id),
    **_SHARED,
}
USER: dict[str, Accepts] = {
    "id": is_user_id,
    "name": is_title,
    "email": is_email,
    "kind": one_of(USER_KINDS),
    "role": one_of(ROLES),
    "handles": is_external_ids,
    "active": is_bool,
    "created_at": is_timestamp,
    "metadata": is_free,
}
