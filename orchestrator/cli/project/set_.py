"""`project set`: fields of a project."""

from orchestrator.cli.set_ import set_command

command = set_command("projects")
