"""The fields of each kind of entity, in the order in which a file lists them."""

from orchestrator.model.places import Kind

FIELDS: dict[Kind, tuple[str, ...]] = {
    "tasks": (
        "id", "title", "status", "priority", "assignee", "labels", "parent", "dependencies",
        "description", "start_date", "due_date", "created_at", "started_at", "completed_at",
        "estimated_minutes", "actual_minutes", "time_entries", "tests", "external_ids",
        "deleted_at", "deleted_by", "deleted_with", "metadata",
    ),
    "projects": (
        "id", "key", "title", "status", "description", "priority", "tags", "owner", "start_date",
        "due_date", "created_at", "started_at", "completed_at", "external_ids", "deleted_at",
        "deleted_by", "deleted_with", "metadata",
    ),
    "users": (
        "id", "name", "email", "kind", "role", "handles", "active", "created_at", "metadata",
    ),
    "settings": (
        "version", "name", "description", "max_depth", "hours_per_day", "commit",
        "required_tests", "rules", "filters", "policy", "agents", "integrations", "metadata",
    ),
}  # fmt: skip

REQUIRED: dict[Kind, tuple[str, ...]] = {
    "tasks": ("id", "title", "status"),
    "projects": ("id", "key", "title", "status"),
    "users": ("id", "name"),
    "settings": (),
}

STAMPS = frozenset({"created_at", "started_at", "completed_at", "deleted_at"})
"""Fields that the tool fills from the system clock."""

DELETION = ("deleted_at", "deleted_by", "deleted_with")
"""The marks of a soft deletion: when, by whom, and together with what."""

GRANTABLE: dict[Kind, tuple[str, ...]] = {
    kind: tuple(name for name in FIELDS[kind] if name not in {"id", *STAMPS, *DELETION})
    for kind in ("tasks", "projects")
}
"""Fields that a policy may let agents set."""
