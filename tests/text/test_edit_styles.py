"""Edits of hand-written files: the data is as meant, and other lines are untouched."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from orchestrator.model.fields import FIELDS
from orchestrator.text.edit import rewrite
from orchestrator.text.intent import same
from orchestrator.text.nodes import Mapping, data
from orchestrator.text.scan import scan
from orchestrator.text.splice import Draft

ORDER = ("id", "title", "status", "labels", "dependencies", "description", "metadata")


def said(text: str) -> Any:
    scanned = scan(text)
    assert [fault for fault in scanned.faults if fault.code != "ORC004"] == []
    assert scanned.root is not None
    return data(scanned.root)


def changed_lines(before: str, after: str) -> tuple[int, int]:
    """0-based numbers of the first line in `before` that changed, and of one behind the last."""
    old = before.removeprefix("\ufeff").splitlines()
    new = after.removeprefix("\ufeff").splitlines()
    head = 0
    limit = min(len(old), len(new))
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, len(old) - tail


def assert_only_touches(before: str, after: str, key: str) -> None:
    """All changes lie in the lines of one top-level key, its comments included."""
    scanned = scan(before)
    assert isinstance(scanned.root, Mapping)
    if scanned.root.style == "flow":
        return
    draft = Draft(scanned)
    entry = next(entry for entry in scanned.root.entries if entry.key.text == key)
    first = scanned.line_at(draft.lead(entry.key.start, scanned.root.column))
    last = scanned.line_at(max(entry.value.end, entry.key.start))
    start, end = changed_lines(before, after)
    # Of blank lines in a row, no one can tell which is gone.
    changed = before.splitlines()[start:end]
    outside = [
        line
        for number, line in enumerate(changed, start)
        if not first <= number <= last and line.strip()
    ]
    assert outside == [], after
    assert start >= first or not changed, after


def check_rewrite(text: str, new: dict[str, Any], key: str | None = None) -> str:
    result = rewrite(text, new, ORDER)
    assert same(said(result), new)
    assert ("\r\n" in result) == ("\r\n" in text)
    if "\r\n" in text:
        assert result.count("\r\n") == result.count("\n")
    assert result.startswith("\ufeff") == text.startswith("\ufeff")
    if key is not None:
        assert_only_touches(text, result, key)
    return result


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*path, index))


def changed(doc: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    new = copy.deepcopy(doc)
    target: Any = new
    for step in path[:-1]:
        target = target[step]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return new


def test_no_change_changes_nothing(styled: str) -> None:
    assert rewrite(styled, said(styled)) == styled


def test_setting_any_value_touches_only_its_key(styled: str) -> None:
    doc = said(styled)
    values: list[Any] = [
        "new", "two words: x #y", "yes", "", "2026-05-06", 7, None, True, 1.5, ["p", "q r"], [], {},
        {"k": "v", "l": [1]}, "line one\nline two\n", "  led\nby spaces", "end\n\n",
        [{"at": "x", "n": 1}],
    ]  # fmt: skip
    for path in paths(doc):
        for value in values:
            check_rewrite(styled, changed(doc, path, value), str(path[0]))


def test_removing_any_value_touches_only_its_key(styled: str) -> None:
    doc = said(styled)
    for path in paths(doc):
        new = changed(doc, path, ...)
        result = check_rewrite(styled, new, str(path[0]))
        assert len(result) <= len(styled) + 3


def test_adding_a_key_leaves_every_line_as_it_was(styled: str) -> None:
    doc = said(styled)
    for key, value in {
        "zz": "new",
        "status": "done",
        "dependencies": ["A-8", "A-9"],
        "metadata": {"x": {"y": [1, "z"]}},
        "description": "One\n\ntwo\n",
    }.items():
        if key in doc:
            continue
        result = check_rewrite(styled, {**doc, key: value})
        start, end = changed_lines(styled, result)
        assert start == end or styled.startswith("{")


def test_adding_to_any_collection_works(styled: str) -> None:
    doc = said(styled)
    for path in [(), *paths(doc)]:
        target: Any = doc
        for step in path:
            target = target[step]
        for value in ("new", ["n", 1], {"a": 1, "b": "c"}, "x\ny\n"):
            if isinstance(target, list):
                for at in range(len(target) + 1):
                    new = changed(doc, path, [*target[:at], value, *target[at:]])
                    check_rewrite(styled, new, str(path[0]))
            elif isinstance(target, dict) and path:
                check_rewrite(styled, changed(doc, path, {**target, "zz": value}), str(path[0]))


def test_a_removed_key_can_be_put_back(styled: str) -> None:
    doc = said(styled)
    for key in doc:
        without = check_rewrite(styled, changed(doc, (key,), ...))
        check_rewrite(without, doc)


def test_everything_can_change_at_once(styled: str) -> None:
    new = {"title": "Other", "labels": ["x"], "fresh": {"a": "b"}, "metadata": {"grid": [[9], []]}}
    check_rewrite(styled, new)
    check_rewrite(styled, {})


CHANGES: list[dict[str, Any]] = [
    {"zz": "new", "status": "done"},
    {"description": "One\n\n  two\n", "labels": ["x", "b", {"k": [1, "v"]}]},
    {"title": "a: b", "metadata": {"n": {"m": "x\ny"}}, "external_ids": None},
]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_other_line_ends_change_nothing_else(styled: str, newline: str) -> None:
    if "\r" in styled:
        return
    doc = said(styled)
    for change in [*CHANGES, *({key: None} for key in doc)]:
        other = styled.replace("\n", newline)
        new = {**doc, **change}
        # A file without a line end to go by gets LF.
        if newline in other:
            assert rewrite(other, new, ORDER) == rewrite(styled, new, ORDER).replace("\n", newline)


def test_a_byte_order_mark_changes_nothing_else(styled: str) -> None:
    doc = said(styled)
    bare = styled.removeprefix("\ufeff")
    for change in CHANGES:
        new = {**doc, **change}
        assert rewrite("\ufeff" + bare, new, ORDER) == "\ufeff" + rewrite(bare, new, ORDER)


def test_removing_any_value_works_without_a_final_newline(styled: str) -> None:
    bare = styled.rstrip("\r\n")
    doc = said(bare)
    for path in paths(doc):
        check_rewrite(bare, changed(doc, path, ...))


def test_a_missing_final_newline_stays_missing(styled: str) -> None:
    bare = styled.rstrip("\r\n")
    doc = said(bare)
    for change in CHANGES:
        result = check_rewrite(bare, {**doc, **change})
        assert not result.endswith(("\n", "\r"))


def test_marks_of_a_deletion_that_come_and_go_leave_no_trace(styled: str) -> None:
    root = scan(styled).root
    assert root is not None
    doc = data(root)
    marks = {"deleted_at": "2026-11-22T09:30:00+00:00", "deleted_by": "dana", "deleted_with": "A-9"}
    marked = rewrite(styled, {**doc, **marks}, FIELDS["tasks"])
    assert rewrite(marked, doc, FIELDS["tasks"]) == styled
