"""Three-way merge of commits: the plan entity by entity and field by field, the rest by git.

Git's text merge never sees a file of the plan, its rename detection neither: an entity is followed
by its id, wherever its file has moved to.
"""

from collections.abc import Sequence
from typing import NamedTuple

from orchestrator.patch.merge import Conflict
from orchestrator.store.git import GitFailedError, Oid
from orchestrator.store.proposals.delta import Delta, Entity, Version, place_in, plan_delta
from orchestrator.store.proposals.find import ProposalError
from orchestrator.store.proposals.join import Joined, Sides, join_entity
from orchestrator.store.proposals.renames import renamed
from orchestrator.store.proposals.tree import Entry, write_tree
from orchestrator.store.repository import Repository


class Clash(NamedTuple):
    """A field that both sides changed, and nobody has chosen.

    Attributes:
        entity: Kind and id.
        path: The file, relative to the workspace.
        conflict: The field, and what it was and is on both sides; the whole file where its
            pointer is `""`.
    """

    entity: Entity
    path: str
    conflict: Conflict


class MergedCommits(NamedTuple):
    """What merging two commits gives.

    Attributes:
        base: What both sides started from.
        ours: Our side.
        theirs: The other side.
        tree: The result; None when there are clashes.
        clashes: What nobody has chosen, in the plan.
        files: Files outside the plan that git cannot merge.
        said: What was settled by a rule that a reader should know of.
    """

    base: Oid
    ours: Oid
    theirs: Oid
    tree: Oid | None
    clashes: tuple[Clash, ...] = ()
    files: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


class MergeClashError(ProposalError):
    """Both sides changed the same, each in its own way; nothing was written.

    Attributes:
        clashes: Fields of the plan.
        files: Files outside the plan.
    """

    def __init__(self, what: str, merged: MergedCommits, words: Sequence[str], hint: str) -> None:
        count = len(words)
        listed = "".join(f"\n  {word}" for word in words[:20])
        more = f"\n  … and {count - 20} more" if count > 20 else ""  # noqa: PLR2004
        noun = "conflict" if count == 1 else "conflicts"
        super().__init__(f"{what}: {count} {noun}; nothing was written.{listed}{more}", hint)
        self.clashes = merged.clashes
        self.files = merged.files


def merge_commits(repository: Repository, ours: Oid, theirs: Oid) -> MergedCommits:
    """Merge two commits without a work tree.

    Where one side changed an entity, that side holds. Where both did, fields are merged by their
    rules; an edit beats a deletion; a move and an edit both hold. Of several merge bases, as after
    a criss-cross, git's first is taken.

    Returns:
        The tree, or what clashes; objects may have been written, and no ref.

    Raises:
        ProposalError: The commits have no common ancestor.
    """
    base = merge_base(repository, ours, theirs)
    if base in (ours, theirs):
        tree = repository.git.run("rev-parse", f"{theirs if base == ours else ours}^{{tree}}")
        return MergedCommits(base, ours, theirs, Oid(tree.decode().strip()))
    mine, yours = (plan_delta(repository, base, side) for side in (ours, theirs))
    start, unmerged = _merge_the_rest(repository, ours, theirs)
    joined = [*_joined(repository, mine, yours)]
    clashes = tuple(
        Clash(item.entity, item.path, conflict) for item in joined for conflict in item.conflicts
    )
    said = tuple(dict.fromkeys(word for item in joined for word in item.said))
    known = {f"{repository.prefix}{path}" for path in (*mine, *yours)}
    files = tuple(sorted({path for path in unmerged if path not in known}))
    if clashes or files:
        return MergedCommits(base, ours, theirs, None, clashes, files, said)
    entries = _entries(repository.prefix, mine, yours, joined)
    return MergedCommits(base, ours, theirs, write_tree(repository, start, entries), said=said)


def merge_base(repository: Repository, ours: Oid, theirs: Oid) -> Oid:
    """Return what two commits have in common; of several, git's first.

    Raises:
        ProposalError: They have nothing in common.
    """
    code, out, _ = repository.git.finish("merge-base", ours, theirs)
    if code:
        raise ProposalError(
            f"{ours[:12]} and {theirs[:12]} have no common ancestor.",
            "In a shallow clone, git fetch --unshallow brings the history.",
        )
    return Oid(out.decode().split()[0])


def _merge_the_rest(repository: Repository, ours: Oid, theirs: Oid) -> tuple[Oid, list[str]]:
    """Have git merge everything; return its tree, and the paths that it could not merge.

    What it makes of the plan's files is thrown away, so no driver is started for them, and it
    looks for no renames, which might mix up files of the plan with others.
    """
    code, out, said = repository.git.finish(
        "-c", "merge.orchestrator.driver=true", "-c", "merge.renames=false",
        "merge-tree", "--write-tree", "-z", "--no-messages", ours, theirs,
    )  # fmt: skip
    if code not in (0, 1):
        raise GitFailedError(("merge-tree",), said, code)
    tree, *records = out.decode("utf-8", "surrogateescape").split("\0")
    return Oid(tree), [record.partition("\t")[2] for record in records if "\t" in record]


def _joined(repository: Repository, mine: Delta, yours: Delta) -> list[Joined]:
    """Merge the entities that both sides changed."""
    renames = renamed(repository, mine, yours)
    found: list[Joined] = []
    settled: set[Entity] = set()
    for rename in renames:
        found.append(join_entity(repository, rename.new, rename.sides))
        settled |= {rename.old, *rename.also}
    places: dict[Entity, list[str]] = {}
    for path in {**mine, **yours}:
        entity = place_in(path)
        if entity is not None:
            places.setdefault(entity, []).append(path)
    for entity, paths in places.items():
        is_shared = any(path in mine for path in paths) and any(path in yours for path in paths)
        if entity not in settled and is_shared:
            found.append(join_entity(repository, entity, Sides.of(paths, mine, yours)))
    return found


def _entries(prefix: str, mine: Delta, yours: Delta, joined: Sequence[Joined]) -> list[Entry]:
    """Return what each file of the plan that somebody changed is to be; None to remove it."""
    wanted: dict[str, Version | bytes | None] = {}
    for delta in (mine, yours):
        wanted |= {path: after for path, (_, after) in delta.items()}
    for item in joined:
        wanted |= dict.fromkeys(item.paths)
    for item in joined:
        wanted |= item.files
    return [Entry(f"{prefix}{path}", content) for path, content in wanted.items()]
