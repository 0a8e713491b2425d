"""Changes in block style: lines of keys and items that come, go, and get another value."""

from collections.abc import Sequence as Seq
from typing import Any, NamedTuple

from orchestrator.text.align import align
from orchestrator.text.intent import same
from orchestrator.text.nodes import Mapping, Node, Scalar, Sequence, data
from orchestrator.text.render import Habits, Rendered, mapping_lines, sequence_lines, value_block
from orchestrator.text.restyle import reblocked, restyled
from orchestrator.text.splice import Draft
from orchestrator.text.splice_flow import flow_text


class Holder(NamedTuple):
    """What holds a value: a key, or the dash of an item.

    Attributes:
        anchor: Offset behind its `:` or `-`.
        column: Column of the key or the dash.
        key: The key; for an item, the key that holds the list.
        is_item: Whether it is a dash.
    """

    anchor: int
    column: int
    key: str
    is_item: bool


class _Child(NamedTuple):
    """A key with its value, or an item: where it begins and ends."""

    start: int
    end: int


def change(draft: Draft, node: Node, new: Any, holder: Holder, order: Seq[str] = ()) -> None:
    """Splice a new value, not equal to the old one, into the place of a node.

    What stands in canonical form is followed by canonical form: quotes and blocks that the old
    value needed are no style of the person's. So a value that is put back looks as it did.
    """
    if holder.column >= 0 and _is_canonical(draft, node, holder):
        replace(draft, node, new, holder)
    elif isinstance(node, Mapping) and isinstance(new, dict) and new and node.style == "block":
        _change_mapping(draft, node, new, holder, order)
    elif isinstance(node, Sequence) and isinstance(new, list) and new and node.style == "block":
        _change_sequence(draft, node, new, holder)
    elif _stays_in_brackets(node, new):
        draft.put(node.start, node.end, flow_text(draft.text, node, new, holder.key))
    elif isinstance(node, Scalar) and not isinstance(new, dict | list):
        _change_scalar(draft, node, new, holder)
    else:
        replace(draft, node, new, holder)


def _is_canonical(draft: Draft, node: Node, holder: Holder) -> bool:
    """Whether a value stands as it would be written anew, at the indentation of the file."""
    habits = draft.habits
    if holder.is_item:
        habits = habits._replace(gap=_gap(draft, holder))
    inline, below = value_block(
        data(node), holder.key, holder.column, habits, in_item=holder.is_item
    )
    if not below:
        # How far a value stands from its key is another matter.
        return draft.text[node.start : node.end] == inline and node.start < node.end
    lines = [f" {inline}" if inline else "", *below]
    return (
        draft.text[holder.anchor : node.end] == draft.newline.join(lines)
        # A comment below that is deeper than the key speaks of the last item.
        and draft.end_with_comments(node.end, holder.column) == node.end
    )


def _stays_in_brackets(node: Node, new: Any) -> bool:
    """Whether a value remains a flow collection; an empty one need not take in mappings."""
    if isinstance(node, Mapping) and node.style == "flow" and isinstance(new, dict):
        return not new or bool(node.entries) or not any(map(_is_long, new.values()))
    if isinstance(node, Sequence) and node.style == "flow" and isinstance(new, list):
        return not new or bool(node.items) or not any(map(_is_long, new))
    return False


def _is_long(value: Any) -> bool:
    return (isinstance(value, dict | list) and bool(value)) or (
        isinstance(value, str) and "\n" in value
    )


def _change_scalar(draft: Draft, node: Scalar, new: Any, holder: Holder) -> None:
    if isinstance(new, str) and node.style in ("literal", "folded") and draft.blocks:
        block = reblocked(node, draft.text, new, holder.column, draft.newline)
        if block is not None and not (_keeps(block) and not _keeps(draft.text[node.start :])):
            draft.put(node.start, node.end, block)
            return
    elif node.style != "empty" and node.style not in ("literal", "folded"):
        line = restyled(node, new, holder.key)
        if line is not None:
            draft.put(node.start, node.end, line)
            return
    replace(draft, node, new, holder)


def _keeps(block: str) -> bool:
    """Whether a block keeps the line breaks at its end, and so any blank line that follows."""
    return "+" in block.split("\n", 1)[0].split("#", 1)[0]


