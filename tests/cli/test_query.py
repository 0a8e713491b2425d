"""`query`: a plan answers SQL, and only answers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli, write


@pytest.fixture(params=["always", "never"])
def chosen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the index and without it."""
    monkeypatch.setenv("ORCHESTRATOR_INDEX", request.param)
    return str(request.param)


@pytest.mark.usefixtures("chosen")
def test_every_view_answers(cli: Cli, repo: Path) -> None:
    write(repo, {
        "projects/pay/tasks/PAY-4.yaml": "id: PAY-4\ntitle: Log\nstatus: todo\nmetadata: {a: 1}\n"
        "time_entries:\n  - {at: 2026-11-20T08:00:00Z, minutes: 30, user: dana, note: calls}\n"
    })  # fmt: skip
    cases: dict[str, list[dict[str, object]]] = {
        "SELECT id, title, is_open, actual_minutes FROM tasks WHERE id = 'PAY-4'": [
            {"id": "PAY-4", "title": "Log", "is_open": 1, "actual_minutes": 30}
        ],
        "SELECT json_extract(metadata, '$.a') AS a FROM tasks WHERE metadata IS NOT NULL": [
            {"a": 1}
        ],
        "SELECT count(*) AS n FROM tasks": [{"n": 4}],
        "SELECT key, title FROM projects": [{"key": "PAY", "title": "Payments"}],
        "SELECT id FROM users": [{"id": "dana"}],
        "SELECT * FROM dependencies": [{"task": "PAY-3", "needs": "PAY-2"}],
        "SELECT label FROM labels ORDER BY 1 DESC": [{"label": "db"}, {"label": "api"}],
        "SELECT task, minutes, note FROM time_entries": [
            {"task": "PAY-4", "minutes": 30, "note": "calls"}
        ],
        "SELECT author, change FROM history WHERE id = 'PAY-1'": [
            {"author": "Dana Ionescu", "change": "added"}
        ],
        "SELECT t.id, p.id FROM tasks t JOIN projects p ON p.id = t.project LIMIT 1": [
            {"id": "PAY-1", "id_2": "pay"}
        ],
    }
    for sql, rows in cases.items():
        found = json.loads(cli("query", "--json", sql).stdout)
        assert found == {"total": len(rows), "rows": rows}, sql


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize("sql", [
    "INSERT INTO tasks (id) VALUES ('X-1')", "DELETE FROM files", "UPDATE blobs SET document = 1",
    "DROP TABLE files", "ATTACH 'other.db' AS other", "PRAGMA query_only = 0", "VACUUM",
    "CREATE TABLE x (a)", "SELECT * FROM files", "SELECT * FROM sqlite_master", "COMMIT",
    "SELECT load_extension('x')", "SELECT 1; DELETE FROM files", "SELEC", "",
])  # fmt: skip
def test_what_does_more_than_read_is_refused(cli: Cli, repo: Path, sql: str) -> None:
    before = {path: path.read_bytes() for path in repo.glob("projects/**/*.yaml")}
    done = cli("query", sql, code=None)
    assert done.returncode in (1, 2)
    assert not done.stdout
    assert before == {path: path.read_bytes() for path in repo.glob("projects/**/*.yaml")}
    assert json.loads(cli("query", "--json", "SELECT count(*) AS n FROM tasks").stdout)["rows"] == [
        {"n": 3}
    ]


def test_what_runs_away_is_stopped(cli: Cli) -> None:
    sql = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"
    assert "given up after 0.2 seconds" in cli("query", "--timeout", "0.2", sql, code=1).stderr
    assert "too big" in cli("query", "SELECT zeroblob(1000000000)", code=1).stderr


def test_rows_are_limited(cli: Cli) -> None:
    done = cli("query", "--csv", "--limit", "2", "SELECT id, title FROM tasks ORDER BY id")
    assert done.stdout == "id,title\nPAY-1,Capture\nPAY-2,Retry\n"
    assert "Only the first 2 rows" in done.stderr


def test_history_is_asked_of_git_once(
    cli: Cli, repo: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_INDEX", "always")
    sql = "SELECT id, change FROM history WHERE id = 'PAY-2' ORDER BY change"
    assert json.loads(cli("query", "--json", sql).stdout)["total"] == 1
    (repo / "projects/pay/tasks/PAY-2.yaml").unlink()
    git(repo, "commit", "--quiet", "--all", "-m", "Drop it")
    assert [row["change"] for row in json.loads(cli("query", "--json", sql).stdout)["rows"]] == [
        "added", "removed",
    ]  # fmt: skip
    git(repo, "reset", "--quiet", "--hard", "HEAD^")
    assert json.loads(cli("query", "--json", sql).stdout)["total"] == 1


def test_the_schema_names_every_view(cli: Cli) -> None:
    text = cli("query", "--schema").stdout
    for name in ("tasks", "projects", "users", "dependencies", "labels", "time_entries", "history"):
        assert f"\n{name}: " in f"\n{text}"
