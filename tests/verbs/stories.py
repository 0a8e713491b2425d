"""Random days in the life of a plan: steps that are verbs, patches and command lines alike."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from orchestrator.check.run import check
from orchestrator.model.fields import FIELDS
from orchestrator.model.places import place_of
from orchestrator.model.snapshot import Snapshot, build
from orchestrator.patch.after import after
from orchestrator.patch.apply import Change, SnapshotDocuments, apply
from orchestrator.patch.ops import Patch
from orchestrator.store.consequences import new_warnings
from orchestrator.store.edits import file_edits, located_in
from orchestrator.store.files import Entry as File
from orchestrator.store.parse import parse_entries
from orchestrator.text.render import render
from orchestrator.verbs.assign import read_assignments
from orchestrator.verbs.change import set_all
from orchestrator.verbs.create import create_project, create_task, create_user
from orchestrator.verbs.delete import delete_projects, delete_tasks
from orchestrator.verbs.label import label
from orchestrator.verbs.link import link, unlink
from orchestrator.verbs.move import move
from orchestrator.verbs.purge import purge_projects, purge_tasks
from orchestrator.verbs.rename import rename_task
from orchestrator.verbs.restore import restore_projects, restore_tasks
from orchestrator.verbs.stamps import stamped_changes
from orchestrator.verbs.status import ACTIONS, act
from orchestrator.verbs.time import Entry, log_time, take_back, undo_log

ME = "dana"
MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

_RIGHT = 0.85  # how often a step names what it is for
_RARE = 0.04  # how often a whole project is deleted

Files = dict[str, bytes]

EMPTY: Mapping[str, str] = {
    "orchestrator.yaml": "version: 1\nname: Test\nmax_depth: 3\n",
    "users/dana.yaml": "id: dana\nname: Dana Ionescu\nemail: dana@example.com\n",
    "users/lee.yaml": "id: lee\nname: Lee\n",
    "projects/pay/project.yaml": "id: pay\nkey: PAY\ntitle: Payments\nstatus: active\n",
    "projects/ops/project.yaml": "id: ops\nkey: OPS\ntitle: Operations\nstatus: active\n",
}
BY_HAND = {
    **EMPTY,
    "projects/pay/tasks/OLD-1.yaml": (
        "id: OLD-1\ntitle: Made by hand\nstatus: in_progress\nlabels: [api]\n"
        "dependencies:\n  - OLD-2\nstarted_at: 2026-11-20T09:00:00+01:00\nactual_minutes: 30\n"
        "tests:\n  unit:\n    - works\n  security: []\nmetadata:\n  b: 2\n  a: 1\n"
    ),
    "projects/pay/tasks/OLD-2.yaml": (
        "id: OLD-2\ntitle: Done\nstatus: completed\nparent: OLD-3\n"
        "completed_at: 2026-11-20T09:00:00+01:00\n"
    ),
    "projects/pay/tasks/OLD-3.yaml": (
        f"id: OLD-3\ntitle: Many\nstatus: blocked\nlabels:\n  - {'x' * 50}\n  - {'y' * 50}\n"
    ),
}
"""The same with tasks that the tool has not made: without stamps, keys in an order of their own."""

PROJECTS = ("pay", "ops")
NEW_IDS = tuple(f"{key}-{letter}" for key in ("PAY", "OPS") for letter in "ABCDEFGHJK")
TITLES = ("Capture", "Retry: twice", "yes", "12", "it's", "Zahlung ü", "a #1")
WISHES = (
    *(f"title={title}" for title in TITLES),
    "description=One line.", "description=Two\nlines.\n", "description=- a\n\n  b", "description=",
    "priority=high", "priority=", "assignee=lee", "assignee=", "assignee=ghost",
    "labels+=api", "labels+=a word,db", "labels=", "labels-=api",
    f"labels={'x' * 40},{'y' * 40}", "due=2026-12-01", "start=2026-12-02", "due=", "start=",
    "estimate=1d", "estimate=", "tests.unit+=it works: always", "tests.security+=no", "tests.unit=",
    "metadata.a=1", "metadata.b=two\nlines", "metadata.a=", "metadata.b=", "external_ids.x=y",
    "status=completed", "status=in_progress", "status=todo", "status=cancelled",
)  # fmt: skip

PROJECT_WISHES = (
    "title=Pay: all", "title=Payments", "tags+=core", "tags=", "owner=lee", "owner=ghost",
    "owner=", "status=completed", "status=active", "status=on_hold", "due=2026-12-01",
    "start=2026-12-02", "due=", "start=", "description=a\nb", "description=", "metadata.a=x",
)  # fmt: skip


class Step(NamedTuple):
    """One thing that somebody does.

    Attributes:
        words: The command line.
        patch: The verb: from a plan and a moment to a patch.
    """

    words: tuple[str, ...]
    patch: Callable[[Snapshot, datetime], Patch]


def new(task_id: str, project: str, *wishes: str, title: str = "Capture") -> Step:
    return Step(
        ("task", "new", title, "-p", project, "--id", task_id, *wishes),
        lambda plan, now: create_task(
            plan, project, title, read_assignments("tasks", wishes), now, min, task_id
        )[1],
    )


def change(ids: Sequence[str], *wishes: str) -> Step:
    return Step(
        ("task", "set", *ids, *wishes),
        lambda plan, now: set_all(plan, "tasks", ids, read_assignments("tasks", wishes), now),
    )


def status(action: str, *ids: str) -> Step:
    return Step(("task", action, *ids), lambda plan, now: act(plan, action, ids, now))


def give(user: str, *ids: str) -> Step:
    wishes = read_assignments("tasks", [f"assignee={user}"])
    return Step(
        ("task", "assign", user or "nobody", *ids),
        lambda plan, now: set_all(plan, "tasks", ids, wishes, now),
    )


def wear(name: str, *ids: str) -> Step:
    return Step(
        ("task", "label", *ids, "--add", name), lambda plan, _: label(plan, ids, [name], [])
    )


def shed(name: str, *ids: str) -> Step:
    return Step(
        ("task", "label", *ids, "--remove", name), lambda plan, _: label(plan, ids, [], [name])
    )


def wait(task_id: str, other: str) -> Step:
    return Step(
        ("task", "link", task_id, "--on", other), lambda plan, _: link(plan, task_id, [other])
    )


def free(task_id: str) -> Step:
    return Step(("task", "unlink", task_id, "--all"), lambda plan, _: unlink(plan, task_id, None))


def under(parent: str, *ids: str) -> Step:
    return Step(("task", "move", *ids, "--under", parent), lambda plan, _: move(plan, ids, parent))


def to_root(*ids: str) -> Step:
    return Step(("task", "move", *ids, "--root"), lambda plan, _: move(plan, ids, is_root=True))


def to_project(project: str, *ids: str) -> Step:
    return Step(
        ("task", "move", *ids, "--to", project), lambda plan, _: move(plan, ids, to=project)
    )


def rename(old: str, name: str) -> Step:
    return Step(("task", "rename", old, name), lambda plan, _: rename_task(plan, old, name))


def log(task_id: str, minutes: int) -> Step:
    return Step(
        ("time", "log", task_id, f"{minutes}m", "Worked: hard"),
        lambda plan, now: log_time(plan, task_id, Entry(now, minutes, ME, "Worked: hard"), now),
    )


def unlog() -> Step:
    return Step(("time", "undo"), lambda plan, now: undo_log(plan, take_back(plan, ME, now)))


def change_project(project: str, wish: str) -> Step:
    return Step(
        ("project", "set", project, wish),
        lambda plan, now: set_all(
            plan, "projects", [project], read_assignments("projects", [wish]), now
        ),
    )


def new_user(user: str) -> Step:
    return Step(("user", "new", user), lambda plan, now: create_user(plan, user, None, [], now))


def new_project(project: str) -> Step:
    return Step(
        ("project", "new", project),
        lambda plan, now: create_project(plan, project, None, None, [], now),
    )


def remove(*ids: str, force: bool = True) -> Step:
    return Step(
        ("task", "rm", *ids, *(["--force"] if force else [])),
        lambda plan, now: delete_tasks(plan, ids, now, ME, force=force),
    )


def bring_back(*ids: str) -> Step:
    return Step(("task", "restore", *ids), lambda plan, _: restore_tasks(plan, ids))


def purge(*ids: str) -> Step:
    return Step(
        ("task", "purge", *ids, "--unlink", "--force", "--yes"),
        lambda plan, _: purge_tasks(plan, ids, unlink=True),
    )


def remove_project(project: str) -> Step:
    return Step(
        ("project", "rm", project, "--force"),
        lambda plan, now: delete_projects(plan, [project], now, ME, force=True),
    )


def bring_back_project(project: str) -> Step:
    return Step(("project", "restore", project), lambda plan, _: restore_projects(plan, [project]))


def purge_project(project: str) -> Step:
    return Step(
        ("project", "purge", project, "--unlink", "--force", "--yes"),
        lambda plan, _: purge_projects(plan, [project], unlink=True),
    )


def any_step(rng: Random, plan: Snapshot) -> Step:
    """Any step in a plan; some name what is not there or may not be done, and are refused."""
    live = sorted(task_id for task_id, _ in plan.live_tasks())
    gone = sorted(plan.tasks.keys() - live)
    binned = [name for name, found in plan.projects.items() if found.get("deleted_at")]

    def one(ids: Sequence[str] = live, others: Sequence[str] = gone) -> str:
        chosen = ids if ids and rng.random() < _RIGHT else (others or NEW_IDS)
        return rng.choice(chosen)

    def few() -> list[str]:
        return list(dict.fromkeys(one() for _ in range(rng.choice((1, 1, 2, 3)))))

    wishes = [rng.choice(WISHES) for _ in range(rng.choice((1, 1, 2, 3)))]
    born = rng.choice(((), (f"parent={one()}",), tuple(wishes)))
    fresh = rng.choice([task_id for task_id in NEW_IDS if task_id not in plan.tasks])
    name, project = rng.choice(("api", "db", "a word")), rng.choice(PROJECTS)
    lost = list(dict.fromkeys(one(gone, live) for _ in range(rng.choice((1, 1, 2)))))
    choices: list[Callable[[], Step]] = [
        lambda: new(fresh, project, *born, title=rng.choice(TITLES)),
        lambda: change(few(), *wishes),
        lambda: change([one()], *wishes),
        lambda: change(few(), f"parent={one()}"),
        lambda: status(rng.choice(list(ACTIONS)), one()),
        lambda: status(rng.choice(list(ACTIONS)), one()),
        lambda: give(rng.choice((ME, "lee", "ghost")), *few()),
        lambda: wear(name, *few()),
        lambda: shed(name, *few()),
        lambda: wait(one(), one()),
        lambda: free(one()),
        lambda: under(one(), *few()),
        lambda: to_root(*few()),
        lambda: to_project(project, *few()),
        lambda: rename(one(), fresh),
        lambda: log(one(), rng.choice((1, 90, 900))),
        unlog,
        lambda: change_project(project, rng.choice(PROJECT_WISHES)),
        lambda: rng.choice((new_user, new_project))(rng.choice(("sam", "pay", "web"))),
        lambda: remove(*few(), force=rng.random() < _RIGHT),
    ]
    if gone:
        bring = lambda: bring_back(*lost)  # noqa: E731 - one of the choices
        choices += [bring, bring, bring, lambda: purge(*lost), lambda: rename(one(gone), fresh)]
    if rng.random() < _RARE:
        choices = [lambda: remove_project(project)]
    elif binned and rng.random() < _RIGHT / 2:
        choices = [lambda: bring_back_project(one(binned, PROJECTS))] * 3
        choices.append(lambda: purge_project(one(binned, PROJECTS)))
    return rng.choice(choices)()


def beginning(rng: Random) -> list[Step]:
    """Steps that make a small plan with a hierarchy, dependencies and something in the bin."""
    ids = list(NEW_IDS[:6] + NEW_IDS[10:14])
    found = [new(task_id, "pay" if task_id[0] == "P" else "ops") for task_id in ids]
    found += [under(rng.choice(ids[:6]), rng.choice(ids[:6])) for _ in range(6)]
    found += [wait(rng.choice(ids), rng.choice(ids)) for _ in range(4)]
    found += [change([rng.choice(ids)], rng.choice(WISHES)) for _ in range(6)]
    return [*found, remove(rng.choice(ids))]


def moment(number: int) -> datetime:
    """When the step of this number happens."""
    return MORNING + timedelta(minutes=number)


def read(files: Files) -> Snapshot:
    """The plan in files that are kept in memory."""
    found = []
    for path, data in sorted(files.items()):
        place = place_of(path)
        assert place is not None, path
        found.append(File(path, place, data))
    reads, problems, doubtful = parse_entries(iter(found))
    return build(reads, problems, frozenset(doubtful))


def carry_out(files: Files, patch: Patch, now: datetime) -> tuple[list[Change], Files]:
    """What `Workspace.apply` does, to files that are kept in memory."""
    present = read(files)
    wanted = apply(SnapshotDocuments(present), patch.ops)
    changes = list(stamped_changes(wanted, now, restores=patch.restores))
    new_warnings(present, after(present, changes), now)
    result = dict(files)
    edits = list(file_edits(changes, located_in(present), files.get))
    for edit in sorted(edits, key=lambda edit: edit.after is None):
        if edit.after is None:
            del result[edit.path]
        else:
            result[edit.path] = edit.after
    return changes, result


def errors(files: Files, now: datetime) -> set[tuple[str, str | None, str]]:
    """What check calls an error: rule, entity and place."""
    return {
        (problem.code, problem.id, problem.pointer)
        for problem in check(read(files), now)
        if problem.severity == "error"
    }


def canonical(files: Mapping[str, str]) -> Files:
    """Files that are as `fmt` would leave them."""
    found = {path: text.encode() for path, text in files.items()}
    plan = read(found)
    for path, data in found.items():
        place = place_of(path)
        assert place is not None
        document = plan.file_document(place.kind, place.id)
        assert render(document, FIELDS[place.kind]).encode() == data
    return found
