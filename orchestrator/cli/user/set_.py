"""`user set`: fields of a user."""

from orchestrator.cli.set_ import set_command

command = set_command("users")
