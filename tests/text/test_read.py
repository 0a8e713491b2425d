"""Reading: what is refused, where and why; what is text and what is not."""
# ruff: noqa: E501  # tables of texts, one a line

import sys
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from orchestrator.model.problem import Problem
from orchestrator.text.intent import same
from orchestrator.text.native import native_parser
from orchestrator.text.read import read
from orchestrator.text.scalars import INT_LIMIT
from orchestrator.text.scan import scan

SECONDS = 0.5


class Hostile(NamedTuple):
    name: str
    raw: bytes
    code: str
    line: int


BOMB = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (c, c, c - 1, c - 1) for c in b"bcdefghij"
)
MERGE_BOMB = b"a: &a {k: v}\n" + b"".join(
    b"%c: &%c {<<: [*%c, *%c]}\n" % (c, c, c - 1, c - 1) for c in b"bcdefghij"
)
HOSTILE = [
    Hostile("merge-key bomb", MERGE_BOMB, "ORC003", 1),
    Hostile("alias bomb", BOMB, "ORC003", 1),
    Hostile("100k open brackets", b"a: " + b"[" * 100_000, "ORC005", 1),
    Hostile("100k closed brackets", b"a: " + b"[" * 100_000 + b"]" * 100_000, "ORC005", 1),
    Hostile("1,000 open brackets", b"a: " + b"[" * 1_000, "ORC005", 1),
    Hostile("100k braces", b"{a: " * 60_000, "ORC005", 1),
    Hostile("100k dashes", b"a:\n  " + b"- " * 100_000 + b"x", "ORC005", 2),
    Hostile("wide dashes", b"a:\n  " + b"-   " * 60_000 + b"x", "ORC005", 2),
    Hostile("100k question marks", b"? " * 100_000 + b"x", "ORC003", 1),
    Hostile("stairs", b"".join(b" " * i + b"a:\n" for i in range(700)), "ORC005", 13),
    Hostile("duplicate key", b"id: 1\na: 1\nb: 2\na: 3\n", "ORC002", 4),
    Hostile("duplicate key by quotes", b"a: 1\n'a': 2\n", "ORC002", 2),
    Hostile("duplicate key in brackets", b"x: {a: 1, b: 2, a: 3}\n", "ORC002", 1),
    Hostile("number and text key", b"1: a\n'1': b\n", "ORC002", 2),
    Hostile("python tag", b"a: !!python/object/apply:os.system ['true']\n", "ORC003", 1),
    Hostile("binary tag", b"a: !!binary aGVsbG8=\n", "ORC003", 1),
    Hostile("set tag", b"a: !!set {x, y}\n", "ORC003", 1),
    Hostile("non-specific tag", b"a: ! x\n", "ORC003", 1),
    Hostile("tag on a key", b"id: x\n!!str a: x\n", "ORC003", 2),
    Hostile("tag in a list", b"id: x\na:\n  - !t x\n", "ORC003", 3),
    Hostile("tag in brackets", b"a: [x,!t y]\n", "ORC003", 1),
    Hostile("tag on the next line", b"a:\n  !t\n  b: c\n", "ORC003", 2),
    Hostile("anchor", b"id: x\na: &x y\n", "ORC003", 2),
    Hostile("anchor on the root", b"&x\na: y\n", "ORC003", 1),
    Hostile("anchor on a key", b"&x a: y\n", "ORC003", 1),
    Hostile("merge key", b"id: x\n<<: {a: b}\n", "ORC003", 2),
    Hostile("merge key in brackets", b"id: x\na: {<<: {a: b}}\n", "ORC003", 2),
    Hostile("directive", b"%YAML 1.1\n---\na: yes\n", "ORC003", 1),
    Hostile("tag directive", b"%TAG ! tag:x,2000:\n---\na: yes\n", "ORC003", 1),
    Hostile("two documents", b"a: 1\n---\nb: 2\n", "ORC003", 2),
    Hostile("two documents by dots", b"a: 1\n...\nb: 2\n", "ORC003", 3),
    Hostile("an empty second document", b"a: 1\n---\n", "ORC003", 2),
    Hostile("list as key", b"[1, 2]: 3\n", "ORC003", 1),
    Hostile("mapping as key", b"{a: 1}: 3\n", "ORC003", 1),
    Hostile("explicit key", b"? a\n: b\n", "ORC003", 1),
    Hostile("nested explicit key", b"x:\n  ? a\n", "ORC003", 2),
    Hostile("explicit key in brackets", b"x: {? a : b}\n", "ORC003", 1),
    Hostile("empty key", b": a\n", "ORC003", 1),
    Hostile("byte order mark", b"\xef\xbb\xbfa: 1\n", "ORC004", 1),
    Hostile("byte order mark inside", b"a: 1\nb: x\xef\xbb\xbfy\n", "ORC004", 2),
    Hostile("UTF-16", "a: 1\n".encode("utf-16"), "ORC004", 1),
    Hostile("UTF-16 without a mark", "a: 1\n".encode("utf-16-le"), "ORC004", 1),
    Hostile("Latin-1", "a: 1\nb: caf\xe9\n".encode("latin-1"), "ORC004", 2),
    Hostile("overlong UTF-8", b"a: \xc0\xaf\n", "ORC004", 1),
    Hostile("encoded surrogate", b"a: \xed\xa0\x80\n", "ORC004", 1),
    Hostile("CRLF", b"a: 1\r\nb: 2\r\n", "ORC004", 1),
    Hostile("lone CR", b"a: 1\rb: 2\n", "ORC004", 1),
    Hostile("NUL", b"a: 1\nb: x\x00\n", "ORC004", 2),
    Hostile("bell", b"a: \x07\n", "ORC004", 1),
    Hostile("DEL", b"a: x\x7f\n", "ORC004", 1),
    Hostile("C1 control", b"a: x\xc2\x80\n", "ORC004", 1),
    Hostile("next line", b"a: x\xc2\x85y\n", "ORC004", 1),
    Hostile("line separator", "a: x\u2028y\n".encode(), "ORC004", 1),
    Hostile("paragraph separator", "a: |\n  x\u2029y\n".encode(), "ORC004", 2),
    Hostile("noncharacter", "a: \uffff\n".encode(), "ORC004", 1),
    Hostile("lone surrogate escape", b'a: "\\ud800"\n', "ORC004", 1),
    Hostile("two high surrogate escapes", b'a: "\\ud800\\ud800"\n', "ORC004", 1),
    Hostile("escape past Unicode", b'a: "\\U00110000"\n', "ORC001", 1),
    Hostile("10 MB line", b"a: " + b"x" * 10_000_000, "ORC005", 1),
    Hostile("100k keys", b"".join(b"k%d: v\n" % i for i in range(100_000)), "ORC005", 1),
    Hostile("15k keys", b"".join(b"k%d: v\n" % i for i in range(15_000)), "ORC005", 5_000),
    Hostile("15k items", b"a: [" + b"x," * 15_000 + b"]\n", "ORC005", 1),
    Hostile("20k comments", b"a: b\n" + b"# c\n" * 20_000, "ORC005", 10_002),
    Hostile("1,500-character key", b"k" * 1_500 + b": v\n", "ORC001", 1),
    Hostile("tab as indentation", b"a:\n\tb: 1\n", "ORC001", 2),
    Hostile("tab before the first key", b"\ta: 1\n", "ORC001", 1),
    Hostile("tab behind spaces", b"a:\n  b:\n  \tc: 1\n", "ORC001", 3),
    Hostile("conflict markers", b"id: a\n<<<<<<< HEAD\nx: 1\n=======\nx: 2\n>>>>>>> b\n", "ORC001", 2),
    Hostile("conflict markers on top", b"<<<<<<< HEAD\nx: 1\n=======\nx: 2\n>>>>>>> b\n", "ORC001", 1),
    Hostile("conflict in a block", b"d: |\n  x\n<<<<<<< a\n  y\n=======\n  z\n>>>>>>> b\n", "ORC001", 3),
    Hostile("empty file", b"", "ORC001", 1),
    Hostile("only comments", b"# a\n# b\n", "ORC001", 1),
    Hostile("only a document start", b"---\n", "ORC001", 1),
    Hostile("a list", b"- a\n- b\n", "ORC001", 1),
    Hostile("a text", b"\nhello\n", "ORC001", 2),
    Hostile("null", b"null\n", "ORC001", 1),
    Hostile("unclosed quote", b'a: 1\nb: "x\nc: 2\n', "ORC001", 2),
    Hostile("unclosed single quote", b"a: 1\nb: 'x\nc: 2\n", "ORC001", 2),
    Hostile("unclosed bracket", b"a: 1\nb: [x, y\nc: 2\n", "ORC001", 3),
    Hostile("unclosed brace at the end", b"a: 1\nb: {x: y", "ORC001", 2),
    Hostile("wrong bracket", b"a: 1\nb: {x: y]\n", "ORC001", 2),
    Hostile("missing comma", b"a: ['x' 'y']\n", "ORC001", 1),
    Hostile("double comma", b"a: [x,, y]\n", "ORC001", 1),
    Hostile("colon in text", b"id: x\ntitle: Fix: the bug\n", "ORC001", 2),
    Hostile("colon at the end", b"id: x\ntitle: Fix:\n", "ORC001", 2),
    Hostile("at sign", b"id: x\ntitle: @dana\n", "ORC001", 2),
    Hostile("percent", b"id: x\ntitle: %d\n", "ORC001", 2),
    Hostile("back quote", b"id: x\ntitle: `code`\n", "ORC001", 2),
    Hostile("text behind a quote", b"id: x\ntitle: 'a' b\n", "ORC001", 2),
    Hostile("line without a key", b"id: x\nhello\nb: y\n", "ORC001", 2),
    Hostile("no space behind the colon", b"id: x\ntitle:y\nb: z\n", "ORC001", 2),
    Hostile("indented too deep", b"id: x\n  b: y\n", "ORC001", 2),
    Hostile("indented between", b"a:\n    b: 1\n  c: 2\n", "ORC001", 3),
    Hostile("item among keys", b"a: 1\n- b\n", "ORC001", 2),
    Hostile("key among items", b"a:\n  - b\n  c: 1\n", "ORC001", 3),
    Hostile("list on the key's line", b"a: - b\n", "ORC001", 1),
    Hostile("unknown escape", b'a: "\\q"\n', "ORC001", 1),
    Hostile("short escape", b'a: "\\x4"\n', "ORC001", 1),
    Hostile("text behind a block header", b"a: | x\n  y\n", "ORC001", 1),
    Hostile("bracket line not indented", b"a: [1,\n2]\n", "ORC001", 2),
    Hostile("comment glued to a quote", b"a: 'x'#c\n", "ORC001", 1),
]  # fmt: skip

