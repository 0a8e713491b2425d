"""Who may push what: people, refs, signatures, and whose policy a commit is held against."""

from collections.abc import Iterable, Iterator

from orchestrator.model.shape import Document
from orchestrator.patch.policy import is_own_branch
from orchestrator.store.git import Git
from orchestrator.store.hooks.receive.agents import Refused
from orchestrator.store.hooks.receive.arrivals import NewCommit, RefUpdate, is_ancestor
from orchestrator.store.hooks.receive.push import Push
from orchestrator.store.hooks.receive.pusher import Pusher, names_of


def refused_person(push: Push, pusher: Pusher) -> Iterator[Refused]:
    """Yield why somebody may push nothing at all."""
    if pusher.user is None:
        keys = {value for update in push.updates for value in push.said(update, "unknown_pushers")}
        if "refuse" in keys:
            who = f"{pusher.name} is in no user file" if pusher.name else "Nobody says who you are"
            yield Refused(f"{who}, and the policy takes pushes of users alone.")
    elif not pusher.is_active:
        yield Refused(f"{pusher.user} is not active any more, and pushes nothing.")
    elif pusher.role == "viewer":
        yield Refused(f"{pusher.user} is a viewer, and pushes nothing.")


def refused_refs(push: Push, pusher: Pusher) -> Iterator[Refused]:
    """Yield the refs that somebody may not change: an agent has branches of its own alone."""
    for update in push.updates:
        if pusher.is_agent and pusher.user:
            yield from _refused_agents_ref(push, pusher.user, update)
        elif update.branch and update.old and _is_protected(push, update):
            verb = _rewriting(push.git, update)
            if verb:
                yield Refused(f"{update.branch} is protected: nobody may {verb} it.", None,
                              update.name)  # fmt: skip


def _refused_agents_ref(push: Push, agent: str, update: RefUpdate) -> Iterator[Refused]:
    if not is_own_branch(agent, update.branch or ""):
        why = f"Agent {agent} may not push to {update.name} : its branches are agent/{agent}/… ."
        yield Refused(why, ref=update.name)
    elif update.old and (verb := _rewriting(push.git, update)):
        yield Refused(f"Agent {agent} may not {verb} a branch.", ref=update.name)


def _rewriting(git: Git, update: RefUpdate) -> str | None:
    """Return what an update does to commits that are there, or None when it keeps them."""
    if update.new is None:
        return "delete"
    is_kept = update.old is None or is_ancestor(git, update.old, update.new)
    return None if is_kept else "rewrite"


def _is_protected(push: Push, update: RefUpdate) -> bool:
    named = push.said(update, "protected")
    patterns = [str(item) for value in named if isinstance(value, list) for item in value]
    if not named:
        return update.name == push.main
    branch = update.branch or ""
    return any(
        branch.startswith(pattern[:-1]) if pattern.endswith("/*") else branch == pattern
        for pattern in patterns
    )


def refused_signatures(commits: Iterable[NewCommit], pusher: Pusher) -> Iterator[Refused]:
    """Yield the commits without a good signature of their committer, and of no other."""
    for commit in commits:
        committer, signer = commit.emails[0].casefold(), commit.signer.casefold()
        if commit.grade != "G":
            why = (
                "There is no good signature on the commit, and the policy asks for one "
                f"(git says {commit.grade}; the key must be in the server's allowed signers)."
            )
        elif signer != committer:
            why = f"The commit is signed by {commit.signer} , and its committer is {committer} ."
        elif pusher.is_agent and pusher.email and signer != pusher.email:
            why = f"The commit is signed by {commit.signer} , and {pusher.user} pushes it."
        else:
            continue
        yield Refused(why, commit.oid)


def held_commits(
    commits: Iterable[NewCommit],
    pusher: Pusher,
    users: Iterable[tuple[str, Document]],
) -> Iterator[tuple[NewCommit, str]]:
    """Yield the commits that are held against an agent's policy.

    Those of an agent who pushes, whatever they say. Where nobody knows who pushes, a commit that
    says it is an agent's: its text cannot give rights, but it can do without.
    """
    if pusher.is_agent and pusher.user:
        yield from ((commit, pusher.user) for commit in commits)
    elif pusher.user is None:
        agents = {
            name: user_id
            for user_id, user in users
            if user.get("kind") == "agent" or user.get("role") == "agent"
            for name in names_of(user_id, user)
        }
        for commit in commits:
            names = (*commit.agents, *commit.emails, commit.signer)
            found = [agents[name.casefold()] for name in names if name.casefold() in agents]
            if found or commit.agents:
                yield commit, (found or list(commit.agents))[0]
