"""`init`: in an empty folder, in a repository, in a sub-folder of one; nothing overwritten."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Cli

Git = Callable[..., str]


def test_an_empty_folder_becomes_a_workspace_in_a_repository(tmp_path: Path, git: Git) -> None:
    cli = Cli(tmp_path)
    cli("init", "my plan")
    root = tmp_path / "my plan"
    assert (root / "orchestrator.yaml").read_text() == "version: 1\nname: my plan\n"
    assert "email: dana@example.com" in (root / "users/dana.yaml").read_text()
    assert git(root, "rev-parse", "--is-inside-work-tree") == "true\n"
    Cli(root)("check")
    Cli(root)("project", "new", "pay")
    Cli(root)("task", "new", "First")
    Cli(root)("check")


def test_a_repository_gets_a_workspace_beside_its_files(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "main.py").write_text("print()\n")
    Cli(tmp_path)("init", "--name", "Team")
    assert "name: Team" in (tmp_path / "orchestrator.yaml").read_text()
    assert (tmp_path / "main.py").read_text() == "print()\n"
    assert not list(tmp_path.glob("*/.git"))


def test_a_sub_folder_of_a_repository_stays_in_it(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "--quiet")
    Cli(tmp_path)("init", "plan")
    assert (tmp_path / "plan/orchestrator.yaml").exists()
    assert not (tmp_path / "plan/.git").exists()


def test_nothing_that_exists_is_overwritten(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "--quiet")
    mine = {
        ".gitattributes": "*.png binary\n",
        ".vscode/settings.json": "{}\n",
        "orchestrator.yaml": "name: Mine\n",
    }
    for path, text in mine.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    done = Cli(tmp_path)("init")
    for path, text in mine.items():
        assert (tmp_path / path).read_text() == text
        assert f"{path} is there already" in done.stderr
    assert "add this line to .gitattributes" in done.stderr
    before = sorted(tmp_path.rglob("*"))
    Cli(tmp_path)("init")
    assert sorted(tmp_path.rglob("*")) == before


def test_the_editor_is_given_schemas_that_exist(tmp_path: Path) -> None:
    Cli(tmp_path)("init")
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text())
    for schema in settings["yaml.schemas"]:
        assert json.loads((tmp_path / schema).read_text())["$schema"].startswith("https://")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = Cli(tmp_path)("init", "file/plan", code=1)
    assert done.stderr.count("\n") == 2
    assert "cannot be made" in done.stderr


def test_a_bare_repository_is_refused(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "b.git")
    done = Cli(tmp_path / "b.git")("init", code=1)
    assert "bare git repository" in done.stderr
    assert not (tmp_path / "b.git/orchestrator.yaml").exists()


def test_without_git_the_user_is_known_all_the_same(tmp_path: Path) -> None:
    Cli(tmp_path)("init", "--no-git")
    assert (tmp_path / "users/dana.yaml").exists()
    assert not (tmp_path / ".git").exists()


def test_the_next_step_can_be_pasted(tmp_path: Path) -> None:
    assert "-C 's u b' project new ID" in Cli(tmp_path)("init", "s u b").stderr