ACCEPTED: dict[str, tuple[str, Any]] = {
    "null": ("null Null NULL ~", None),
    "true": ("true True TRUE", True),
    "false": ("false False FALSE", False),
    "seven": ("7 +7 07 0o7 0x7", 7),
    "minus": ("-12 -012", -12),
    "half": (".5 0.5 +0.5 5e-1 5.E-1", 0.5),
    "whole float": ("1. 1.0 1e0 1E+0", 1.0),
}
TEXT = [
    "yes",
    "no",
    "on",
    "off",
    "Yes",
    "NO",
    "y",
    "n",
    "1:30",
    "1:30:00",
    "1_000",
    "0b11",
    "1__0",
    "_1",
    "1_",
    "0x_1",
    "0X1",
    "0O7",
    "0B1",
    "-0x1F",
    "+0o7",
    "1.5_0",
    "1e3_0",
    ".inf",
    "-.inf",
    "+.INF",
    ".nan",
    ".NaN",
    "1e400",
    "1234567890123456789",
    "0xffffffffffffffff",
    "2026-01-02",
    "2026-01-02T03:04:05Z",
    "nULL",
    "tRUE",
    "0o8",
    "0x",
    "1e",
    ".",
    "..",
    "-",
    "--",
    "=",
    "<<x",
    "٣",
    "inf",
    "nan",
    "Infinity",
]


