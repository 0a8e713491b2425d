"""The closed sets of words in a plan: statuses, priorities, kinds, roles."""

TASK_STATUSES = ("todo", "in_progress", "blocked", "in_review", "completed", "cancelled")
PROJECT_STATUSES = ("planned", "active", "on_hold", "completed", "cancelled")
PRIORITIES = ("low", "medium", "high", "urgent")
USER_KINDS = ("human", "agent")
ROLES = ("admin", "maintainer", "member", "viewer", "agent")
TEST_KINDS = ("unit", "integration", "performance", "security")
SEVERITIES = ("error", "warning", "off")
INTEGRATION_KINDS = ("linear", "gitlab", "notion", "motion", "github")

DEFAULT_PRIORITY = "medium"
DONE = frozenset({"completed", "cancelled"})
"""Task statuses in which nothing is left to do."""
STARTED = frozenset({"in_progress", "in_review"})
"""Task statuses that say that work has begun."""
