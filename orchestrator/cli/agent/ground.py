"""What an agent's run stands on: the plan as committed, the policy, and a draft over it."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.agent.tools import Draft
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.patch.apply import Change
    from orchestrator.store.policy_gate import TargetPolicy
    from orchestrator.store.proposals.find import Target

_MOST_MOMENTS = 50


@dataclass(frozen=True)
class Ground:
    """The plan that an agent's run is about.

    Attributes:
        session: Where, and when.
        target: The branch that proposals are for.
        start: The commit that the plan is read from: the target's, or a proposal's own.
        snapshot: The plan in that commit.
        policy: The target's.
        agent: Whose run it is.
    """

    session: Session
    target: "Target"
    start: str
    snapshot: "Snapshot"
    policy: "TargetPolicy"
    agent: str

    def draft(self, *, may_ask: bool, choices: str | None = None) -> "Draft":
        """Return a draft over the plan; a deletion is asked of the person at the terminal.

        Args:
            may_ask: Whether there is one.
            choices: What the ids of new tasks are drawn from, for drafts that can be repeated;
                None draws them at random.
        """
        import random

        from orchestrator.agent.tools import Draft

        drawn = self.session.choose if choices is None else random.Random(choices).choice  # noqa: S311
        return Draft(
            self.snapshot, self.session.now, drawn, base_commit=self.start,
            history=self._history, gate=self._gate, confirm=_confirm if may_ask else None,
            me=self.session.me(self.snapshot),
        )  # fmt: skip

    def _gate(self, changes: "Sequence[Change]") -> None:
        from orchestrator.store.policy_gate import refuse_by_policy

        refuse_by_policy(self.policy, f"agent:{self.agent}", changes, f"agent/{self.agent}/draft")

    def _history(self, entity_id: str) -> list[Mapping[str, Any]]:
        from orchestrator.cli.chronicle import chronicle_of, words

        if entity_id not in self.session.workspace.snapshot().tasks:
            entity_id = f"projects/{entity_id}"
        found = chronicle_of(self.session, entity_id).moments[:_MOST_MOMENTS]
        return [
            {
                "at": moment.commit.at.isoformat() if moment.commit else "not committed",
                "by": moment.commit.agent or moment.commit.author if moment.commit else None,
                "changes": words(moment)[:20],
            }
            for moment in found
        ]


def ground_of(session: Session, agent: str, start: str | None = None) -> Ground:
    """Return what a run stands on; `start` is a proposal's commit when it goes on there."""
    from orchestrator.store.git import Oid
    from orchestrator.store.index.plan import read_commit
    from orchestrator.store.policy_gate import policy_at
    from orchestrator.store.proposals.find import target_of

    repository = session.workspace.required_repository
    target = target_of(repository, None)
    commit = Oid(start) if start else target.tip
    snapshot = read_commit(session.workspace, commit)
    return Ground(session, target, commit, snapshot, policy_at(repository, target.tip), agent)


def is_attended(session: Session) -> bool:
    """Return whether a person is there to answer questions."""
    return session.is_terminal and sys.stdin.isatty()


def _confirm(question: str) -> bool:
    import click

    from orchestrator.cli.escape import printable

    return click.confirm(printable(question), default=False, err=True)
