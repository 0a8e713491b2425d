"""`import`: plans of other tools, one file a format."""

from orchestrator.cli.group import LazyGroup

_HERE = "orchestrator.cli.import_"

command = LazyGroup(
    "import",
    help="""Bring a plan over from another tool, into a project, in one patch.

    What has no place goes to metadata; what cannot be kept is listed at the end. A second import
    adds what is new and leaves the rest alone.
    """,
    table={
        "backlog-md": (f"{_HERE}.backlog_md:command", "Import a Backlog.md folder."),
        "beads": (f"{_HERE}.beads:command", "Import the issues of beads (JSONL)."),
        "csv": (f"{_HERE}.csv_:command", "Import a table, CSV or TSV."),
        "github": (f"{_HERE}.forges:github", "Import the issues of GitHub (JSON)."),
        "gitlab": (f"{_HERE}.forges:gitlab", "Import the issues of GitLab (JSON)."),
        "task-master": (f"{_HERE}.task_master:command", "Import the tasks.json of task-master."),
        "taskwarrior": (f"{_HERE}.taskwarrior:command", "Import what task export prints."),
        "todoist": (f"{_HERE}.todoist:command", "Import an export of Todoist (CSV or JSON)."),
    },
)
