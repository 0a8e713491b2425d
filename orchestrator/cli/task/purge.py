"""`task purge`: the bin is emptied."""

from orchestrator.cli.bin import purge_command

command = purge_command("tasks", "Remove the files of deleted tasks, and of what is below them.")
