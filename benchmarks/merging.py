"""Random pairs of edits of the generator's tasks, merged by field and by `git merge-file`."""

import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.generate import PEOPLE, STATUSES, WORDS
from benchmarks.table import markdown, shown, yes_no
from orchestrator.model.shape import judge
from orchestrator.text.edit import rewrite
from orchestrator.text.merge import merge_files
from orchestrator.text.read import read

Document = dict[str, Any]
Sides = tuple[Document, Document, Document]
"""Base, ours and theirs."""
SETS = ("labels", "dependencies")
_ABSENT = object()
_HEADS = (
    "pairs of edits", "pairs", "conflicts, by field", "edits lost", "invalid files",
    "conflicts, git merge-file", "lost or invalid in its clean ones", "a merge, by field",
    "a merge, git merge-file", "must be", "holds",
)  # fmt: skip


class Kind(NamedTuple):
    """A way of making both sides of a pair.

    Attributes:
        name: Says what both sides do.
        pair: Makes both documents.
        may_conflict: Whether both sides may have said different things of one field.
    """

    name: str
    pair: Callable[[random.Random, Document], tuple[Document, Document]]
    may_conflict: bool = False


class Fate(NamedTuple):
    """What became of one pair.

    Attributes:
        conflicts: Whether somebody has to choose.
        lost: Edits of either side that a merge without conflict does not have.
        is_valid: Whether a merge without conflict can be read and is a right task.
        seconds: What merging took.
    """

    conflicts: bool
    lost: int
    is_valid: bool
    seconds: float


