"""Dependency graphs as SVG, Mermaid and DOT."""

import re
from itertools import pairwise

import pytest

from orchestrator.view.dependency_graph import Edge, Graph, Node, dependency_graph
from orchestrator.view.pictures.graph_dot import graph_dot
from orchestrator.view.pictures.graph_mermaid import graph_mermaid
from orchestrator.view.pictures.graph_svg import graph_svg
from orchestrator.view.pictures.mermaid import mermaid_label, mermaid_text
from tests.view.pictures.drawing import HOSTILE, NAMESPACE, read, tips, touching, words
from tests.view.pictures.test_timeline_pictures import plan


def graph(count: int, titles: list[str] | None = None) -> Graph:
    snapshot = plan(count, titles)
    return dependency_graph(snapshot, snapshot.tasks, shows_parents=True)


def chain(titles: list[str]) -> Graph:
    nodes = tuple(Node(f"PAY-{at}", title, "todo") for at, title in enumerate(titles))
    return Graph("Shop", nodes, tuple(Edge(a, b) for a, b in pairwise(range(len(nodes)))))


@pytest.mark.parametrize("count", [5, 50, 500])
def test_every_task_is_there_and_no_words_touch(count: int) -> None:
    made = graph(count)
    svg = graph_svg(made)
    shown = words(svg)
    assert {word.text for word in shown} >= {node.id for node in made.nodes}
    assert touching(shown) == []
    assert len(tips(svg)) == len(made.nodes)
    width = float(read(svg).get("width", ""))
    assert all(word.left >= 0 and word.right <= width + 0.01 for word in shown)


def test_the_same_plan_is_the_same_file() -> None:
    assert graph_svg(graph(80)) == graph_svg(graph(80))


def test_every_dependency_is_a_line_with_a_tip() -> None:
    made = chain(["a", "b", "c"])
    paths = read(graph_svg(made)).findall(f".//{NAMESPACE}path")
    curves = [found for found in paths if "C" in (found.get("d") or "")]
    assert len(curves) == 2


def test_a_circle_is_drawn_and_explained() -> None:
    ring = Graph("Shop", chain(["a", "b"]).nodes, (Edge(0, 1), Edge(1, 0)))
    shown = {word.text for word in words(graph_svg(ring))}
    assert "closes a circle" in shown
    assert "closes a circle" not in {word.text for word in words(graph_svg(chain(["a", "b"])))}
    itself = Graph("Shop", ring.nodes[:1], (Edge(0, 0),))
    assert "PAY-0" in {word.text for word in words(graph_svg(itself))}


def test_an_empty_graph_is_a_picture_too() -> None:
    nothing = Graph("Shop", (), (), 3)
    assert "0 tasks" in words(graph_svg(nothing))[1].text
    assert graph_dot(nothing).endswith("}\n")


def test_no_title_can_break_a_picture() -> None:
    made = chain(HOSTILE)
    svg = graph_svg(made)
    assert len(tips(svg)) == len(HOSTILE)
    assert touching(words(svg)) == []
    lines = graph_mermaid(made).splitlines()
    boxes = [line for line in lines if "[" in line]
    assert len(boxes) == len(HOSTILE)
    for line in boxes:
        found = re.fullmatch(r'    n\d+\["○ PAY-\d+<br/>(.*)"\]:::todo', line)
        assert found, line
        assert not re.search(r'[<>&"`#\[\]{}|\\$]|--', re.sub(r"#\d+;", "", found[1]))


def test_a_code_is_shown_as_the_character_that_it_stands_for() -> None:
    assert mermaid_text("a: b; #1 100%") == "a#58; b#59; #35;1 100#37;"
    assert mermaid_text("Größe · 日本 (x)") == "Größe · 日本 (x)"
    assert mermaid_text(" \n ") == "-"
    assert mermaid_label("fa:fa-user") == "fa#58;\u200bfa-user"


def test_dot_is_quoted_so_that_graphviz_shows_titles_as_they_are() -> None:
    # Tried with graphviz 2.43: it parses this and shows each title.
    lines = graph_dot(chain(HOSTILE)).splitlines()
    quoted = r'"(?:[^"\\]|\\.)*"'
    node = rf'  "PAY-\d+" \[label={quoted}, color="#[0-9a-f]{{6}}", penwidth=[\d.]+\];'
    nodes = [line for line in lines if "penwidth" in line]
    assert len(nodes) == len(HOSTILE)
    assert all(re.fullmatch(node, line) for line in nodes)
    assert r'label="○ PAY-0\na\\N \"b\" &amp;amp;"' in graph_dot(chain(['a\\N "b" &amp;']))


def test_edges_of_dot_and_mermaid_lead_to_who_waits() -> None:
    made = Graph("Shop", chain(["a", "b"]).nodes, (Edge(0, 1), Edge(0, 1, "parent")))
    assert '  "PAY-0" -> "PAY-1";' in graph_dot(made)
    assert '  "PAY-0" -> "PAY-1" [style=dashed, arrowhead=none];' in graph_dot(made)
    assert "    n0 --> n1\n" in graph_mermaid(made)
    assert "    n0 -.- n1\n" in graph_mermaid(made)
