"""Changes by entity and field, and the Markdown out of which no text can break."""

import re

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change
from orchestrator.patch.semantic import EntityDiff, FieldDiff, counts, semantic_diff
from orchestrator.patch.semantic_markdown import (
    MOST_CHARACTERS,
    bounded,
    code,
    entities_markdown,
    problems_markdown,
)

TASK: Document = {"id": "PAY-1", "title": "Capture", "status": "todo", "project": "pay"}


def changed(before: Document | None, after: Document | None) -> EntityDiff:
    [found] = semantic_diff([Change("tasks", "PAY-1", before, after)])
    return found


def field(before: object, after: object) -> FieldDiff:
    [found] = changed({**TASK, "x": before}, {**TASK, "x": after}).fields
    return found


def test_each_deed_has_its_name() -> None:
    gone = {**TASK, "deleted_at": "2026-11-22T09:00:00Z"}
    assert changed(None, TASK).deed == "added"
    assert changed(TASK, None).deed == "removed"
    assert changed(TASK, {**TASK, "status": "blocked"}).deed == "changed"
    assert changed(TASK, {**TASK, "project": "ops"}).deed == "moved"
    assert changed(TASK, gone).deed == "deleted"
    assert changed(gone, TASK).deed == "restored"


def test_a_rename_is_one_entity() -> None:
    new = {**TASK, "id": "PAY-2", "status": "blocked"}
    [found] = semantic_diff(
        [Change("tasks", "PAY-1", TASK, None), Change("tasks", "PAY-2", None, new, "PAY-1")]
    )
    assert (found.deed, found.id, found.origin) == ("renamed", "PAY-2", "PAY-1")
    assert [item.field for item in found.fields] == ["status"]


def test_a_field_is_old_and_new_and_a_list_is_what_came_and_went() -> None:
    assert field("a", "b") == FieldDiff("x", "a", "b")
    found = field(["a", "b"], ["b", "c"])
    assert (found.added, found.removed) == (("c",), ("a",))
    assert field([True], [1]).added == (1,)
    assert field(["a", "b"], ["b", "a"])[3:5] == ((), ())
    nested = changed({**TASK, "tests": {"unit": ["a"]}}, {**TASK, "tests": {"unit": []}}).fields
    assert [item.field for item in nested] == ["tests.unit"]
    whole = changed(TASK, {**TASK, "tests": {"unit": ["a"], "security": ["b"]}}).fields
    assert whole[0] == FieldDiff("tests.unit", None, ["a"], ("a",))
    assert [item.field for item in whole] == ["tests.unit", "tests.security"]
    assert changed({**TASK, "metadata": {"a": {"b": 1}}}, TASK).fields == (
        FieldDiff("metadata.a.b", 1, None),
    )
    assert changed(TASK, {**TASK, "metadata": {}}).fields == (FieldDiff("metadata", None, {}),)


def test_a_text_is_compared_by_line() -> None:
    before = "one\ntwo\nthree\nfour\nfive\nsix\n"
    after = before.replace("two", "2").replace("six", "6")
    assert field(before, after).lines == (
        " one", "-two", "+2", " three", "…", " five", "-six", "+6"
    )  # fmt: skip
    assert field("plain", "other").lines == ()
    long = "\n".join(map(str, range(3000)))
    assert len(field(long, long.replace("5", "x")).lines) == 6000


def test_a_new_entity_shows_all_but_id_and_title() -> None:
    assert [item.field for item in changed(None, TASK).fields] == ["status", "project"]
    assert changed(TASK, None).fields == ()


def test_the_order_is_that_of_the_deeds_and_counts_say_how_many() -> None:
    other = {**TASK, "id": "PAY-2"}
    found = semantic_diff(
        [
            Change("tasks", "PAY-3", TASK, None),
            Change("tasks", "PAY-1", TASK, {**TASK, "status": "blocked"}),
            Change("tasks", "PAY-2", None, other),
            Change("tasks", "PAY-4", None, other),
            Change("settings", "", {"name": "a"}, {"name": "b"}),
            Change("projects", "pay", None, {"id": "pay"}),
        ]
    )
    assert [item.deed for item in found] == [
        "added", "added", "added", "changed", "changed", "removed"
    ]  # fmt: skip
    assert counts(found) == (
        "2 tasks added, 1 project added, 1 task changed, settings changed, 1 task removed"
    )
    assert counts([]) == "no changes"
    assert [item.name for item in found][2:] == ["project pay", "PAY-1", "the settings", "PAY-3"]


def test_markdown_of_a_change() -> None:
    document = {**TASK, "labels": ["a"], "description": "one\n```\n"}
    [text] = entities_markdown([changed(TASK, document)])
    assert text == (
        "**changed** `PAY-1` `Capture`\n\n- `labels`: + `a`\n- `description`: 2 lines, below\n\n"
        "````diff\n+one\n+```\n````"
    )


def test_one_text_is_bounded_by_leaving_out_whole_blocks() -> None:
    text = bounded(["head"], ("x" * 1000 for _ in range(100)), ["tail"])
    assert len(text) <= MOST_CHARACTERS
    assert re.search(r"\n\n… and \d+ more, which are too much for one text\.\n\ntail\n$", text)
    assert bounded(["head"], ["block"]) == "head\n\nblock\n"


def test_many_problems_are_counted() -> None:
    problems = [Problem("ORC206", "error", "x", "a.yaml", line=3)] * 60
    lines = problems_markdown(problems).splitlines()
    assert len(lines) == 51
    assert lines[0] == "- error ORC206 `a.yaml:3`: `x`"
    assert lines[-1] == "- … and 10 more"


@given(st.text(alphabet=st.sampled_from("`@<>!-|\\\n\t &[]()*_~#/x\u202e\x1b"), max_size=60))
def test_no_text_leaves_its_code_span(text: str) -> None:
    span = code(text)
    assert "\n" not in span
    ticks = re.match("`+", span)
    assert ticks is not None
    inside = span[len(ticks[0]) : -len(ticks[0])]
    assert span.endswith(ticks[0])
    # A run of as many ticks would end the span; a longer or a shorter one does not.
    assert len(ticks[0]) not in {len(run) for run in re.findall("`+", inside)}
    assert inside[:1] != "`"
    assert inside[-1:] != "`"
    assert inside.isprintable()


@given(st.lists(st.text(alphabet="`~ x/\r", max_size=12), max_size=8))
def test_no_line_ends_its_code_block(lines: list[str]) -> None:
    text = "\n".join(lines)
    [markdown] = entities_markdown([changed(TASK, {**TASK, "description": f"{text}\nend"})])
    fence, *inside, last = markdown.split("\n\n", 2)[2].split("\n")
    assert fence.endswith("diff")
    assert last == fence.removesuffix("diff")
    assert not any(line.strip(" +-").startswith(last) for line in inside)
