"""`hooks`: installing the git hooks, taking them out, and looking at them."""

import sys
from typing import TYPE_CHECKING

import click

from orchestrator.cli.group import SuggestingGroup
from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.store.hooks.install import Installation


@click.group("hooks", cls=SuggestingGroup)
def command() -> None:
    """Install, remove and inspect the git hooks.

    They check and stamp what is committed, suggest messages, and check what is pushed. Hooks of
    others stay, and core.hooksPath is never set. In a bare repository, on a server, they are one
    hook, pre-receive, which holds what is pushed to the policy.
    """


@command.command("install")
@click.pass_obj
def install_(session: Session) -> int:
    """Install the hooks for this workspace; doing it again brings them up to date."""
    from orchestrator.cli.talk import note, say
    from orchestrator.store.hooks.install import install

    if _is_server(session):
        return _on_server(session, "install")
    found = install(session.workspace, sys.executable)
    done = [hook.name for hook in found.hooks if hook.state == "installed"]
    if done:
        say(f"Installed in {found.folder} : {', '.join(done)}")
    _explain_place(found)
    _explain_driver(session)
    blocked = [hook for hook in found.hooks if hook.state != "installed"]
    for hook in blocked:
        note(f"{hook.name} is not installed: {hook.path} {hook.reason}.")
        note(f'hint: let it run: orchestrator hook {hook.name} "$@"')
    return 1 if blocked else 0


@command.command("uninstall")
@click.pass_obj
def uninstall_(session: Session) -> int:
    """Take the hooks of this workspace out again; what others put there stays."""
    from orchestrator.cli.talk import say
    from orchestrator.store.hooks.install import status, uninstall

    if _is_server(session):
        return _on_server(session, "uninstall")
    workspace = session.workspace
    before = {hook.name: hook.state for hook in status(workspace).hooks}
    after = uninstall(workspace)
    gone = [hook.name for hook in after.hooks if hook.state != before[hook.name]]
    say(
        f"Removed from {after.folder} : {', '.join(gone)}"
        if gone
        else "There was nothing to remove."
    )
    return 0


@command.command("status")
@json_option
@click.pass_obj
def status_(session: Session, as_json: bool) -> int:
    """Say which hooks are installed and where."""
    from orchestrator.cli.talk import say, say_json, say_raw, table
    from orchestrator.store.hooks.install import status

    if _is_server(session):
        return _on_server(session, "status", as_json=as_json)
    found = status(session.workspace)
    if as_json:
        say_json({**_as_json(found), "merge_driver": _driver(session)})
        return 0
    say(f"Folder: {found.folder}")
    _explain_place(found)
    rows: list[tuple[str, str, str]] = []
    for hook in found.hooks:
        shared = "with other content" if hook.is_shared and hook.state != "blocked" else ""
        reason = hook.reason or shared
        rows.append((hook.name, hook.state, reason))
    rows.append(("merge driver", _driver(session), ""))
    say_raw(table(("hook", "state", ""), rows, fancy=session.is_terminal))
    _explain_driver(session)
    return 0


def _is_server(session: Session) -> bool:
    from orchestrator.store.repository import is_bare

    return is_bare(session.folder)


def _on_server(session: Session, what: str, *, as_json: bool = False) -> int:
    """Install, remove or show the one hook of a bare repository."""
    from orchestrator.cli.talk import note, say, say_json
    from orchestrator.store.hooks.section import SERVER_HOOK
    from orchestrator.store.hooks.server import (
        install_server_hook,
        server_hook,
        uninstall_server_hook,
    )

    place = (session.folder, session.environment)
    match what:
        case "install":
            found = install_server_hook(*place, sys.executable)
        case "uninstall":
            found = uninstall_server_hook(*place)
        case _:
            found = server_hook(*place)
    if as_json:
        hook = {
            "name": SERVER_HOOK, "state": found.state, "reason": found.reason,
            "path": str(found.path),
        }  # fmt: skip
        say_json({"folder": str(found.path.parent), "total": 1, "hooks": [hook]})
        return 0
    say(f"{found.path} is {found.state}.")
    if found.reason:
        note(
            f"hint: it {found.reason}; let it run orchestrator hook {SERVER_HOOK} , with its stdin."
        )
    return 1 if what == "install" and found.state != "installed" else 0


def _explain_place(found: "Installation") -> None:
    from orchestrator.cli.talk import note

    if found.hooks_path is None or found.is_configured:
        return
    note(f"core.hooksPath is set: git looks for hooks in {found.hooks_path} .")
    if found.is_in_work_tree:
        note(
            "That folder is in the work tree: commit the hooks for everybody, or add the lines "
            "of the hooks to the files that your hook tool reads, if it rewrites the folder."
        )


def _driver(session: Session) -> str:
    from orchestrator.store.hooks.drivers import driver_state

    return driver_state(session.workspace.required_repository, sys.executable)


def _explain_driver(session: Session) -> None:
    from orchestrator.cli.talk import note

    if _driver(session) == "unused":
        note("The merge driver is not used: .gitattributes does not name it.")
        note("hint: projects/**/*.yaml text eol=lf merge=orchestrator diff=orchestrator")


def _as_json(found: "Installation") -> dict[str, object]:
    hooks = [
        {
            "name": hook.name,
            "state": hook.state,
            "shared": hook.is_shared,
            "reason": hook.reason,
            "path": str(hook.path),
        }
        for hook in found.hooks
    ]
    return {
        "folder": str(found.folder),
        "mechanism": "config" if found.is_configured else "files",
        "core_hooks_path": found.hooks_path,
        "in_work_tree": found.is_in_work_tree,
        "total": len(hooks),
        "hooks": hooks,
    }
