"""`task templates`: what a new task can start from."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("templates")
@json_option
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """List the templates for task new --template: the workspace's, and those built in."""
    from orchestrator.cli.entity import show_list
    from orchestrator.cli.talk import note
    from orchestrator.store.template_files import template_problems, templates

    source = session.workspace.files
    found = templates(source)
    listed = {path for _, path, _ in found}
    for path in sorted({problem.path for problem in template_problems(source)} - listed):
        note(f"warning: {path} cannot be used; see orchestrator check")
    rows = [
        {
            "name": name,
            "path": path,
            "tasks": seed.size,
            "tests": {kind: len(texts) for kind, texts in seed.fields.get("tests", {}).items()},
        }
        for name, path, seed in found
    ]
    if not as_json:
        rows = [{**row, "file": row["path"] or "(built in)"} for row in rows]
    columns = ("name", "tasks", "file", "tests")
    show_list(session, "templates", rows, len(rows), columns, as_json=as_json)