def problems(raw: bytes) -> list[Problem]:
    found = read("tasks/x.yaml", raw)
    assert isinstance(found, list)
    assert found
    return found


@pytest.fixture
def without_native(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "yaml_rs", None)
    native_parser.cache_clear()
    assert native_parser() is None
    yield
    native_parser.cache_clear()


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in HOSTILE])
def test_hostile_input_is_refused_with_its_place_and_soon(case: Hostile) -> None:
    begin = time.perf_counter()
    found = problems(case.raw)
    assert time.perf_counter() - begin < SECONDS
    assert (found[0].code, found[0].line) == (case.code, case.line), found
    for problem in found:
        assert problem.severity == "error"
        assert problem.path == "tasks/x.yaml"
        assert problem.column
        assert problem.message.endswith(".")
        assert problem.hint


@pytest.mark.usefixtures("without_native")
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in HOSTILE])
def test_hostile_input_is_refused_alike_without_the_native_parser(case: Hostile) -> None:
    begin = time.perf_counter()
    found = problems(case.raw)
    assert time.perf_counter() - begin < SECONDS
    assert (found[0].code, found[0].line) == (case.code, case.line), found


def accepted() -> Iterator[tuple[str, Any]]:
    for spellings, value in ACCEPTED.values():
        for spelling in spellings.split():
            yield spelling, value
    for spelling in TEXT:
        if spelling != "-":
            yield spelling, spelling


