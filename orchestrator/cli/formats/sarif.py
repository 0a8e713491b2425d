"""Problems as SARIF 2.1.0, the exchange format of static analysis."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from orchestrator.cli.escape import json_text
from orchestrator.cli.formats.report import Report, fingerprints, rule_name, with_hint
from orchestrator.model.problem import Problem
from orchestrator.model.rules import RULES

MOST_RESULTS = 25_000
"""GitHub refuses a run with more."""

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(problems: Sequence[Problem], report: Report) -> str:
    """Return one run; where there are too many problems, errors come before warnings."""
    shown = list(problems)
    if len(shown) > MOST_RESULTS:
        shown = sorted(shown, key=lambda each: each.severity != "error")[:MOST_RESULTS]
    codes = [*RULES, *sorted({problem.code for problem in shown} - RULES.keys())]
    index = {code: place for place, code in enumerate(codes)}
    marks = fingerprints(shown, report.prefix)
    run = {
        "tool": {
            "driver": {
                "name": "orchestrator",
                **({"version": report.version} if report.version else {}),
                "rules": [_rule(code) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(len(problems))],
        "results": [
            _result(problem, index[problem.code], mark, report.prefix)
            for problem, mark in zip(shown, marks, strict=True)
        ],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    level = rule.severity if rule else "error"
    return {
        "id": code,
        "name": rule_name(code),
        "shortDescription": {"text": rule.title if rule else code},
        "help": {"text": f"Run `orchestrator explain {code}`."},
        "defaultConfiguration": {"level": "none" if level == "off" else level},
    }


def _invocation(found: int) -> dict[str, Any]:
    if found <= MOST_RESULTS:
        return {"executionSuccessful": True}
    text = f"{found:,} problems were found; {MOST_RESULTS:,} are listed, errors first."
    notification = {"level": "warning", "message": {"text": text}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification]}


def _result(problem: Problem, index: int, fingerprint: str, prefix: str) -> dict[str, Any]:
    region = {"startLine": problem.line or 1}
    if problem.line is not None and problem.column is not None:
        region["startColumn"] = problem.column
    uri = quote((prefix + problem.path).encode("utf-8", "surrogateescape"))
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": problem.severity,
        "message": {"text": with_hint(problem)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
                    "region": region,
                }
            }
        ],
        "partialFingerprints": {"orchestrator/v1": fingerprint},
    }
