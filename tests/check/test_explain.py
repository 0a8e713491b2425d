"""The pages of the rules, and that their examples are true."""

import re
from datetime import datetime

import pytest

from orchestrator.check.explain import page
from orchestrator.check.run import CHECKS, check
from orchestrator.check.secrets import secrets_in
from orchestrator.model.places import Place, place_of
from orchestrator.model.rules import RULES
from orchestrator.model.snapshot import Read, build
from orchestrator.text.read import read

HEADINGS = ["Why", "Bad", "Good", "How to mend it", "How to change its severity"]
# What a page cannot show as a file, or must not: other bytes, odd paths, a secret.
NOT_AS_FILE = {"ORC004", "ORC006", "ORC105", "ORC401", "ORC501"}


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_a_page(code: str) -> None:
    text = page(code)
    assert text is not None
    assert text.startswith(f"# {code}: {RULES[code].title}\n")
    assert re.findall("^## (.*)$", text, re.MULTILINE) == HEADINGS
    assert (f"  {code}: warning" in text) == (code != "ORC401")  # a change is refused or not
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 120


def test_there_is_no_page_without_a_rule() -> None:
    assert page("ORC999") is None
    assert page("../explain") is None


@pytest.mark.parametrize("code", [code for code in RULES if code not in NOT_AS_FILE])
def test_the_bad_example_has_the_problem(code: str, now: datetime) -> None:
    assert code in codes_of(example(code, "Bad"), now)


@pytest.mark.parametrize("code", RULES)
def test_the_good_example_has_none(code: str, now: datetime) -> None:
    text = example(code, "Good")
    if text:
        assert codes_of(text, now) == set()


def test_the_fixable_rules_say_so() -> None:
    checked = {code for codes, _ in CHECKS for code in codes}
    for code in checked:
        assert ("check --fix" in str(page(code))) == RULES[code].is_fixable


def example(code: str, heading: str) -> str:
    text = page(code)
    assert text is not None
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    return found[1] if found else ""


def codes_of(text: str, now: datetime) -> set[str]:
    files: list[Read] = []
    found = set()
    for part in text.split("---\n# "):
        first, _, body = part.partition("\n")
        path = first.removeprefix("# ")
        place = place_of(path)
        assert place is not None
        found |= {p.code for p in secrets_in(path, body.encode())}
        files.append((path, place, read(path, body.encode())))
    # An example shows one file; the settings and the project that every plan has are not in it.
    shown = {path for path, _, _ in files}
    folders = {place.project for _, place, _ in files if place.kind == "tasks"}
    for folder in sorted(folders):
        path = f"projects/{folder}/project.yaml"
        if path not in shown:
            project = {"id": folder, "key": "KEY", "title": "A project", "status": "active"}
            files.append((path, Place("projects", folder, folder), project))
    if "orchestrator.yaml" not in shown:
        files.append(("orchestrator.yaml", Place("settings", ""), {"name": "A team"}))
    return found | {p.code for p in check(build(files), now)}
