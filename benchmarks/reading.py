"""The rows of reading: pages of lists at any size, and every reading command on 10,000 tasks."""

import re
import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.checking import status
from benchmarks.plans import PROGRAM, Plan, git, tasks_of
from benchmarks.table import Limit, Row
from benchmarks.timing import rounds_of, seconds_of, turns
from orchestrator.cli import COMMANDS

_PAGES = (
    "task list --limit 20",
    "task list --where 'status=todo label=cache' --sort -priority,due_date --limit 20",
    "ready --limit 20",
    "search retry --limit 20",
)
_WHOLE = (
    "blocked --limit 20", "tree {task}", "board", "next", "stats", "agenda",
    "check --range HEAD..HEAD",
)  # fmt: skip
_EVERY = """
    check
    check --json
    check --staged
    check --rev HEAD
    task list
    task list --json
    task list --sort -urgency,due --columns +spent,remaining,unblocks
    task show {task}
    task show {task} --json
    project list
    project show {project}
    user list
    user show dana
    config show
    ready
    ready --json
    blocked
    next
    search ledger
    search zzzz
    stats
    tree
    tree --json
    board
    agenda
    timeline
    timeline -f mermaid
    timeline -f svg
    critical
    graph
    graph -f svg --around {task}
    history {changed}
    blame {changed}
    burndown
    throughput
    time report
    time report --by week,user
    patch diff HEAD~5..HEAD
    patch show HEAD
    export json
    export csv
    export markdown
    export mermaid
    export ical
    export beads
    query "SELECT status, count(*) FROM tasks GROUP BY status"
    doctor
"""


def page_rows(plan: Plan) -> Iterator[Row]:
    """What is asked all day, with a limit, warm."""
    for words in _PAGES:
        command = [*PROGRAM, *shlex.split(words)]
        ours, floor = turns(
            plan.rounds, partial(seconds_of, command, plan.root),
            lambda: status(plan.root),
        )  # fmt: skip
        yield Row(
            f"orchestrator {words}", plan.size, ours, floor, "git status", Limit(2.0, 0.2),
            growth="linear",
        )  # fmt: skip


def whole_rows(plan: Plan) -> Iterator[Row]:
    """Questions about the whole plan, or a part of it, warm; none of them has a limit."""
    task = _task_below_another(plan).stem
    for words in _WHOLE:
        command = [*PROGRAM, *words.replace("{task}", task).split()]
        ours, floor = turns(
            plan.rounds, partial(seconds_of, command, plan.root, (0, 1)),
            lambda: status(plan.root),
        )  # fmt: skip
        shown = words.replace("{task}", "ID")
        yield Row(f"orchestrator {shown}", plan.size, ours, floor, "git status", growth="linear")


def _task_below_another(plan: Plan) -> Path:
    return next(path for path in tasks_of(plan.root) if "\nparent:" in path.read_text("utf-8"))


def every_reading_row(plan: Plan) -> Iterator[Row]:
    """Each reading command, as a process of its own, its output read to the end."""
    task = _task_below_another(plan)
    names = {
        "{task}": task.stem,
        "{project}": task.parents[1].name,
        "{changed}": git(plan.root, "log", "-1", "--format=%s", "--grep=^Change ").split()[-1],
    }
    for line in _EVERY.split("\n"):
        words = [names.get(word, word) for word in shlex.split(line)]
        if words and words[0] in COMMANDS:
            command = [*PROGRAM, *words]
            times = rounds_of(plan.rounds, partial(seconds_of, command, plan.root, (0, 1)))
            shown = re.sub(r"\{\w+\}", "ID", line.strip())
            yield Row(f"orchestrator {shown}", plan.size, times, limit=Limit(plus=0.5))