def merge_table(tasks: Sequence[Path], pairs: int) -> str:
    """Return the table of `pairs` merges of each kind, on tasks that are drawn from `tasks`."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            fates = list(_fates(kind, tasks, pairs, Path(folder)))
            rows.append(_cells(kind, [ours for ours, _ in fates], [git for _, git in fates]))
    return markdown(_HEADS, rows)


def _cells(kind: Kind, ours: list[Fate], git: list[Fate]) -> Sequence[str]:
    lost, invalid = sum(fate.lost for fate in ours), sum(not fate.is_valid for fate in ours)
    conflicts = sum(fate.conflicts for fate in ours)
    holds = not lost and not invalid and (kind.may_conflict or not conflicts)
    return (
        kind.name, f"{len(ours)}", _share(conflicts, ours), f"{lost}", f"{invalid}",
        _share(sum(fate.conflicts for fate in git), git),
        f"{sum(bool(fate.lost) or not fate.is_valid for fate in git)}",
        _middle(ours), _middle(git),
        "nothing lost or invalid" if kind.may_conflict else "0, nothing lost or invalid",
        yes_no(holds),
    )  # fmt: skip


def _share(count: int, of: Sequence[object]) -> str:
    return f"{count / len(of):.0%}" if count else "0"


def _middle(fates: list[Fate]) -> str:
    return shown(sorted(fate.seconds for fate in fates)[len(fates) // 2])


def _fates(
    kind: Kind, tasks: Sequence[Path], pairs: int, folder: Path
) -> Iterator[tuple[Fate, Fate]]:
    rng = random.Random(kind.name)
    made = 0
    while made < pairs:
        text = rng.choice(tasks).read_text("utf-8")
        base = _document(text)
        assert base is not None
        sides = kind.pair(rng, base)
        if base in sides:
            continue
        made += 1
        texts = [text, *(rewrite(text, side) for side in sides)]
        documents = (base, sides[0], sides[1])
        yield _by_field(texts, documents), _by_git(texts, documents, folder)


def _by_field(texts: Sequence[str], documents: Sides) -> Fate:
    base, ours, theirs = texts
    began = time.perf_counter()
    merged = merge_files("tasks", base, ours, theirs)
    seconds = time.perf_counter() - began
    if merged is None or merged.conflicts:
        return Fate(conflicts=True, lost=0, is_valid=True, seconds=seconds)
    return _judged(merged.text, documents, seconds)


def _by_git(texts: Sequence[str], documents: Sides, folder: Path) -> Fate:
    files = [folder / name for name in ("base", "ours", "theirs")]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, "utf-8")
    base, ours, theirs = files
    began = time.perf_counter()
    done = subprocess.run(
        ["git", "merge-file", "--stdout", "--quiet", ours, base, theirs],
        capture_output=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    assert done.returncode < 128, done.stderr
    if done.returncode:
        return Fate(conflicts=True, lost=0, is_valid=True, seconds=seconds)
    return _judged(done.stdout.decode(), documents, seconds)


def _judged(text: str, documents: Sides, seconds: float) -> Fate:
    merged = _document(text)
    if merged is None or judge("tasks", "x.yaml", merged, merged.get("id")).problems:
        return Fate(conflicts=False, lost=0, is_valid=False, seconds=seconds)
    return Fate(
        conflicts=False, lost=lost_edits(*documents, merged), is_valid=True, seconds=seconds
    )


def _document(text: str) -> Document | None:
    found = read("x.yaml", text.encode())
    return found if isinstance(found, dict) else None


def lost_edits(base: Document, ours: Document, theirs: Document, merged: Document) -> int:
    """Count the edits of either side that a merge without conflict does not have."""
    count = 0
    for key in dict.fromkeys((*base, *ours, *theirs, *merged)):
        was, mine, yours, got = (side.get(key, _ABSENT) for side in (base, ours, theirs, merged))
        if key in SETS:
            count += _lost_elements(*(_set_of(value) for value in (was, mine, yours, got)))
        elif key == "description":
            count += _lost_elements(*(_lines_of(value) for value in (was, mine, yours, got)))
        elif isinstance(mine, dict) and isinstance(yours, dict) and mine != yours:
            count += lost_edits(was if isinstance(was, dict) else {}, mine, yours, got)
        else:
            count += any(side not in (was, got) for side in (mine, yours))
            count += got not in (mine, yours)
    return count


def _lost_elements(was: set[str], mine: set[str], yours: set[str], got: set[str]) -> int:
    wanted = (mine & yours) | (mine - was) | (yours - was)
    return len(wanted ^ got)


def _set_of(value: Any) -> set[str]:
    return set() if value is _ABSENT else set(value)


def _lines_of(value: Any) -> set[str]:
    return set() if value is _ABSENT else set(value.splitlines())


def _disjoint(rng: random.Random, base: Document) -> tuple[Document, Document]:
    names = rng.sample(list(EDITS), rng.randint(2, 5))
    middle = rng.randint(1, len(names) - 1)
    return _edited(rng, base, names[:middle]), _edited(rng, base, names[middle:])


def _appended(rng: random.Random, base: Document) -> tuple[Document, Document]:
    name = rng.choice(SETS)
    held = list(base.get(name, ()))
    one, other = rng.sample(sorted(set(_elements(rng, base, name)) - set(held)), 2)
    return {**base, name: [*held, one]}, {**base, name: [*held, other]}


def _resized(rng: random.Random, base: Document) -> tuple[Document, Document]:
    name = rng.choice(SETS)
    return _edited(rng, base, [name]), _edited(rng, base, [name])


def _any(rng: random.Random, base: Document) -> tuple[Document, Document]:
    first, second = (rng.sample(list(EDITS), rng.randint(1, 3)) for _ in range(2))
    return _edited(rng, base, first), _edited(rng, base, second)


def _edited(rng: random.Random, base: Document, names: Sequence[str]) -> Document:
    target = dict(base)
    for name in names:
        value = EDITS[name](rng, base)
        if value is _ABSENT or value == []:
            target.pop(name, None)
        else:
            target[name] = value
    return target


def _elements(rng: random.Random, base: Document, name: str) -> list[str]:
    if name == "labels":
        return list(WORDS)
    key = base["id"].partition("-")[0]
    return [f"{key}-{rng.randrange(10**4, 10**5)}" for _ in range(8)]


def _other_set(name: str) -> Callable[[random.Random, Document], Any]:
    def edit(rng: random.Random, base: Document) -> list[str]:
        held = list(base.get(name, ()))
        if held and rng.random() < 0.4:
            held.remove(rng.choice(held))
            return held
        return [*held, rng.choice(sorted(set(_elements(rng, base, name)) - set(held)))]

    return edit


def _description(rng: random.Random, base: Document) -> str:
    lines = str(base.get("description", "")).splitlines()
    words = f"{' '.join(rng.choices(WORDS, k=8))} {rng.random()}."
    at = rng.randrange(len(lines) + 1)
    lines[at : at + rng.randint(0, 1)] = [words]
    return "\n".join([*lines, ""])


def _one_of(*values: object) -> Callable[[random.Random, Document], Any]:
    return lambda rng, _: rng.choice(values)


EDITS: Mapping[str, Callable[[random.Random, Document], Any]] = {
    "title": lambda rng, _: " ".join(rng.choices(WORDS, k=5)),
    "status": _one_of(*STATUSES),
    "priority": _one_of("low", "medium", "high", "urgent", _ABSENT),
    "assignee": _one_of(*PEOPLE, _ABSENT),
    "labels": _other_set("labels"),
    "dependencies": _other_set("dependencies"),
    "description": _description,
    "start_date": lambda rng, _: f"2026-{rng.randint(1, 12):02d}-01",
    "due_date": lambda rng, _: f"2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    "estimated_minutes": lambda rng, _: rng.randrange(15, 900, 15),
    "external_ids": lambda rng, base: {
        **base.get("external_ids", {}),
        rng.choice(["linear", "github", "gitlab"]): f"X-{rng.randrange(10**5)}",
    },
}
"""How each field is changed."""

KINDS = (
    Kind("of different fields", _disjoint),
    Kind("both append to one list", _appended),
    Kind("both add to or remove from one set", _resized),
    Kind("any fields", _any, may_conflict=True),
)
