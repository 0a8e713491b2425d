"""`export`: the plan in formats of other tools; one file a kind of answer."""

from orchestrator.cli.group import LazyGroup

_TEXTS = "orchestrator.cli.export.texts"

command = LazyGroup(
    "export",
    help="Write the plan in another tool's format; the options say which tasks.",
    table={
        "json": (f"{_TEXTS}:json", "The plan as one JSON document."),
        "csv": (f"{_TEXTS}:csv", "A table for spreadsheets."),
        "tsv": (f"{_TEXTS}:tsv", "A table with tabs."),
        "markdown": (f"{_TEXTS}:markdown", "A report to send round."),
        "mermaid": (f"{_TEXTS}:mermaid", "A timeline, or the graph, for Markdown pages."),
        "ical": (f"{_TEXTS}:ical", "Due dates for any calendar."),
        "beads": (f"{_TEXTS}:beads", "Issues of beads (JSONL)."),
        "backlog-md": ("orchestrator.cli.export.folder:command", "A folder of Backlog.md."),
    },
)
