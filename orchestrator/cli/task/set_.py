"""`task set`: fields of a task."""

from orchestrator.cli.set_ import set_command

command = set_command("tasks")
