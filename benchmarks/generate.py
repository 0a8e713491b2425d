"""Write a workspace of N tasks for benchmarks: generate.py N DIR [--seed S] [--per-project P].

Deterministic for a given N, seed and P. Every file is valid: parents are at most 5 deep, dependencies point backwards.
Standard library only, so that it runs before anything is installed.
"""

import argparse
import pathlib
import random

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WORDS = (
    "retry capture idempotency ledger webhook refund acquirer timeout audit schema migrate index cache shard "
    "review release rollback token session quota limit alert metric trace export import merge branch hook"
).split()
STATUSES = ["todo"] * 5 + [
    "in_progress",
    "blocked",
    "in_review",
    "completed",
    "completed",
    "cancelled",
]
PEOPLE = ["dana", "lee", "sam", "ines", "omar", "yuki"]


def task_text(
    rng: random.Random, key: str, task_id: str, parent: str | None, dependencies: list[str]
) -> str:
    status = rng.choice(STATUSES)
    lines = [
        f"id: {task_id}",
        f"title: {' '.join(rng.choices(WORDS, k=rng.randint(3, 8)))}",
        f"status: {status}",
    ]
    lines.append(f"priority: {rng.choice(['low', 'medium', 'high', 'urgent'])}")
    if rng.random() < 0.8:
        lines.append(f"assignee: {rng.choice(PEOPLE)}")
    if rng.random() < 0.6:
        lines.append(f"labels: [{', '.join(sorted(rng.sample(WORDS, k=rng.randint(1, 4))))}]")
    if parent:
        lines.append(f"parent: {parent}")
    if dependencies:
        lines += ["dependencies:", *(f"  - {d}" for d in dependencies)]
    if rng.random() < 0.7:
        lines.append("description: |")
        for _ in range(rng.randint(2, 9)):
            lines.append("  " + " ".join(rng.choices(WORDS, k=rng.randint(6, 14))) + ".")
    if rng.random() < 0.5:
        lines.append(f"due_date: 2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}")
    lines.append("created_at: 2026-01-02T09:14:00+00:00")
    if status in ("in_progress", "blocked", "in_review", "completed"):
        lines.append("started_at: 2026-01-05T08:00:00+00:00")
    if status == "completed":
        lines.append("completed_at: 2026-01-09T16:30:00+00:00")
    lines.append(f"estimated_minutes: {rng.choice([30, 60, 90, 120, 240, 480])}")
    if rng.random() < 0.3:
        lines += ["external_ids:", f"  linear: {key}-{rng.randint(1, 99999)}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-project", type=int, default=1000)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    root: pathlib.Path = args.folder
    (root / "users").mkdir(parents=True, exist_ok=True)
    (root / "orchestrator.yaml").write_text("version: 1\nname: Benchmark\n")
    for person in PEOPLE:
        (root / "users" / f"{person}.yaml").write_text(
            f"id: {person}\nname: {person.title()}\nemail: {person}@example.com\nkind: human\nrole: member\n"
        )
    made = 0
    earlier: list[str] = []
    number = 0
    while made < args.count:
        key = f"P{number:03d}"
        slug = f"project-{number:03d}"
        tasks = root / "projects" / slug / "tasks"
        tasks.mkdir(parents=True, exist_ok=True)
        (tasks.parent / "project.yaml").write_text(
            f"id: {slug}\nkey: {key}\ntitle: Project {number}\nstatus: active\nowner: {rng.choice(PEOPLE)}\n"
        )
        depth: dict[str, int] = {}
        seen: list[str] = []
        for _ in range(min(args.per_project, args.count - made)):
            while True:
                task_id = f"{key}-" + "".join(rng.choices(ALPHABET, k=5))
                if task_id not in depth:
                    break
            candidates = [t for t in seen[-40:] if depth[t] < 5]
            parent = rng.choice(candidates) if candidates and rng.random() < 0.6 else None
            depth[task_id] = depth[parent] + 1 if parent else 0
            roots = [t for t in seen[-60:] if depth[t] == 0 and t != parent]
            dependencies = (
                rng.sample(roots, k=min(len(roots), rng.choice([0, 0, 0, 1, 2])))
                if parent is None
                else []
            )
            if parent is None and earlier and rng.random() < 0.02:
                dependencies.append(rng.choice(earlier))
            (tasks / f"{task_id}.yaml").write_text(
                task_text(rng, key, task_id, parent, sorted(set(dependencies)))
            )
            seen.append(task_id)
            made += 1
        earlier += [t for t in seen if depth[t] == 0][:50]
        number += 1


if __name__ == "__main__":
    main()
