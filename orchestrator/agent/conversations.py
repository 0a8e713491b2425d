"""Conversations, one file each, in git's folder: what was said, to go on from later."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from orchestrator.agent.failures import AgentError
from orchestrator.agent.kept import FOLDER, read_json, write_json
from orchestrator.agent.provider import Turn
from orchestrator.model.suggest import did_you_mean

MOST = 200
_ID = re.compile(r"[a-z0-9]{6}")
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_TITLE = 80


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation.

    Attributes:
        id: Six letters and digits.
        began: When, as files hold moments.
        turns: What was said, oldest first.
        messages: The same in the form of language models; `""` when none took part.
        proposal: The proposal that its changes go to, or None before the first.
        is_tainted: Whether text was read in it that others wrote.
    """

    id: str
    began: str
    turns: tuple[Turn, ...] = ()
    messages: str = ""
    proposal: str | None = None
    is_tainted: bool = False

    @property
    def title(self) -> str:
        """How it begins."""
        return self.turns[0].text[:_TITLE] if self.turns else ""

    def said(self, *turns: Turn) -> "Conversation":
        """Return it with more turns."""
        return replace(self, turns=(*self.turns, *turns))


def new_conversation(now: datetime, choose: Callable[[str], str]) -> Conversation:
    """Return an empty conversation."""
    name = "".join(choose(_LETTERS) for _ in range(6))
    return Conversation(name, now.isoformat(timespec="seconds"))


def keep(state_folder: Path, conversation: Conversation) -> None:
    """Write a conversation; of too many the one that was used the longest ago goes."""
    folder = _folder(state_folder)
    write_json(folder / f"{conversation.id}.json", asdict(conversation))
    for path in _files(folder)[:-MOST]:
        path.unlink(missing_ok=True)


def conversations(state_folder: Path) -> list[Conversation]:
    """Return the conversations, the one that was used last first."""
    found = (_read(path) for path in reversed(_files(_folder(state_folder))))
    return [each for each in found if each is not None]


def conversation(state_folder: Path, name: str) -> Conversation:
    """Return the conversation of an id; `last` is the one that was used last.

    Raises:
        AgentError: There is none.
    """
    known = conversations(state_folder)
    if name == "last" and known:
        return known[0]
    for each in known:
        if each.id == name:
            return each
    raise AgentError(
        f"There is no conversation {name[:40]} .",
        did_you_mean(name, [each.id for each in known]) or "orchestrator agent chat begins one.",
    )


def _folder(state_folder: Path) -> Path:
    return state_folder / FOLDER / "conversations"


def _files(folder: Path) -> list[Path]:
    found = [path for path in folder.glob("*.json") if _ID.fullmatch(path.stem)]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _read(path: Path) -> Conversation | None:
    found = read_json(path)
    if found is None:
        return None
    try:
        turns = tuple(Turn(*turn) for turn in found.pop("turns", ()))
        return Conversation(**{**found, "turns": turns})
    except TypeError:
        return None