@pytest.mark.parametrize("shape", ["a: {}\n", "x: 1\na: {} # c\n", "x: [{}]\n", "x:\n  - y: {}\n"])
def test_plain_scalars_mean_what_yaml_1_2_says(shape: str) -> None:
    for spelling, value in accepted():
        doc: Any = read("x", shape.replace("{}", spelling).encode())
        assert isinstance(doc, dict), (spelling, doc)
        found = doc.get("a", doc.get("x"))
        while isinstance(found, list | dict):
            found = found[0] if isinstance(found, list) else found["y"]
        assert same(found, value), spelling


@pytest.mark.usefixtures("without_native")
@pytest.mark.parametrize("shape", ["a: {}\n", "x:\n  - {}\n"])
def test_plain_scalars_mean_the_same_without_the_native_parser(shape: str) -> None:
    for spelling, value in accepted():
        doc: Any = read("x", shape.replace("{}", spelling).encode())
        assert isinstance(doc, dict), (spelling, doc)
        assert same(doc["a"] if "a" in doc else doc["x"][0], value), spelling


@pytest.mark.parametrize(
    "key", ["1", "true", "null", "~", "1.5", "0x10", "1_0", "2026-01-02", ".inf", "no"]
)
def test_keys_are_text_as_spelled(key: str) -> None:
    assert read("x", f"{key}: a\n".encode()) == {key: "a"}
    assert read("x", f"a: {{{key}: b}}\n".encode()) == {"a": {key: "b"}}
    assert read("x", f"a:\n  - {key}: b\n".encode()) == {"a": [{key: "b"}]}


@pytest.mark.parametrize("digits", [17, 18, 19, 5_000])
def test_integers_past_18_digits_are_text(digits: int) -> None:
    number = "9" * digits
    expected: Any = int(number) if digits <= 18 else number
    assert read("x", f"a: {number}\n".encode()) == {"a": expected}
    assert read("x", f"a: [{number}]\n".encode()) == {"a": [expected]}


def test_a_megabyte_of_hexadecimal_digits_is_too_large_and_200k_are_text() -> None:
    assert problems(b"a: 0x" + b"f" * 1_000_000)[0].code == "ORC005"
    text = "0x" + "f" * 200_000
    assert read("x", f"a: {text}\n".encode()) == {"a": text}
    assert read("x", f"a: 0x{INT_LIMIT:x}\n".encode()) == {"a": f"0x{INT_LIMIT:x}"}


MARKDOWN = """
description: |
  **bold** and *italic*, `code`, & ampersand, &amp; entity
  * item one
  ![image](x.png)
  !important
  &anchor
  <<: not a merge key
  <<<<<<< HEAD
  % percent
  ---
  ...
  ? question
  [link](y) {brace}
  key: value: other
  \ttab

      indented code  \n
""".lstrip()


