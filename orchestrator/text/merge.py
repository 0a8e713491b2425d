"""Three-way merge of files, key by key: what one side changed is taken byte for byte."""

import re
from typing import Any, NamedTuple

from orchestrator.model.fields import FIELDS
from orchestrator.model.places import Kind
from orchestrator.model.pointer import join, split
from orchestrator.patch.merge import ABSENT, Conflict, merge_values, rule_of
from orchestrator.patch.step import same
from orchestrator.text.blocks import Block, Blocks, cut
from orchestrator.text.edit import rewrite
from orchestrator.text.intent import EditError
from orchestrator.text.read import read

_BOM = "\ufeff"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class MergedText(NamedTuple):
    """What merging a file makes.

    Attributes:
        text: The result; where there is a conflict, with markers around that key alone.
        conflicts: What nobody has chosen.
    """

    text: str
    conflicts: tuple[Conflict, ...] = ()


class Labels(NamedTuple):
    """What stands at the markers of a conflict.

    Attributes:
        ours: Our side's name.
        theirs: The other side's name.
        size: How many characters a marker has.
    """

    ours: str = "ours"
    theirs: str = "theirs"
    size: int = 7


def merge_files(
    kind: Kind,
    base: str,
    ours: str,
    theirs: str,
    labels: Labels = Labels(),  # noqa: B008 - a value
) -> MergedText | None:
    """Return a file with the changes of both sides, or None when it must be merged by line.

    Args:
        kind: What the file describes.
        base: What both sides started from; `""` when both made it.
        ours: Our side.
        theirs: The other side.
        labels: For the markers of conflicts.
    """
    if ours in (base, theirs):
        return MergedText(theirs)
    if base == theirs:
        return MergedText(ours)
    forms = tuple(map(_form_of, (base, ours, theirs)))
    sides = tuple(_side(text) for text in (base, ours, theirs))
    if any(side is None for side in sides):
        return None
    was, mine, yours = (side for side in sides if side is not None)
    try:
        merged, conflicts = _merge(kind, was, mine, yours)
    except EditError:
        return None
    for key in {split(conflict.pointer)[0] for conflict in conflicts}:
        body = _marked(key, mine.blocks, yours.blocks, labels)
        merged.members[key] = Block(merged.members[key].lead, body)
    form = forms[1] if forms[0] == forms[2] or not base else forms[2]
    return MergedText(_in_form(merged.text, form), conflicts)


class _Form(NamedTuple):
    """How a file's bytes are put, apart from what it says."""

    has_bom: bool
    has_crlf: bool
    ends_with_break: bool


class _Side(NamedTuple):
    """One of the three files: its pieces, and what it says."""

    blocks: Blocks
    document: dict[str, Any]


def _form_of(text: str) -> _Form:
    return _Form(text.startswith(_BOM), "\r\n" in text, text.endswith("\n"))


def _in_form(text: str, form: _Form) -> str:
    if not form.ends_with_break:
        text = text.removesuffix("\n")
    if form.has_crlf:
        text = text.replace("\n", "\r\n")
    return f"{_BOM}{text}" if form.has_bom else text


def _side(text: str) -> _Side | None:
    plain = text.removeprefix(_BOM).replace("\r\n", "\n")
    if plain and not plain.endswith("\n"):
        plain += "\n"
    blocks = cut(plain)
    document = read("", plain.encode("utf-8", "surrogatepass")) if plain.strip() else {}
    if blocks is None or not isinstance(document, dict):
        return None
    # Names of keys are texts here; a key that is `1:` or `null:` is merged by line.
    return _Side(blocks, document) if list(blocks.members) == list(document) else None


def _merge(
    kind: Kind, base: _Side, ours: _Side, theirs: _Side
) -> tuple[Blocks, tuple[Conflict, ...]]:
    pieces: dict[str, Block] = {}
    wanted: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    orphaned = ""
    for key in _order(*(list(side.document) for side in (base, ours, theirs))):
        was, mine, yours = (side.blocks.members.get(key) for side in (base, ours, theirs))
        values = [side.document.get(key, ABSENT) for side in (base, ours, theirs)]
        merged = merge_values(rule_of(kind, key, *values), join([key]), *values)
        conflicts += merged.conflicts
        lead = orphaned + _lead(*(block.lead if block else "" for block in (was, mine, yours)))
        if merged.value is ABSENT and not merged.conflicts:
            # The key goes; a comment that somebody has just written does not.
            orphaned = orphaned + _added(was.lead if was else "", mine, yours)
            continue
        orphaned = ""
        body = _body(was, mine, yours, values)
        pieces[key] = Block(lead, body)
        wanted[key] = values[2] if merged.value is ABSENT else merged.value
    head, tail = (
        _lead(*(getattr(side.blocks, part) for side in (base, ours, theirs)))
        for part in ("head", "tail")
    )
    text = rewrite(Blocks(head, pieces, orphaned + tail).text, wanted, FIELDS[kind])
    again = cut(text)
    if again is None or list(again.members) != list(pieces):
        raise EditError("The merged file cannot be cut again.")
    return again, tuple(conflicts)


def _body(was: Block | None, mine: Block | None, yours: Block | None, values: list[Any]) -> str:
    """Choose the lines of a key; where they say something else than is wanted, they are edited.

    Of two sides that both changed these lines, one may have changed how they look and the other
    what they say: the looks are the first one's.
    """
    texts = [block.body if block else None for block in (was, mine, yours)]
    before, ours, theirs = texts
    chosen = theirs if ours is None or (ours == before and theirs is not None) else ours
    if ours is not None and theirs is not None and before not in (ours, theirs):
        only_looks = same(values[0], values[2]) and not same(values[0], values[1])
        chosen = theirs if only_looks else ours
    assert chosen is not None  # noqa: S101 - one side has the key, or it is gone
    return chosen


def _lead(base: str, ours: str, theirs: str) -> str:
    """Merge comments: what one side changed; of both, ours and then what is new in theirs."""
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    known = {*base.splitlines(), *ours.splitlines()}
    return ours + "".join(line for line in _lines(theirs) if line.rstrip() not in known)


def _added(base: str, *sides: Block | None) -> str:
    known = set(base.splitlines())
    lines = dict.fromkeys(line for side in sides if side for line in _lines(side.lead))
    return "".join(line for line in lines if line.strip() and line.rstrip() not in known)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _order(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """Order the keys as the side that moved some, else as ours; what is new goes where it was."""
    first, second = (
        (theirs, ours) if _moved(base, theirs) and not _moved(base, ours) else (ours, theirs)
    )
    result = list(first)
    for at, key in enumerate(second):
        if key not in result:
            before = next((name for name in reversed(second[:at]) if name in result), None)
            result.insert(0 if before is None else result.index(before) + 1, key)
    return result


def _moved(base: list[str], side: list[str]) -> bool:
    return [key for key in base if key in side] != [key for key in side if key in base]


def _marked(key: str, ours: Blocks, theirs: Blocks, labels: Labels) -> str:
    mine, yours = (side.members[key].body if key in side.members else "" for side in (ours, theirs))
    return "".join(
        (
            _mark("<", labels.ours, labels.size), mine,
            _mark("=", "", labels.size), yours,
            _mark(">", labels.theirs, labels.size),
        )
    )  # fmt: skip


def _mark(sign: str, name: str, size: int) -> str:
    plain = _CONTROL.sub("", name)[:100]
    return f"{sign * size} {plain}".rstrip() + "\n"
