"""Answers that were given before, kept on request: by the whole request and the commit."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.agent.catalog import TOOLS
from orchestrator.agent.kept import FOLDER, read_json, write_json
from orchestrator.agent.prompts import instructions
from orchestrator.agent.provider import Outcome, Request, Said, Tell, Usage
from orchestrator.agent.taint import Taint
from orchestrator.agent.tools import Draft
from orchestrator.store.lock import locked

MOST = 200
"""How many answers are kept; the one that was used the longest ago goes first."""
_STATS = "stats.json"


class CacheStats(NamedTuple):
    """What the cache holds and did.

    Attributes:
        answers: How many it holds.
        bytes: How large they are.
        hits: How often an answer was there.
        misses: How often it was not.
    """

    answers: int
    bytes: int
    hits: int
    misses: int


class Answers:
    """The answers of a workspace.

    Attributes:
        folder: Where they are.
        most: How many are kept.
    """

    def __init__(self, state_folder: Path, most: int = MOST) -> None:
        self.folder = state_folder / FOLDER / "answers"
        self.most = most

    def get(self, key: str) -> dict[str, Any] | None:
        """Return an answer, and count whether it was there."""
        path = self.folder / f"{key}.json"
        found = read_json(path)
        if found is not None:
            path.touch()
        self._count(is_hit=found is not None)
        return found

    def put(self, key: str, value: dict[str, Any]) -> None:
        """Keep an answer, and drop those that were not used for the longest time."""
        write_json(self.folder / f"{key}.json", value)
        for path in self._files()[: -self.most]:
            path.unlink(missing_ok=True)

    def stats(self) -> CacheStats:
        """Return what there is, and how often it was of use."""
        counts = read_json(self.folder / _STATS) or {}
        files = self._files()
        return CacheStats(
            len(files),
            sum(path.stat().st_size for path in files),
            int(counts.get("hits", 0)),
            int(counts.get("misses", 0)),
        )

    def clear(self) -> int:
        """Drop all answers and the counts; return how many answers there were."""
        files = self._files()
        for path in (*files, self.folder / _STATS):
            path.unlink(missing_ok=True)
        return len(files)

    def _files(self) -> list[Path]:
        found = [path for path in self.folder.glob("*.json") if path.name != _STATS]
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))

    def _count(self, *, is_hit: bool) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "stats.lock", "agent cache"):
            counts = read_json(self.folder / _STATS) or {}
            name = "hits" if is_hit else "misses"
            counts[name] = int(counts.get(name, 0)) + 1
            write_json(self.folder / _STATS, counts)


def key_of(request: Request, draft: Draft, models: Sequence[str]) -> str:
    """Return what an answer is kept by: all that it depends on.

    That is the request, what the models are told and may call, the models, the commit and the day.
    """
    told = {
        "request": {
            **dataclasses.asdict(request),
            "messages": request.messages.decode("utf-8", "replace") if request.messages else None,
        },
        "instructions": instructions(request, draft),
        "tools": {name: [tool.help, tool.schema] for name, tool in TOOLS.items()},
        "models": list(models),
        "commit": draft.base_commit,
        "day": draft.now.date().isoformat(),
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def remembered(
    answers: Answers, key: str, draft: Draft, do: Callable[[], Outcome], tell: Tell, taint: Taint
) -> tuple[Outcome, bool]:
    """Return an outcome, and whether it was known: then the draft becomes what it became then.

    What was read then counts as read now.

    Args:
        answers: Those that are kept.
        key: As `key_of` returns it.
        draft: Over the plan, with nothing done yet.
        do: Finds the answer that is not known.
        tell: Is told a known answer's text.
        taint: What is read that others wrote.
    """
    if (found := answers.get(key)) is not None:
        draft.adopt(found["ops"])
        taint.sources |= dict.fromkeys(found["read"])
        outcome = Outcome(
            found["text"], found["title"], tuple(found["questions"]), tuple(found["assumptions"]),
            Usage(), found["model"], (found["messages"] or "").encode() or None,
        )  # fmt: skip
        tell(Said(outcome.text))
        return outcome, True
    outcome = do()
    answers.put(
        key,
        {
            "text": outcome.text, "title": outcome.title, "questions": outcome.questions,
            "assumptions": outcome.assumptions, "model": outcome.model,
            "messages": outcome.messages.decode("utf-8", "replace") if outcome.messages else None,
            "ops": [dict(op) for op in draft.patch().ops], "read": list(taint.sources),
        },
    )  # fmt: skip
    return outcome, False
