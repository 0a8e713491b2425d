"""Plans of commits, each read once: who proposes asks for the same one again and again."""

from dataclasses import dataclass, field

from orchestrator.model.snapshot import Snapshot
from orchestrator.store.git import Oid
from orchestrator.store.load import load
from orchestrator.store.repository import Repository
from orchestrator.store.trees import commit_tree

_MOST = 2  # the target's, and that of a proposal which is added to


@dataclass
class CommittedPlans:
    """The plans of the commits that were asked for last."""

    _known: dict[tuple[str, Oid], Snapshot] = field(default_factory=dict)

    def at(self, repository: Repository, commit: Oid) -> Snapshot:
        """Return the plan in a commit, which never becomes another one."""
        key = repository.prefix, commit
        found = self._known.pop(key, None)
        if found is None:
            found = load(commit_tree(repository.git, repository.prefix, commit)).snapshot
        self._known[key] = found
        while len(self._known) > _MOST:
            del self._known[next(iter(self._known))]
        return found
