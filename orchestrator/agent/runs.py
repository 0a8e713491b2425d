"""The runs of agents in this clone: what was asked, who answered, what it took, what came of it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestrator.agent.kept import FOLDER, write_text
from orchestrator.agent.provider import Usage
from orchestrator.store.lock import locked

MOST = 1_000
_FILE = "runs.jsonl"


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        id: Of the run.
        at: When it began, as files hold moments.
        command: plan, chat or run.
        asked: What was asked, its beginning.
        model: `provider:model` that answered last, or None when none did.
        result: What came of it: proposed, applied, nothing, answered, asked, dry-run, or why not.
        proposal: The proposal, or None.
        commit: The commit that the plan was read from, or None.
        requests: Requests to models.
        input_tokens: As the providers count them.
        output_tokens: Likewise.
        dollars: What it cost, as a decimal number; None where no price is known.
        seconds: How long it took.
        is_tainted: Whether it read text that others wrote.
        is_cached: Whether the answer was known already.
    """

    id: str
    at: str
    command: str
    asked: str
    model: str | None
    result: str
    proposal: str | None = None
    commit: str | None = None
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    dollars: str | None = None
    seconds: float = 0.0
    is_tainted: bool = False
    is_cached: bool = False


def record(state_folder: Path, run: Run) -> None:
    """Keep a run; of too many the oldest go."""
    path = state_folder / FOLDER / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_suffix(".lock"), "agent runs"):
        lines = [*_lines(path), json.dumps(asdict(run), ensure_ascii=False)]
        write_text(path, "\n".join(lines[-MOST:]) + "\n")


def runs(state_folder: Path) -> list[Run]:
    """Return the runs, the newest first; lines that are none are left out."""
    found = []
    for line in reversed(_lines(state_folder / FOLDER / _FILE)):
        try:
            value = json.loads(line)
            found.append(Run(**value))
        except (ValueError, TypeError, RecursionError):
            continue
    return found


def trailers(usage: Usage, run_id: str, tainted: str | None) -> tuple[str, ...]:
    """Return the trailers that tell in a commit what a run took, and what it read."""
    said = [
        f"Orchestrator-Run: {run_id}",
        f"Orchestrator-Tokens: {usage.input_tokens} in, {usage.output_tokens} out",
    ]
    if usage.cost is not None:
        said.append(f"Orchestrator-Spend: {usage.cost:.4f} USD")
    if tainted:
        said.append(f"Orchestrator-Tainted: {tainted}")
    return tuple(said)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
