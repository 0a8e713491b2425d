"""The files for CI: they parse, and the commands in them do what they are there for."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from tests.hooks.conftest import Repo

ROOT = Path(__file__).parents[2]
CI = ROOT / "examples" / "ci"
TASK = "projects/pay/tasks/PAY-1.yaml"
OTHER = "projects/pay/tasks/PAY-2.yaml"


def parsed(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def github_commands() -> list[str]:
    steps = parsed(CI / "github-workflow.yml")["jobs"]["check"]["steps"]
    return [step["run"] for step in steps if "orchestrator check" in step.get("run", "")]


def gitlab_commands() -> list[str]:
    return list(parsed(CI / "gitlab-ci.yml")["plan"]["script"])


@pytest.fixture
def branches(repo: "Repo") -> "Callable[[str, str], dict[str, str]]":
    """Two branches whose tips are right, and whose merge is right or not."""

    def made(on_main: str, on_side: str) -> dict[str, str]:
        repo.git("checkout", "--quiet", "-b", "side")
        repo.edit(TASK, "status", f"{on_side}\nstatus")
        repo.git("commit", "--no-verify", "-a", "-m", "Side")
        head = repo.git("rev-parse", "HEAD").stdout.strip()
        repo.git("checkout", "--quiet", "main")
        repo.edit(OTHER, "status", f"{on_main}\nstatus")
        repo.git("commit", "--no-verify", "-a", "-m", "Main")
        return {"BASE": "main", "HEAD": head, "CI_COMMIT_SHA": head}

    return made


def test_the_workflow_for_github_checks_the_merge_result(
    repo: "Repo", branches: "Callable[[str, str], dict[str, str]]"
) -> None:
    (command,) = github_commands()
    env = branches("dependencies: [PAY-1]", "dependencies: [PAY-2]")
    for tip in (env["BASE"], env["HEAD"]):
        assert repo.orc("check", "--rev", tip).returncode == 0
    done = repo.run("sh", "-ec", command, env=env, may_fail=True)
    assert done.returncode == 1
    assert re.search(
        r"^::error file=projects/pay/tasks/PAY-[12]\.yaml,line=3,", done.stdout, re.MULTILINE
    )


def test_the_workflow_for_github_passes_what_is_right(
    repo: "Repo", branches: "Callable[[str, str], dict[str, str]]"
) -> None:
    (command,) = github_commands()
    env = branches("priority: low", "priority: high")
    assert repo.run("sh", "-ec", command, env=env).stdout == ""


def test_the_workflow_for_github_gets_no_more_than_it_needs() -> None:
    workflow = parsed(CI / "github-workflow.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in workflow["on"]
    steps = workflow["jobs"]["check"]["steps"]
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps if "uses" in step)
    assert not any("${{" in step.get("run", "") for step in steps)
    (checkout,) = (step for step in steps if "checkout" in step.get("uses", ""))
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_the_template_for_gitlab_reports_and_refuses(
    repo: "Repo", branches: "Callable[[str, str], dict[str, str]]"
) -> None:
    env = branches("dependencies: [PAY-1]", "dependencies: [PAY-2]")
    job = parsed(CI / "gitlab-ci.yml")["plan"]
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    report, text = gitlab_commands()
    repo.run("bash", "-ec", report, env=env)
    found = json.loads((repo.top / job["artifacts"]["reports"]["codequality"]).read_text())
    assert found[0]["check_name"]
    done = repo.run("bash", "-ec", text, env=env, may_fail=True)
    assert done.returncode == 1
    assert "ORC207" in done.stdout


def test_the_hooks_for_pre_commit_are_those_that_its_example_names() -> None:
    manifest = {hook["id"]: hook for hook in parsed(ROOT / ".pre-commit-hooks.yaml")}
    config = parsed(CI / "pre-commit-config.yaml")
    named = [hook["id"] for repo in config["repos"] for hook in repo["hooks"]]
    assert sorted(named) == sorted(manifest)
    stages = {stage for hook in manifest.values() for stage in hook["stages"]} - {"manual"}
    assert set(config["default_install_hook_types"]) == stages


def test_the_hooks_for_pre_commit_are_commands(repo: "Repo") -> None:
    entries = {hook["id"]: hook for hook in parsed(ROOT / ".pre-commit-hooks.yaml")}
    repo.edit(TASK, "title: One", 'title:   "One"')
    repo.git("add", ".")

    def run(name: str, *files: str) -> int:
        words = shlex.split(entries[name]["entry"])
        return repo.run(*words, *files, may_fail=True).returncode

    assert run("orchestrator-check") == 0
    run("orchestrator-fmt", TASK)
    assert repo.read(TASK).startswith("id: PAY-1\ntitle: One  # first\n")
    (repo.top / "message").write_text("Fine\n")
    assert run("orchestrator-commit-msg", "message") == 0
    (repo.top / "message").write_text("Bad\n\nOrchestrator-Patch: x\n")
    assert run("orchestrator-commit-msg", "message") == 1
    repo.stop()
    repo.git("add", ".")
    assert run("orchestrator-check") == 1


@pytest.mark.parametrize("prefix", ["", "plan/"])
def test_the_hooks_for_pre_commit_look_at_the_files_of_a_plan(prefix: str) -> None:
    patterns = {hook["id"]: hook.get("files") for hook in parsed(ROOT / ".pre-commit-hooks.yaml")}
    for path in ("orchestrator.yaml", "users/dana.yaml", "projects/pay/project.yaml", TASK):
        for name in ("orchestrator-check", "orchestrator-fmt"):
            assert re.search(patterns[name], prefix + path)
    for path in ("code.py", "my-orchestrator.yaml", "projects/pay/notes.md"):
        assert not re.search(patterns["orchestrator-fmt"], prefix + path)
