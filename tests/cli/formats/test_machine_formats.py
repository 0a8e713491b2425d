"""Problems for machines: json, github, gitlab and junit, read back by independent readers."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.cli.formats import FORMATS, renderer
from orchestrator.cli.formats.report import Report
from orchestrator.model.problem import Problem

NASTY = "100%: a,b::c\r\n::error::injected\x1b[31m <&\"'> ]]> \udcff \ufffe \u202e é 👍"
PROBLEMS = (
    Problem(
        "ORC205", "error", "A cycle: A → B.", "tasks/a.yaml", "/parent", "PAY-1", "Cut it.",
        4, 9, ({"op": "remove", "path": "/tasks/PAY-1/parent"},),
    ),
    Problem("ORC306", "warning", "Open dependency.", "tasks/a.yaml", "/status", "PAY-1"),
    Problem("ORC306", "warning", "Open dependency.", "tasks/b,c:d.yaml", "/status", "PAY-2"),
    Problem("ORC501", "error", NASTY, "tasks/c.yaml", "", None, NASTY, 1),
    Problem("ORC501", "error", "Another secret.", "tasks/c.yaml", "", None, None, 2),
)  # fmt: skip
TEXTS = st.text(max_size=30) | st.sampled_from([NASTY, "%0A", "%25", ""])
ANY_PROBLEMS = st.lists(
    st.builds(
        Problem,
        code=st.sampled_from(["ORC205", "ORC306", "ORC401"]),
        severity=st.sampled_from(["error", "warning"]),
        message=TEXTS,
        path=TEXTS,
        pointer=TEXTS,
        id=st.none() | TEXTS,
        hint=st.none() | TEXTS,
        line=st.none() | st.integers(1, 9),
        column=st.none() | st.integers(1, 9),
        fix=st.just(()),
        at_key=st.just(value=False),
    ),
    max_size=6,
)


def rendered(name: str, problems: Sequence[Problem], **report: Any) -> str:
    return renderer(name)(problems, Report(14, **{"prefix": "plan/", "version": "1.2", **report}))


def test_every_format_has_a_module_and_no_other_name_has() -> None:
    for name in FORMATS:
        assert rendered(name, PROBLEMS)
    with pytest.raises(KeyError):
        renderer("report")


def test_rendering_text_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom orchestrator.cli.formats import renderer\nrenderer('text')\n"
        "print([m for m in ('pydantic', 'rich', 'xml', 'click') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_json_is_what_the_design_says_to_the_letter() -> None:
    found = json.loads(rendered("json", PROBLEMS))
    assert found["summary"] == {"errors": 3, "warnings": 2, "files": 14}
    assert found["problems"][0] == {
        "code": "ORC205",
        "severity": "error",
        "message": "A cycle: A → B.",
        "path": "tasks/a.yaml",
        "line": 4,
        "column": 9,
        "pointer": "/parent",
        "id": "PAY-1",
        "hint": "Cut it.",
        "fixable": True,
    }
    assert list(found["problems"][0]) == [
        "code", "severity", "message", "path", "line", "column", "pointer", "id", "hint", "fixable",
    ]  # fmt: skip
    assert found["problems"][3]["message"] == NASTY
    assert found["problems"][4]["fixable"] is False
    assert list(found) == ["problems", "summary"]


def test_json_of_no_problems_is_an_empty_list() -> None:
    assert json.loads(rendered("json", ())) == {
        "problems": [],
        "summary": {"errors": 0, "warnings": 0, "files": 14},
    }


@given(ANY_PROBLEMS)
def test_json_says_what_the_problems_say(problems: list[Problem]) -> None:
    found = json.loads(rendered("json", problems).encode())["problems"]
    assert [(row["message"], row["path"], row["hint"], row["id"]) for row in found] == [
        (each.message, each.path, each.hint, each.id) for each in problems
    ]


def _commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner of GitHub Actions does: line by line, then unescape."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::([a-z]+) (.*?)::(.*)", line)
        assert match, line
        pairs = (pair.split("=", 1) for pair in match[2].split(","))
        properties = {key: _unescaped(value) for key, value in pairs}
        found.append((match[1], properties, _unescaped(match[3])))
    return found


def _unescaped(text: str) -> str:
    codes = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}
    return re.sub("%25|%0D|%0A|%3A|%2C", lambda match: codes[match[0]], text)


def test_github_gets_commands_that_it_can_read() -> None:
    found = _commands(rendered("github", PROBLEMS))
    assert found[0] == (
        "error",
        {"file": "plan/tasks/a.yaml", "line": "4", "col": "9", "title": "ORC205 parent-cycle"},
        "A cycle: A → B.\nCut it.",
    )
    assert found[2] == (
        "warning",
        {"file": "plan/tasks/b,c:d.yaml", "title": "ORC306 open-dependencies"},
        "Open dependency.",
    )
    assert found[3][2].startswith("100%: a,b::c\\r\\n::error::injected\\x1b[31m")
    assert rendered("github", ()) == ""


@given(ANY_PROBLEMS)
def test_github_gets_one_command_for_each_problem(problems: list[Problem]) -> None:
    found = _commands(rendered("github", problems).encode().decode())
    assert [kind for kind, _, _ in found] == [each.severity for each in problems]


def _is_code_quality(found: object) -> bool:
    """Whether this is what docs.gitlab.com/ci/testing/code_quality asks of a report."""
    assert isinstance(found, list)
    marks = set()
    for row in found:
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert all(isinstance(row[key], str) for key in ("description", "check_name"))
        assert re.fullmatch("[0-9a-f]{32}", row["fingerprint"])
        assert row["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert set(row["location"]) == {"path", "lines"}
        assert not row["location"]["path"].startswith(("./", "/"))
        assert row["location"]["lines"]["begin"] >= 1
        marks.add(row["fingerprint"])
    return len(marks) == len(found)


def test_gitlab_gets_a_code_quality_report() -> None:
    found = json.loads(rendered("gitlab", PROBLEMS))
    assert _is_code_quality(found)
    assert found[0]["description"] == "A cycle: A → B. Cut it."
    assert found[0]["location"] == {"path": "plan/tasks/a.yaml", "lines": {"begin": 4}}
    assert [row["severity"] for row in found] == ["major", "minor", "minor", "blocker", "blocker"]
    assert rendered("gitlab", ()) == "[]\n"


def test_a_fingerprint_stays_when_lines_and_words_change() -> None:
    moved = [each._replace(line=99, message="Other words.") for each in PROBLEMS]
    marks = [
        [row["fingerprint"] for row in json.loads(rendered("gitlab", problems))]
        for problems in (PROBLEMS, moved)
    ]
    assert marks[0] == marks[1]


@given(ANY_PROBLEMS)
def test_gitlab_fingerprints_are_unique(problems: list[Problem]) -> None:
    found = json.loads(rendered("gitlab", problems).encode())
    assert len({row["fingerprint"] for row in found}) == len(problems)


def _is_junit(text: str) -> ET.Element:
    """Check the shape that Jenkins' junit-10.xsd and GitLab ask for, and return the suite."""
    root = ET.fromstring(text.encode())
    assert root.tag == "testsuites"
    (suite,) = root
    assert suite.tag == "testsuite"
    assert {"name", "tests", "failures", "errors", "skipped", "time"} == set(suite.keys())
    failing = 0
    for case in suite:
        assert case.tag == "testcase"
        assert {"classname", "name", "time"} <= set(case.keys()) <= {
            "classname", "name", "time", "file",
        }  # fmt: skip
        tags = [each.tag for each in case]
        assert tags in ([], ["failure"], ["system-out"], ["failure", "system-out"])
        for failure in case.findall("failure"):
            assert set(failure.keys()) == {"type", "message"}
            failing += 1
    assert suite.get("tests") == root.get("tests") == str(len(suite)) != "0"
    assert suite.get("failures") == root.get("failures") == str(failing)
    return suite


def test_junit_has_a_case_for_each_file_with_problems() -> None:
    suite = _is_junit(rendered("junit", PROBLEMS, seconds=0.5))
    assert [case.get("name") for case in suite] == [
        "plan/tasks/a.yaml",
        "plan/tasks/b,c:d.yaml",
        "plan/tasks/c.yaml",
    ]
    first, second, third = suite
    assert first.findtext("failure") == "4:9: error[ORC205] A cycle: A → B. Cut it."
    assert first.findtext("system-out") == "warning[ORC306] Open dependency."
    assert second.find("failure") is None
    failure = third.find("failure")
    assert failure is not None
    assert failure.get("message", "").endswith("(and 1 more)")
    assert (failure.text or "").count("error[ORC501]") == 2
    assert suite.get("time") == "0.500"


def test_junit_passes_when_there_is_nothing_wrong() -> None:
    (case,) = _is_junit(rendered("junit", ()))
    assert case.get("name") == "14 files without problems"
    assert list(case) == []


@given(ANY_PROBLEMS)
def test_junit_is_xml_whatever_the_problems_say(problems: list[Problem]) -> None:
    _is_junit(rendered("junit", problems))
