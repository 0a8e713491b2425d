"""prepare-commit-msg and commit-msg."""

from typing import TYPE_CHECKING

import pytest

from orchestrator.store.git import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hooks.conftest import Repo

TASK = "projects/pay/tasks/PAY-1.yaml"
OTHER = "projects/pay/tasks/PAY-2.yaml"


def test_a_commit_of_the_plan_gets_its_subject_from_what_changed(repo: "Repo") -> None:
    repo.start()
    repo.git("commit", "-a", env=repo.editor())
    assert repo.seen.startswith("Mark PAY-1 as in_progress\n\n# In the plan:\n")
    assert "#   PAY-1: status: todo → in_progress\n" in repo.seen
    assert "# Please enter the commit message" in repo.seen
    assert repo.subject == "Mark PAY-1 as in_progress"
    assert repo.git("log", "-1", "--format=%b").stdout.strip() == ""


def test_only_what_is_committed_is_told(repo: "Repo") -> None:
    repo.edit(OTHER, "Two", "Second")
    repo.git("add", ".")
    repo.start()
    repo.git("commit", "--", TASK, env=repo.editor())
    assert "PAY-1" in repo.seen
    assert "PAY-2: " not in repo.seen
    assert repo.subject == "Mark PAY-1 as in_progress"


def test_a_commit_of_plan_and_code_gets_comments_only(repo: "Repo") -> None:
    repo.start()
    (repo.top / "code.txt").write_text("more\n")
    done = repo.git("commit", "-a", may_fail=True, env=repo.editor())
    assert done.returncode == 1
    assert "Aborting commit due to empty commit message" in done.stderr
    assert repo.seen.startswith("\n\n# In the plan:\n#   PAY-1: status: todo → in_progress\n")


def test_the_first_commit_gets_a_subject(make: "Callable[..., Repo]") -> None:
    repo = make(committed=False)
    repo.git("add", "orchestrator.yaml", "projects")
    repo.git("commit", env=repo.editor())
    assert repo.subject.startswith("Add 2 tasks and 1 project")


@pytest.mark.parametrize(
    "arguments", [("-m", "Mine"), ("--amend",), ("-C", "HEAD"), ("-t", "template")], ids=" ".join
)
def test_a_message_that_is_there_is_left_alone(arguments: tuple[str, ...], repo: "Repo") -> None:
    (repo.top / "template").write_text("Mine\n")
    repo.start()
    repo.git("commit", *arguments, "-a", env=repo.editor('echo more >> "$1"'))
    assert "PAY-1" not in repo.git("log", "-1", "--format=%B").stdout


@pytest.mark.parametrize(
    "config", [("core.commentChar", ";"), ("core.commentChar", "auto"), ("commit.verbose", "true"),
               ("commit.cleanup", "scissors"), ("commit.cleanup", "verbatim")], ids=" ".join
)  # fmt: skip
def test_no_comment_gets_into_the_message(config: tuple[str, str], repo: "Repo") -> None:
    repo.git("config", *config)
    repo.start()
    repo.git("commit", "-a", env=repo.editor())
    message = repo.git("log", "-1", "--format=%B").stdout
    assert message.startswith("Mark PAY-1 as in_progress\n")
    assert "In the plan" not in message


def test_settings_given_to_git_on_the_command_line_hold_in_its_hooks(repo: "Repo") -> None:
    repo.start()
    repo.git("-c", "core.commentChar=;", "commit", "-a", env=repo.editor())
    assert "\n; In the plan:\n;   PAY-1: status" in repo.seen
    assert repo.git("log", "-1", "--format=%B").stdout.strip() == "Mark PAY-1 as in_progress"


def test_settings_of_somebody_elses_git_hold_in_hooks_only() -> None:
    given = {"GIT_CONFIG_PARAMETERS": "'core.commentChar=;'"}
    assert given.items() <= clean_environment(given, in_hook=True).items()
    assert not given.keys() & clean_environment(given, in_hook=False).keys()


@pytest.mark.parametrize("name", [".git/gone", ".git"])
def test_a_message_that_cannot_be_read_is_one_sentence(name: str, repo: "Repo") -> None:
    repo.start()
    repo.git("add", ".")
    told = repo.orc("hook", "prepare-commit-msg", name)  # which informs, and refuses nothing
    assert told.stderr.startswith(f"orchestrator: The message in {name} cannot be used: ")
    assert told.stderr.count("\n") == 1
    refused = repo.orc("hook", "commit-msg", name, may_fail=True)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"error: The message in {name} cannot be used: ")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Fine", 0),
        (f"Fine\n\nOrchestrator-Patch: sha256:{'a' * 64}", 0),
        ("Fine\n\n====\n<<< not a conflict\n", 0),
        ("Bad\n\nOrchestrator-Patch: sha256:abc", 1),
        ("Bad\n\norchestrator-patch:", 1),
        ("Bad\n\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> side", 1),
    ],
)
def test_a_garbled_message_is_refused(message: str, code: int, repo: "Repo") -> None:
    done = repo.git("commit", "--allow-empty", "-m", message, may_fail=True)
    assert done.returncode == code
    assert ("git commit --no-verify skips this check." in done.stderr) is bool(code)


def test_conflict_markers_in_comments_are_no_fault(repo: "Repo") -> None:
    editor = repo.editor("printf 'Fine\\n# <<<<<<< HEAD\\n# Orchestrator-Patch: x\\n' > \"$1\"")
    repo.git("commit", "--allow-empty", env=editor)
    assert repo.subject == "Fine"