def test_markdown_in_a_block_is_data() -> None:
    doc = read("x", MARKDOWN.encode())
    assert isinstance(doc, dict)
    assert "![image](x.png)\n!important\n&anchor\n<<: not" in doc["description"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: |\n  x\n  ", "x\n"),
        ("a: >\n  x\n  \n  ", "x\n"),
        ("a: |+\n  x\n ", "x\n\n"),
        ("a: |\n  x\n   ", "x\n \n"),
    ],
)
def test_spaces_at_the_end_of_a_file_are_no_line_of_text(text: str, value: str) -> None:
    assert read("x", text.encode()) == {"a": value}


def test_prose_with_marks_is_text() -> None:
    text = "a: R&D & Co !\nb: it's 100% ok ? yes !\nc: x < y << z\nd: what?!\n"
    assert read("x", text.encode()) == {
        "a": "R&D & Co !", "b": "it's 100% ok ? yes !", "c": "x < y << z", "d": "what?!",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "---\na: 1\n",
        "a: 1\n...\n",
        "---\na: 1\n...\n# c\n",
        "# c\n---\n# d\na: 1\n",
        "--- {a: 1}\n",
    ],
)
def test_document_marks_around_one_document_are_fine(text: str) -> None:
    assert read("x", text.encode()) == {"a": 1}


def test_all_problems_of_a_file_are_found() -> None:
    found = problems(b"a: &x 1\nb: *x\na: 2\nc: !t 3\nd: [&y z]\n")
    assert [(problem.code, problem.line) for problem in found] == [
        ("ORC003", 1), ("ORC003", 2), ("ORC002", 3), ("ORC003", 4), ("ORC003", 5),
    ]  # fmt: skip


def test_a_duplicate_names_the_key_and_both_lines() -> None:
    problem = problems(b"a: 1\nb: 2\n\na: 3\n")[0]
    assert problem.message == "The key a is there twice, in lines 1 and 4."


def test_conflict_markers_are_called_that() -> None:
    problem = problems(b"id: a\n<<<<<<< HEAD\nx: 1\n=======\nx: 2\n>>>>>>> b\n")[0]
    assert "conflict markers" in problem.message


@pytest.mark.parametrize("raw", [b"a: 1\r\n", b"\xef\xbb\xbfa: 1\n", "a: 1\n".encode("utf-16")])
def test_what_fmt_mends_is_said_to_be_mended_by_fmt(raw: bytes) -> None:
    hint = problems(raw)[0].hint
    assert hint is not None
    assert "orchestrator fmt tasks/x.yaml" in hint


def test_limits_are_inclusive() -> None:
    assert isinstance(read("x", b"a: " + b"[" * 11 + b"]" * 11), dict)
    assert problems(b"a: " + b"[" * 12 + b"]" * 12)[0].code == "ORC005"
    pad = 256 * 1024 - len(b"a: \n")
    assert isinstance(read("x", b"a: " + b"x" * pad + b"\n"), dict)
    assert problems(b"a: " + b"x" * (pad + 1) + b"\n")[0].code == "ORC005"


@pytest.mark.usefixtures("without_native")
def test_every_style_reads_the_same_without_the_native_parser(styled: str) -> None:
    text = styled.removeprefix("\ufeff").replace("\r\n", "\n")
    doc = read("x", text.encode())
    native_parser.cache_clear()
    sys.modules.pop("yaml_rs")
    assert native_parser() is not None
    assert isinstance(doc, dict)
    assert same(read("x", text.encode()), doc)


@pytest.mark.parametrize(
    "text",
    [
        "{|}", "{>x}", "a: [|]", "a: [x, |\n b]", "a: {|: 1}", "a: [[>]]",
    ],
)  # fmt: skip
def test_what_only_the_native_parser_takes_for_yaml_is_refused(text: str) -> None:
    found = read("x", text.encode())
    assert isinstance(found, list)
    assert found[0].code == "ORC001"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("l: [m,\n'q': 1\n  n]\n", ["m", {"q": "1 n"}]),
        ('l: [m,\n"q", n]\n', ["m", "q", "n"]),
        ("l: [m,\n{a: 1}, n]\n", ["m", {"a": 1}, "n"]),
        ('l: {a: 1,\n"b": 2}\n', {"a": 1, "b": 2}),
    ],
)
def test_a_quote_or_bracket_may_stand_at_the_margin_inside_brackets(
    text: str, value: object
) -> None:
    assert read("x", text.encode()) == {"l": value}
    assert not scan(text).faults