def replace(draft: Draft, node: Node, new: Any, holder: Holder) -> None:
    """Write a value anew, whatever stood in its place; the comment on the line of its key stays."""
    inline, below = _rendered(draft, node, new, holder)
    text = draft.text
    head_end = draft.end_of_line(holder.anchor)
    if node.start > head_end:
        # The old value began on a later line: all lines of it go, the key's own line stays.
        draft.put(holder.anchor, holder.anchor, f" {inline}" if inline else "")
        draft.put(head_end, draft.end_of_line(node.end), "")
        draft.put_lines_below(node.end, below)
        return
    if isinstance(node, Scalar) and node.style in ("literal", "folded"):
        # The comment behind the header is all of the old value that stays.
        header = text[node.start : draft.end_of_line(node.start)]
        mark = header.find(" #")
        if mark >= 0:
            inline = inline + header[mark:] if inline else header[mark + 1 :]
    if not inline:
        draft.put(holder.anchor, node.end, "")
    elif node.start == node.end:
        draft.put(holder.anchor, holder.anchor, f" {inline}")
    else:
        draft.put(node.start, node.end, inline)
    draft.put_lines_below(node.end, below)


def _rendered(draft: Draft, node: Node, new: Any, holder: Holder) -> Rendered:
    habits = draft.habits
    if holder.is_item:
        habits = habits._replace(gap=_gap(draft, holder))
    block = value_block(new, holder.key, holder.column, habits, in_item=holder.is_item)
    if block.inline.startswith("|") and "+" in block.inline and _blank_follows(draft, node.end):
        one_line = restyled(Scalar(0, 0, "double", ""), new, holder.key)
        return Rendered(one_line or block.inline, [])
    return block


def _blank_follows(draft: Draft, offset: int) -> bool:
    line = draft.scanned.line_at(offset) + 1
    if line >= len(draft.scanned.lines):
        return False
    start = draft.scanned.lines[line]
    return start < len(draft.text) and not draft.text[start : draft.end_of_line(start)].strip()


def _gap(draft: Draft, holder: Holder) -> int:
    """Spaces behind a dash, when its value is on the same line."""
    rest = draft.text[holder.anchor : draft.end_of_line(holder.anchor)]
    width = len(rest) - len(rest.lstrip(" "))
    return width if width and rest.strip() and not rest.lstrip().startswith("#") else 1


def _change_mapping(
    draft: Draft, node: Mapping, new: dict[str, Any], holder: Holder, order: Seq[str]
) -> None:
    kept = [index for index, entry in enumerate(node.entries) if entry.key.text in new]
    if not kept:
        _rewrite_children(draft, node, new, holder)
        return
    for entry in node.entries:
        name = entry.key.text
        if name in new and not same(data(entry.value), new[name]):
            inner = Holder(entry.colon + 1, node.column, name, is_item=False)
            change(draft, entry.value, new[name], inner)
    children = [
        _Child(entry.key.start, max(entry.value.end, entry.colon + 1)) for entry in node.entries
    ]
    _drop(draft, node, children, kept)
    names = [node.entries[index].key.text for index in kept]
    for anchor, group in _placed(names, new, order).items():
        lines = mapping_lines({key: new[key] for key in group}, node.column, draft.habits)
        if anchor is None:
            _insert_first(draft, node, children, kept, lines)
        else:
            end = children[kept[names.index(anchor)]].end
            draft.put_lines_below(draft.end_with_comments(end, node.column), lines)


def _placed(
    present: list[str], new: dict[str, Any], order: Seq[str]
) -> dict[str | None, list[str]]:
    """Each new key under the present key that it follows; None for those that come first."""
    known = set(present)
    canonical = dict.fromkeys(order or new)
    last = present[-1]
    # Without a present key to go by, a key of known place goes last as well.
    anchor = None if any(key in canonical for key in present) else last
    groups: dict[str | None, list[str]] = {}
    for key in canonical:
        if key in known:
            anchor = key
        elif key in new:
            groups.setdefault(anchor, []).append(key)
    for key in new:
        if key not in known and key not in canonical:
            groups.setdefault(last, []).append(key)
    return groups


