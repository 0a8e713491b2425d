"""The surgical edit: a text that says something new, changed at as few places as that takes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestrator.model.problem import Problem
from orchestrator.text.intent import EditError, checked, same
from orchestrator.text.nodes import Mapping as MappingNode
from orchestrator.text.nodes import Scan, data
from orchestrator.text.read import read
from orchestrator.text.scan import scan
from orchestrator.text.splice import Draft
from orchestrator.text.splice_block import Holder, change, replace
from orchestrator.text.splice_flow import flow_text


def rewrite(text: str, new: Mapping[str, Any], order: Sequence[str] = ()) -> str:
    """The text with no more changed than it takes to make it say `new`.

    Comments, quoting, indentation, the order of keys, line ends, a BOM and everything else stay as
    they are. The result has been read back and says exactly `new`.

    Args:
        text: The text of one file, which may have CRLF line ends or a BOM.
        new: What it shall say; JSON values only.
        order: Canonical order of the root's keys, which decides where a new key goes.

    Raises:
        EditError: The text cannot be read, or `new` cannot be written into it.
    """
    intent: dict[str, Any] = checked(new)
    scanned = scan(text)
    root = readable_root(scanned)
    if same(data(root), intent):
        return text
    refused: list[str] = []
    for result in _attempts(scanned, root, intent, order):
        if _says(result, intent, text):
            return result
        refused.append(result)
    raise _refusal(refused)


def _attempts(
    scanned: Scan, root: MappingNode, intent: dict[str, Any], order: Sequence[str]
) -> Iterator[str]:
    """Texts to try; the finest edit first, then what costs more of the old text or looks worse."""
    text = scanned.text
    for coarse in (False, True):
        results: list[str] = []
        for blocks in (True, False):
            draft = Draft(scanned, blocks=blocks, coarse=coarse)
            _change_root(draft, root, intent, order)
            result = draft.apply()
            results.append(result + draft.newline)
            yield _without_added_break(text, result)
        if not text.endswith(("\n", "\r")):
            # The break at the end is part of a block that keeps its breaks (`|+`).
            yield from results


def _refusal(refused: list[str]) -> EditError:
    """Why none of the texts that were tried will do."""
    for text in refused:
        found = _read(text)
        for problem in found if isinstance(found, list) else []:
            if problem.code == "ORC005":
                reason = problem.message[0].lower() + problem.message[1:]
                return EditError(
                    f"With this change the file could not be read: {reason}", problem.hint
                )
    return EditError(
        "The change cannot be written into this file.", "Run `orchestrator fmt` on it first."
    )


def readable_root(scanned: Scan) -> MappingNode:
    """The root of a text that can be changed; EditError for one that cannot be read."""
    fault = next((fault for fault in scanned.faults if fault.code != "ORC004"), None)
    if fault is not None:
        line, column = scanned.position(fault.offset)
        raise EditError(f"Line {line}, column {column}: {fault.message}", fault.hint)
    if not isinstance(scanned.root, MappingNode):
        raise EditError("The file holds no mapping.", "Write `key: value` lines.")
    return scanned.root


def _change_root(
    draft: Draft, root: MappingNode, intent: dict[str, Any], order: Sequence[str]
) -> None:
    if root.style != "block":
        draft.put(root.start, root.end, flow_text(draft.text, root, intent, ""))
        return
    if not intent:
        draft.put(root.start, root.end, "{}")
        return
    if draft.coarse:
        intent = _rewrite_changed(draft, root, intent)
    change(draft, root, intent, Holder(root.start, -1, "", is_item=False), order)


def _rewrite_changed(draft: Draft, root: MappingNode, intent: dict[str, Any]) -> dict[str, Any]:
    """Write the changed values of the root anew; returns the intent with those as they were."""
    rest = dict(intent)
    for entry in root.entries:
        name = entry.key.text
        old = data(entry.value)
        if name in intent and not same(old, intent[name]):
            replace(
                draft,
                entry.value,
                intent[name],
                Holder(entry.colon + 1, root.column, name, is_item=False),
            )
            rest[name] = old
    return rest


def _without_added_break(before: str, after: str) -> str:
    """A file that had no line break at its end gets none."""
    if before.endswith(("\n", "\r")) or not after.endswith(("\n", "\r")):
        return after
    return after[:-2] if after.endswith("\r\n") else after[:-1]


def _says(text: str, intent: dict[str, Any], before: str) -> bool:
    """Whether a text says what is meant, to the scanner and to the reader of files."""
    scanned = scan(text)
    if scanned.root is None or any(fault.code != "ORC004" for fault in scanned.faults):
        return False
    if not same(data(scanned.root), intent):
        return False
    doc = _read(text)
    if isinstance(doc, dict):
        return same(doc, intent)
    # Both may be refused for a control character, which is not this edit's business.
    return not isinstance(_read(before), dict)


def _read(text: str) -> dict[str, Any] | list[Problem]:
    """What the reader makes of a text once line ends and a BOM, which it refuses, are mended."""
    mended = text.removeprefix("\ufeff")
    if "\r" in mended:
        mended = mended.replace("\r\n", "\n").replace("\r", "\n")
    return read("", mended.encode())
