"""Settings by environment: which file wins, and what `config show` says of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Cli, write

SETTINGS = """\
version: 1
name: Test
hours_per_day: 6
rules:
  ORC305: error
  ORC306: "off"
integrations:
  ours:
    kind: github
    token: env:OUR_TOKEN
"""
CI = """\
commit: manual
rules:
  ORC305: "off"
"""


@pytest.fixture
def layers(cli: Cli) -> Cli:
    """The command line where orchestrator.ci.yaml lies over orchestrator.yaml."""
    write(cli.folder, {"orchestrator.yaml": SETTINGS, "orchestrator.ci.yaml": CI})
    return cli


def shown(cli: Cli, *arguments: str) -> dict[str, dict[str, Any]]:
    answer = json.loads(cli("config", "show", "--json", *arguments).stdout)
    assert answer["total"] == len(answer["settings"])
    return {row["key"]: row for row in answer["settings"]}


def test_each_value_says_where_it_comes_from(layers: Cli) -> None:
    rows = shown(layers)
    assert rows["hours_per_day"] == {
        "key": "hours_per_day", "value": 6, "path": "orchestrator.yaml", "line": 3,
    }  # fmt: skip
    assert (rows["rules.ORC305"]["value"], rows["rules.ORC305"]["line"]) == ("error", 5)
    assert (rows["max_depth"]["value"], rows["max_depth"]["path"]) == (5, None)
    lines = layers("config", "show", "hours_per_day").stdout.split()
    assert lines == ["hours_per_day", "6", "orchestrator.yaml:3"]


def test_the_settings_of_the_environment_lie_over_the_others(
    layers: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ENV", "ci")
    rows = shown(layers)
    assert rows["rules.ORC305"] == {
        "key": "rules.ORC305", "value": "off", "path": "orchestrator.ci.yaml", "line": 3,
    }  # fmt: skip
    assert rows["rules.ORC306"]["path"] == "orchestrator.yaml"
    assert rows["commit"]["path"] == "orchestrator.ci.yaml"


def test_what_is_checked_follows_the_environment(
    layers: Cli, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = "id: PAY-1\ntitle: Capture\nstatus: completed\ncompleted_at: 2026-11-20T09:00:00Z\n"
    write(layers.folder, {"projects/pay/tasks/PAY-1.yaml": task})
    git(layers.folder, "add", ".")
    git(layers.folder, "commit", "--quiet", "-m", "Layers")
    for options in ((), ("--staged",), ("--rev", "HEAD")):
        assert "ORC305" in layers("check", *options, code=1).stdout
    monkeypatch.setenv("ORCHESTRATOR_ENV", "ci")
    for options in ((), ("--staged",), ("--rev", "HEAD")):
        assert "ORC305" not in layers("check", *options).stdout


def test_a_mistake_in_any_environments_settings_is_found_where_it_stands(
    layers: Cli, git: Callable[..., str]
) -> None:
    write(layers.folder, {"orchestrator.prod.yaml": "name: Prod\ncolour: red\n"})
    git(layers.folder, "add", ".")
    git(layers.folder, "commit", "--quiet", "-m", "A mistake")
    for options in ((), ("--staged",), ("--rev", "HEAD")):
        told = layers("check", *options, code=1).stdout
        assert "orchestrator.prod.yaml:2:1: error[ORC101]" in told


def test_a_workspace_in_a_folder_of_a_repository_has_its_own_layers(
    layers: Cli, git: Callable[..., str]
) -> None:
    inner = layers.folder / "plans [x]"
    write(inner, {"orchestrator.yaml": "name: In\n", "orchestrator.ci.yaml": "colour: red\n"})
    git(layers.folder, "add", ".")
    git(layers.folder, "commit", "--quiet", "-m", "Within")
    for options in ((), ("--staged",), ("--rev", "HEAD")):
        assert "orchestrator.ci.yaml:1:1" in Cli(inner)("check", *options, code=1).stdout
        assert layers("check", *options).returncode == 0


def test_a_change_of_the_settings_changes_only_their_own_file(
    layers: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ENV", "ci")
    patch = '[{"op": "replace", "path": "/settings/name", "value": "New"}]'
    layers("patch", "apply", "-", stdin=patch)
    assert (layers.folder / "orchestrator.yaml").read_text() == SETTINGS.replace("Test", "New")
    assert (layers.folder / "orchestrator.ci.yaml").read_text() == CI


def test_an_environment_without_a_file_is_said_and_one_without_a_name_refused(
    layers: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ENV", "cii")
    assert "there is no orchestrator.cii.yaml" in layers("config", "show").stderr
    monkeypatch.setenv("ORCHESTRATOR_ENV", "../ci")
    refused = layers("config", "show", code=1).stderr
    assert "'../ci', which is no name of an environment." in refused


def test_a_token_is_never_shown_only_whether_it_is_there(
    layers: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "env:OUR_TOKEN (not there)" in layers("config", "show").stdout
    monkeypatch.setenv("OUR_TOKEN", "s3cr3t-value")
    done = layers("config", "show")
    assert "env:OUR_TOKEN (there)" in done.stdout
    assert "s3cr3t" not in done.stdout + done.stderr
    assert shown(layers, "integrations")["integrations.ours.token"]["found"] is True


def test_an_unknown_key_gets_a_suggestion(layers: Cli) -> None:
    assert "Did you mean hours_per_day ?" in layers("config", "show", "hour_per_day", code=1).stderr


def test_what_is_wrong_in_the_settings_is_not_left_out_silently(
    layers: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(layers.folder, {"orchestrator.ci.yaml": "colour: red\n"})
    assert layers("config", "show").stderr == ""
    monkeypatch.setenv("ORCHESTRATOR_ENV", "ci")
    said = layers("config", "show").stderr
    assert said == "warning: orchestrator.ci.yaml: colour is no field of the settings.\n"
    write(layers.folder, {"orchestrator.x.yaml": "[a"})
    monkeypatch.setenv("ORCHESTRATOR_ENV", "x")
    assert "orchestrator.x.yaml" in layers("task", "list").stderr
    assert "there is no orchestrator.x.yaml" not in layers("config", "show").stderr


def test_a_setting_that_is_not_set_is_no_mistake(layers: Cli) -> None:
    done = layers("config", "show", "filters")
    assert (done.stdout, done.stderr) == ("", "filters is not set.\n")
    assert "Did you mean filters ?" in layers("config", "show", "filter", code=1).stderr
