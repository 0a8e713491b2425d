"""The entities of a plan as frozen pydantic models: what a file may hold, and what it means.

Importing this package imports pydantic (50 ms). Commands that only read clean files never do:
`model.accept` says yes to a document without it, and only a document that it does not know goes
to these models, which are the judge.
"""

from orchestrator.model.entities.integration import Integration
from orchestrator.model.entities.patch import Op, Patch
from orchestrator.model.entities.policy import Policy
from orchestrator.model.entities.project import Project
from orchestrator.model.entities.settings import Settings
from orchestrator.model.entities.task import Task, TestRequirements, TimeEntry
from orchestrator.model.entities.user import User

__all__ = [
    "Integration",
    "Op",
    "Patch",
    "Policy",
    "Project",
    "Settings",
    "Task",
    "TestRequirements",
    "TimeEntry",
    "User",
]
