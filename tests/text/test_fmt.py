"""The canonical form: one way to write a file, nothing said lost."""
# ruff: noqa: E501  # tables of texts, one a line

import pytest

from orchestrator.text.fmt import fmt
from orchestrator.text.intent import EditError, same
from orchestrator.text.nodes import data
from orchestrator.text.read import read
from orchestrator.text.render import render
from orchestrator.text.scan import scan

ORDER = ("id", "title", "status")

FORMS: dict[str, tuple[str, str]] = {
    "order": ("title: t\nx: 1\nid: a\n", "id: a\ntitle: t\nx: 1\n"),
    "spacing": ("id :   a  \nx:    1   # c\n", "id: a\nx: 1  # c\n"),
    "quotes": ("id: 'a'\nx: \"two words\"\nz: 'no'\n", 'id: a\nx: two words\nz: "no"\n'),
    "null": ("id: a\nx: ~\nz:\n", "id: a\nx: null\nz: null\n"),
    "lists": ("x:\n- a\n-   b\n", "x:\n  - a\n  - b\n"),
    "labels": ("labels:\n- a\n- b\ntags: [ c,d ]\n", "labels: [a, b]\ntags: [c, d]\n"),
    "other flow lists": ("x: [a, b]\nm: {k: [1, {z: 2}]}\n", "x:\n  - a\n  - b\nm:\n  k:\n    - 1\n    - z: 2\n"),
    "labels with comments": ("labels: [a, # A\n  b]\n", "labels:\n  - a  # A\n  - b\n"),
    "indentation": ("m:\n      k:\n       - a\n", "m:\n  k:\n    - a\n"),
    "document marks": ("# c\n---\nid: a\n...\n# d\n", "# c\nid: a\n# d\n"),
    "line ends": ("id: a\r\nx: |\r\n  b\r\n", "id: a\nx: |\n  b\n"),
    "old line ends": ("id: a\rx: b\r", "id: a\nx: b\n"),
    "byte order mark": ("\ufeffid: a\n", "id: a\n"),
    "tab behind the colon": ("id:\ta\n", "id: a\n"),
    "no final newline": ("id: a", "id: a\n"),
    "blank lines": ("\n\nid: a\n\n\n\nx: 1\nz:\n\n  - a\n\n\n  - b\n\n\n", "id: a\n\nx: 1\nz:\n  - a\n\n  - b\n"),
    "wrapped text": ("id: a\n  b\nx: 'c\n  d'\n", "id: a b\nx: c d\n"),
    "escaped breaks": ('x: "a\\nb\\n"\n', "x: |\n  a\n  b\n"),
    "literal": ("x: |\n     a\n       b\n\n\nz: 1\n", "x: |\n  a\n    b\n\nz: 1\n"),
    "literal with indicator": ("x: |4\n      a\n    b\n", "x: |2\n    a\n  b\n"),
    "literal with data at the ends of lines": ("x: |\n   a  \n   b\n", "x: |\n  a  \n  b\n"),
    "literal that begins with a tab": ("x: |4\n    \ta\n", "x: |2\n  \ta\n"),
    "literal of a no-break space": ("x: |2-\n  \xa0\n# z\nz: 1\n", "x: |-\n  \xa0\n# z\nz: 1\n"),
    "literal that ends in a tab": ("x: |\n  a\n  \t\n# z\nz: 1\n", "x: |\n  a\n  \t\n# z\nz: 1\n"),
    "kept breaks are no blank lines": ("x: |+\n  a\n\n# t\ntitle: b\nid: c\n", "id: c\n# t\ntitle: b\nx: |+\n  a\n\n"),
    "folded": ("x: >-\n     a\n     b\n", "x: >-\n  a\n  b\n"),
    "kept breaks": ("x: |+\n  a\n\n\nz: 1\n", "x: |+\n  a\n\n\nz: 1\n"),
    "comments above": ("# head\n\n   # b\nb: 1\n# a\nid: 2\n", "# head\n\n# a\nid: 2\n\n# b\nb: 1\n"),
    "comments after a list": ("x:\n- a\n  # - b\n# z\nz: 1\n", "x:\n  - a\n  # - b\n# z\nz: 1\n"),
    "comment on the line of a dash": ("x:\n  - # c\n    k: v\n    l: w\n", "x:\n  # c\n  - k: v\n    l: w\n"),
    "comment at a key": ("x: # c\n  - a\nz: # d\n  v\n", "x:  # c\n  - a\nz: v  # d\n"),
    "dates": ("due_date: '2026-01-02'\nx: 2026-01-02\nz: '2026-01-02'\n", 'due_date: 2026-01-02\nx: 2026-01-02\nz: "2026-01-02"\n'),
    "empty": ("{}\n", "{}\n"),
    "flow root": ("{id: a, x: [1]}", "id: a\nx:\n  - 1\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_canonical_form_is_this(name: str) -> None:
    before, after = FORMS[name]
    assert fmt(before.encode(), ORDER) == after
    assert fmt(after.encode(), ORDER) == after


def test_white_space_that_is_text_is_no_blank_line() -> None:
    text = 'id: a\ntitle: |-\n  \xa0\nlabels:\n- "@a"\n- b # c\n# tail\nstatus: todo\n'
    once = fmt(text.encode(), ORDER)
    assert once == (
        'id: a\ntitle: |-\n  \xa0\n# tail\nstatus: todo\nlabels:\n  - "@a"\n  - b  # c\n'
    )
    assert fmt(once.encode(), ORDER) == once


def test_an_invisible_character_in_a_value_becomes_an_escape() -> None:
    assert fmt(b"a: x\x07\n") == 'a: "x\\x07"\n'


def test_utf_16_is_mended() -> None:
    assert fmt("id: é\n".encode("utf-16")) == "id: é\n"


def test_every_style_keeps_its_data_and_comments(styled: str) -> None:
    once = fmt(styled.encode(), ORDER)
    before, after = scan(styled), scan(once)
    assert before.root is not None
    doc = read("x", once.encode())
    assert isinstance(doc, dict)
    assert same(doc, data(before.root))
    words = [sorted(s.text[c.start : c.end].strip() for c in s.comments) for s in (before, after)]
    assert words[0] == words[1]
    assert fmt(once.encode(), ORDER) == once


def test_every_style_without_comments_comes_out_as_a_new_file_would(styled: str) -> None:
    scanned = scan(styled)
    assert scanned.root is not None
    doc = data(scanned.root)
    assert fmt(render(doc, ORDER).encode(), ORDER) == render(doc, ORDER)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"a: [",
        b"a: &x 1\n",
        b"a: 1\na: 2\n",
        b"a: 1 # \x07\n",
        b"\xff\xfe\x00",
        b"a: \xff\n",
        b"- a\n",
    ],
)
def test_what_cannot_be_read_is_refused_with_its_problems(raw: bytes) -> None:
    with pytest.raises(EditError) as caught:
        fmt(raw)
    assert caught.value.problems
