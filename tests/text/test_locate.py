"""Places of pointers: where ruamel sees the nodes, and as near as can be on broken text."""

from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from orchestrator.text.locate import locate, locate_all

TEXT = """\
# head
id: A-1
title:   'x'  # t
labels: [a, b]
dependencies:
  # c
  - A-2

  - A-3
time_entries:
- at: x
  minutes: 5
parent:
a/b~c: {k: [1, {z: 2}]}
empty: # nothing
"quoted": q
"""


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("", (1, 1), (1, 1)),
        ("/id", (2, 5), (2, 1)),
        ("/title", (3, 10), (3, 1)),
        ("/labels", (4, 9), (4, 1)),
        ("/labels/1", (4, 13), (4, 13)),
        ("/dependencies", (7, 3), (5, 1)),
        ("/dependencies/1", (9, 5), (9, 3)),
        ("/time_entries", (11, 1), (10, 1)),
        ("/time_entries/0", (11, 3), (11, 1)),
        ("/time_entries/0/minutes", (12, 12), (12, 3)),
        ("/parent", (13, 1), (13, 1)),
        ("/a~1b~0c/k/1/z", (14, 20), (14, 17)),
        ("/empty", (15, 1), (15, 1)),
        ("/quoted", (16, 11), (16, 1)),
        ("/nope", (1, 1), (1, 1)),
        ("/labels/7", (4, 9), (4, 1)),
        ("/labels/x", (4, 9), (4, 1)),
        ("/labels/-", (4, 9), (4, 1)),
        ("/time_entries/0/nope/deeper", (11, 3), (11, 1)),
        ("/labels/" + "9" * 5_000, (4, 9), (4, 1)),
    ],
)
def test_a_pointer_leads_to_its_value_or_its_key(
    pointer: str, value: tuple[int, int], key: tuple[int, int]
) -> None:
    assert locate(TEXT, pointer) == value
    assert locate(TEXT, pointer, at_key=True) == key
    assert list(locate_all(TEXT, [(pointer, False), (pointer, True)])) == [value, key]


def test_what_is_no_pointer_has_no_place() -> None:
    assert locate(TEXT, "id") is None
    assert list(locate_all(TEXT, [("id", False), ("/id", False)])) == [None, (2, 5)]


@pytest.mark.parametrize(
    ("text", "pointer", "place"),
    [
        ("id: a\nb: [1, 2\nstatus: x\n", "/status", (3, 9)),
        ("id: a\n\tb: 1\nm:\n  k: v\n", "/m/k", (4, 6)),
        ("id: a\nx: y: z\nm:\n  k: v\n", "/m/k", (4, 6)),
        ("id: a\nhello\nm:\n  k: v\n", "/m/k", (4, 6)),
        ("id: a\nm: &x\n  k: v\n", "/m/k", (3, 6)),
        ("m: {a: 1, b: [2, 3\n", "/m/b/1", (1, 18)),
        ("", "/id", (1, 1)),
        ("- a\n", "/id", (1, 1)),
        ("\ufeffid: a\n", "/id", (1, 5)),
        ("id: a\r\nm: b\r\n", "/m", (2, 4)),
        ("{id: a,\nm: b}\n", "/m", (2, 4)),
        ("id: a\nid: b\n", "/id", (1, 5)),
    ],
)
def test_broken_text_is_searched_as_far_as_it_goes(
    text: str, pointer: str, place: tuple[int, int]
) -> None:
    assert locate(text, pointer) == place


def ruamel_places(node: Node, pointer: str = "") -> dict[str, tuple[tuple[int, int], Any]]:
    places: dict[str, tuple[tuple[int, int], Any]] = {}
    if isinstance(node, MappingNode):
        for key, value in node.value:
            name = str(key.value).replace("~", "~0").replace("/", "~1")
            places[f"{pointer}/{name}"] = (_place(key), value)
            places |= ruamel_places(value, f"{pointer}/{name}")
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            places[f"{pointer}/{index}"] = ((0, 0), value)
            places |= ruamel_places(value, f"{pointer}/{index}")
    return places


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def test_places_are_those_of_ruamel(styled: str) -> None:
    text = styled.removeprefix("\ufeff").replace("\r\n", "\n").replace("\t", " ")
    node = YAML(typ="safe", pure=True).compose(text)
    for pointer, (key, value) in ruamel_places(node).items():
        if key != (0, 0):
            assert locate(text, pointer, at_key=True) == key
        if value.start_mark.index != value.end_mark.index:
            assert locate(text, pointer) == _place(value), pointer
