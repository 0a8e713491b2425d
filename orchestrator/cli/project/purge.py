"""`project purge`: the bin is emptied."""

from orchestrator.cli.bin import purge_command

command = purge_command("projects", "Remove the files of deleted projects and of their tasks.")