def _change_sequence(draft: Draft, node: Sequence, new: list[Any], holder: Holder) -> None:
    old = data(node)
    pairs = align(old, new)
    kept = [pair.old for pair in pairs if pair.old is not None and pair.new is not None]
    if not kept:
        _rewrite_children(draft, node, new, holder)
        return
    for pair in pairs:
        if pair.old is not None and pair.new is not None:
            item = node.items[pair.old]
            if not same(old[pair.old], new[pair.new]):
                inner = Holder(item.dash + 1, node.column, holder.key, is_item=True)
                change(draft, item.value, new[pair.new], inner)
    children = [_Child(item.dash, max(item.value.end, item.dash + 1)) for item in node.items]
    _drop(draft, node, children, kept)
    habits = _item_habits(draft, node)
    anchor: int | None = None
    groups: dict[int | None, list[Any]] = {}
    for pair in pairs:
        if pair.new is None:
            continue
        if pair.old is None:
            groups.setdefault(anchor, []).append(new[pair.new])
        else:
            anchor = pair.old
    for index, values in groups.items():
        lines = sequence_lines(values, holder.key, node.column, habits)
        if index is None:
            _insert_first(draft, node, children, kept, lines)
        else:
            end = draft.end_with_comments(children[index].end, node.column)
            draft.put_lines_below(end, lines)


def _item_habits(draft: Draft, node: Sequence) -> Habits:
    first = Holder(node.items[0].dash + 1, node.column, "", is_item=True)
    return draft.habits._replace(gap=_gap(draft, first))


def _rewrite_children(draft: Draft, node: Mapping | Sequence, new: Any, holder: Holder) -> None:
    """Replace all that a collection holds, at the columns that it has."""
    if isinstance(node, Mapping):
        lines = mapping_lines(new, node.column, draft.habits)
    else:
        lines = sequence_lines(new, holder.key, node.column, _item_habits(draft, node))
    lines[0] = lines[0][node.column :]
    draft.put(node.start, node.end, draft.newline.join(lines))


def _drop(draft: Draft, node: Mapping | Sequence, children: list[_Child], kept: list[int]) -> None:
    """Delete the lines of the children that are not kept, and the comments that belong to them."""
    first_kept = kept[0]
    start = 0
    if first_kept and not draft.begins_line(children[0].start):
        # The first child shares its line with a dash; the first one kept moves up to it.
        last = children[first_kept - 1]
        if draft.comments_between(draft.end_of_line(last.end), children[first_kept].start):
            behind_dash = len(draft.text[: children[0].start].rstrip(" "))
            draft.put(behind_dash, draft.end_of_line(last.end), "")
        else:
            draft.put(children[0].start, children[first_kept].start, "")
        start = first_kept
    keeping = set(kept)
    for index in range(start, len(children)):
        if index not in keeping:
            child = children[index]
            at = draft.lead(child.start, node.column)
            if at <= draft.scanned.start:
                # Comments at the head of the file speak of the file.
                at = draft.line_start(child.start)
            # What is deeper stays, unless a block of text above would take it in.
            end = draft.end_of_deeper(child.end, node.column) if draft.coarse else child.end
            draft.drop_lines(at, end)


def _insert_first(
    draft: Draft,
    node: Mapping | Sequence,
    children: list[_Child],
    kept: list[int],
    lines: list[str],
) -> None:
    """Insert lines above the first child that is kept, and above the comments that belong to it."""
    first = children[kept[0]].start
    if kept[0] and not draft.begins_line(children[0].start):
        if not draft.comments_between(draft.end_of_line(children[kept[0] - 1].end), first):
            at, lead = first, ""
        else:
            at = draft.end_of_line(children[kept[0] - 1].end)
            draft.put(at, at, " " + draft.newline.join(lines).lstrip(" "))
            return
    elif not draft.begins_line(first):
        at, lead = first, ""
    else:
        line = draft.line_start(first)
        at = draft.lead(first, node.column)
        # Comments at the head of the file speak of the file.
        at = line if at <= draft.scanned.start else at
        at = max(at, int(draft.text.startswith("\ufeff")))
        lead = lines[0][: node.column]
    body = draft.newline.join(lines)[node.column :]
    draft.put(
        at, at, lead + body + draft.newline + ("" if lead or at != first else " " * node.column)
    )
