"""The briefs in a folder, and the conversations that were kept of some."""

import json
from collections.abc import Sequence
from pathlib import Path

from orchestrator.agent.evaluation.brief import Brief, BriefError, read_brief
from orchestrator.agent.evaluation.recorded import Round, read_recording, recording
from orchestrator.model.suggest import did_you_mean

_MOST = 1_000_000
RECORDED = "recorded"
"""The folder beside the briefs, and the name of the provider that plays it."""


def briefs_in(folder: Path, names: Sequence[str] = ()) -> list[Brief]:
    """Return the briefs of a folder by name, or those that are named.

    Raises:
        BriefError: There is none, or a file of one cannot be used.
    """
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if not known:
        raise BriefError(folder.name, "the folder has none")
    for name in names:
        if name not in known:
            error = BriefError(name[:60], "there is none of this name")
            error.hint = did_you_mean(name, known) or f"There are {', '.join(known)} ."
            raise error
    return [_brief(folder, name) for name in names or known]


def recordings_in(folder: Path) -> dict[str, tuple[Round, ...]]:
    """Return the rounds of each recorded conversation of a folder of briefs, by brief."""
    found = sorted((folder / RECORDED).glob("*.json"))
    return {path.stem: read_recording(path.stem, _bytes(path)) for path in found}


def keep(folder: Path, name: str, rounds: list[Round]) -> None:
    """Write a conversation where `recordings_in` finds it.

    Raises:
        BriefError: The file cannot be written.
    """
    text = json.dumps(recording(rounds), indent=2, ensure_ascii=False, default=str)
    try:
        (folder / RECORDED).mkdir(exist_ok=True)
        (folder / RECORDED / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BriefError(name, f"its conversation cannot be kept: {reason}") from error


def _brief(folder: Path, name: str) -> Brief:
    data = _bytes(folder / f"{name}.md")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise BriefError(name, "its text is not UTF-8") from None
    return read_brief(name, text, _bytes(folder / f"{name}.yaml"))


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BriefError(path.stem, f"{path.name} cannot be read: {reason}") from error
    if len(data) > _MOST:
        raise BriefError(path.stem, f"{path.name} has more than {_MOST:,} bytes")
    return data
