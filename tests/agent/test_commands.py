"""The commands of agents, from the line typed to the proposal, against a server of this machine."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orchestrator.agent.answers import Answers
from orchestrator.agent.conversations import conversations
from orchestrator.agent.runs import runs
from orchestrator.cli.group import group
from orchestrator.errors import OrchestratorError
from tests.agent.fake_server import FakeServer, serving, status, text, tool_answers, tools

FINISH = ("finish", {"title": "Plan refunds", "summary": "Two steps.", "assumptions": ["In EUR"]})
TREE = (
    "create_tasks",
    {"project": "pay", "tasks": [
        {"key": "a", "title": "Design refunds", "estimate": "4h"},
        {"key": "b", "title": "Build refunds", "estimate": "2d", "depends_on": ["a"]},
    ]},
)  # fmt: skip
Git = Callable[..., str]


class Agent:
    """Runs `orchestrator agent …` in this process, with a provider that a test scripts."""

    def __init__(self, root: Path, git: Git) -> None:
        self.root = root
        self._git = git

    def points_at(self, server: FakeServer, more: str = "") -> None:
        """Commit settings in which `fake` is the scripted server."""
        settings = f"version: 1\nname: Test\n{more}agents:\n  models:\n"
        settings += "".join(f"    {task}: [fake:m1]\n" for task in ("plan", "chat", "cheap"))
        settings += f"  providers:\n    fake:\n      url: {server.url}\n"
        (self.root / "orchestrator.yaml").write_text(settings)
        self._git(self.root, "commit", "--quiet", "-am", "Settings")

    def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Result:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            given = ["-C", str(self.root), "agent", *arguments]
            return CliRunner().invoke(group, given, input=stdin)

    def json(self, *arguments: str, **environment: str) -> dict[str, Any]:
        """Return a command's JSON answer."""
        done = self(*arguments, "--json", **environment)
        if done.exception:
            raise done.exception
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @property
    def state(self) -> Path:
        return self.root / ".git" / "orchestrator"

    def tidy(self) -> bool:
        """Whether the work tree is as it was committed."""
        return not self._git(self.root, "status", "--porcelain")

    def branches(self) -> list[str]:
        return self._git(
            self.root, "branch", "--list", "agent/*", "--format=%(refname:short)"
        ).split()


@pytest.fixture
def agent(repo: Path, git: Git) -> Agent:
    return Agent(repo, git)


def refused(done: Result) -> OrchestratorError:
    assert isinstance(done.exception, OrchestratorError), (done.output, done.exception)
    return done.exception


def test_a_plan_is_shown_and_proposed(agent: Agent, git: Git) -> None:
    with serving(tools(TREE), tools(FINISH)) as server:
        agent.points_at(server)
        done = agent("plan", "Refunds for customers", "--no-input")
    assert done.exception is None, done.output
    assert done.stdout.splitlines()[0] == "pay  Payments"
    assert done.stdout.splitlines()[-1] == "planner/plan-refunds"
    assert sum(line.startswith("+ PAY-") for line in done.stdout.splitlines()) == 2
    assert "assumed: In EUR" in done.stderr
    assert "2 tasks added, 2d4h of work" in done.stderr
    assert "critical path of pay" in done.stderr
    assert agent.tidy()
    message = git(agent.root, "log", "-1", "--format=%B", "agent/planner/plan-refunds")
    assert "Orchestrator-Agent: planner" in message
    assert "Orchestrator-Model: fake:m1" in message
    assert "Orchestrator-Tokens: 200 in, 20 out" in message
    assert "Orchestrator-Tainted" not in message
    (run,) = runs(agent.state)
    assert (run.result, run.proposal, run.requests) == ("proposed", "planner/plan-refunds", 2)


def test_a_plan_from_a_file_is_tainted(agent: Agent, git: Git) -> None:
    (agent.root.parent / "brief.md").write_text("# Refunds\n")
    with serving(tools(TREE), tools(FINISH)) as server:
        agent.points_at(server)
        row = agent.json("plan", str(agent.root.parent / "brief.md"))
        told = server.requests[0]["messages"][-1]["content"]
    assert row["tainted"] == "brief.md"
    assert "BEGIN the text" in told
    message = git(agent.root, "log", "-1", "--format=%B", f"agent/{row['proposal']}")
    assert "Orchestrator-Tainted: brief.md" in message
    assert "read text that others wrote: brief.md" in message


POLICY = "policy: {agents: {allow: [{projects: [pay]}], accept: auto}}\n"


def test_apply_is_for_policies_that_allow_it(agent: Agent, git: Git) -> None:
    with serving(tools(TREE), tools(FINISH)) as server:
        agent.points_at(server)
        error = refused(agent("plan", "Refunds", "--apply"))
        assert "has a person accept" in error.message
        assert server.requests == []
        agent.points_at(server, POLICY)
        row = agent.json("plan", "Refunds", "--apply")
    assert row["result"] == "applied"
    assert "Accept planner/plan-refunds" in git(agent.root, "log", "-1", "--format=%s")


def test_what_others_wrote_is_never_accepted_without_a_person(agent: Agent) -> None:
    (agent.root.parent / "brief.md").write_text("# Refunds\n")
    with serving(tools(TREE), tools(FINISH)) as server:
        agent.points_at(server, POLICY)
        error = refused(agent("plan", str(agent.root.parent / "brief.md"), "--apply"))
    assert "reading text that others wrote: brief.md" in error.message
    assert agent.branches() == ["agent/planner/plan-refunds"]
    assert agent.tidy()


def test_an_agent_does_not_accept_what_another_read(
    agent: Agent, cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (agent.root.parent / "brief.md").write_text("# Refunds\n")
    (agent.root / "users" / "planner.yaml").write_text("id: planner\nname: P\nkind: agent\n")
    agent._git(agent.root, "add", ".")
    with serving(tools(TREE), tools(FINISH)) as server:
        agent.points_at(server, POLICY)
        agent("plan", str(agent.root.parent / "brief.md"))
    monkeypatch.setenv("ORCHESTRATOR_USER", "planner")
    done = cli("proposal", "accept", "planner/plan-refunds", code=1)
    assert "reading text that others wrote: brief.md" in done.stderr
    monkeypatch.setenv("ORCHESTRATOR_USER", "dana")
    cli("proposal", "accept", "planner/plan-refunds")


def test_the_policy_refuses_a_verb_at_once_and_the_model_is_told(agent: Agent) -> None:
    steps = tools(("create_project", {"id": "web", "title": "Web"})), text("It is not allowed.")
    with serving(*steps) as server:
        agent.points_at(server, POLICY)
        row = agent.json("run", "Make a project")
        (answer,) = tool_answers(server.requests[-1])
    assert row["result"] == "answered"
    assert "ORC401" in answer["error"]
    assert agent.branches() == []


def test_questions_without_a_person_are_a_refusal(agent: Agent) -> None:
    with serving(tools(("ask_person", {"questions": ["Which shop?"]}))) as server:
        agent.points_at(server)
        error = refused(agent("plan", "A shop"))
    assert "Which shop?" in error.message
    assert agent.branches() == []
    assert [run.result for run in runs(agent.state)] == ["asked"]


def test_a_person_is_asked_and_the_answers_are_planned_with(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.cli.agent.ground.is_attended", lambda _: True)
    steps = tools(("ask_person", {"questions": ["Which shop?"]})), tools(TREE), tools(FINISH)
    with serving(*steps) as server:
        agent.points_at(server)
        done = agent("plan", "A shop", stdin="The corner shop\n")
        told = server.requests[1]["messages"][-1]["content"]
    assert "Which shop?: " in done.stderr
    assert "Which shop?\nThe corner shop" in told
    assert done.stdout.splitlines()[-1] == "planner/plan-refunds"
    assert [run.result for run in runs(agent.state)] == ["proposed", "asked"]


@pytest.mark.parametrize(("answer", "count"), [("y", 1), ("n", 0)])
def test_a_person_is_asked_before_something_is_deleted(
    agent: Agent, monkeypatch: pytest.MonkeyPatch, answer: str, count: int
) -> None:
    monkeypatch.setattr("orchestrator.cli.agent.ground.is_attended", lambda _: True)
    with serving(tools(("delete", {"id": "PAY-3"})), text("So be it.")) as server:
        agent.points_at(server)
        done = agent("run", "delete PAY-3", stdin=f"{answer}\n")
    assert "Delete PAY-3 (Refund)? [y/N]" in done.stderr
    assert len(agent.branches()) == count


def test_a_planner_that_makes_nothing_is_a_refusal(agent: Agent) -> None:
    with serving(tools(FINISH)) as server:
        agent.points_at(server)
        error = refused(agent("plan", "Nothing"))
    assert error.message.startswith("Nothing was planned.")


def test_an_instruction_is_carried_out_or_only_shown(agent: Agent) -> None:
    steps = tools(("set_task", {"id": "PAY-1", "priority": "low"})), text("Lowered.")
    with serving(*steps, *steps) as server:
        agent.points_at(server)
        done = agent("run", "lower PAY-1", "--dry-run")
        assert done.stdout == "Lowered.\n"
        assert "PAY-1: priority: high → low" in done.stderr
        assert agent.branches() == []
        agent("run", "lower PAY-1")
    assert agent.branches() == ["agent/assistant/set-priority-of-pay-1-to-low"]
    assert agent.tidy()


def test_a_deletion_is_not_done_when_nobody_can_be_asked(agent: Agent) -> None:
    with serving(tools(("delete", {"id": "PAY-3"})), text("I may not.")) as server:
        agent.points_at(server)
        row = agent.json("run", "delete PAY-3")
        (answer,) = tool_answers(server.requests[-1])
    assert row["ops"] == []
    assert "A person must agree" in answer["error"]


def test_a_conversation_is_kept_and_goes_to_one_proposal(agent: Agent, git: Git) -> None:
    steps = (
        tools(("set_task", {"id": "PAY-1", "priority": "low"})), text("Lowered."),
        tools(("set_task", {"id": "PAY-3", "title": "Refunds"})), text("Renamed."),
        text("You asked me to lower PAY-1 ."),
    )  # fmt: skip
    with serving(*steps) as server:
        agent.points_at(server)
        agent("chat", stdin="lower PAY-1\nrename PAY-3\n")
        (branch,) = agent.branches()
        assert git(agent.root, "rev-list", "--count", f"main..{branch}").strip() == "2"
        (talk,) = conversations(agent.state)
        assert [turn.text for turn in talk.turns] == [
            "lower PAY-1", "Lowered.", "rename PAY-3", "Renamed.",
        ]  # fmt: skip
        done = agent("chat", "--resume", stdin="what was it?\n")
        assert "You asked me" in done.stdout
        assert "Lowered." in str(server.requests[-1]["messages"])
    assert talk.id in agent("chat", "--list").stdout
    assert agent.tidy()


def test_a_turn_that_fails_does_not_end_the_conversation(agent: Agent) -> None:
    with serving(status(401), text("Hello.")) as server:
        agent.points_at(server)
        done = agent("chat", stdin="one\ntwo\n")
    assert "does not accept the key" in done.stderr
    assert done.stdout == "Hello.\n"
    assert next(run.result for run in runs(agent.state)) == "answered"


def test_a_known_answer_is_not_asked_again(agent: Agent) -> None:
    with serving(tools(TREE), tools(FINISH)) as server:
        agent.points_at(server)
        first = agent.json("plan", "Refunds", "--cache", "--dry-run")
        second = agent.json("plan", "Refunds", "--cache", "--dry-run")
        assert len(server.requests) == 2
        assert second["ops"] == first["ops"] != []
        assert (first["usage"]["is_cached"], second["usage"]["is_cached"]) == (False, True)
        agent("plan", "Something else", "--cache", "--dry-run")
        assert len(server.requests) == 3
    assert agent.json("cache", "stats") | {"bytes": 0} == {
        "answers": 2, "bytes": 0, "hits": 1, "misses": 2, "most": 200,
    }  # fmt: skip
    assert "Dropped 2 answers." in agent("cache", "clear").stderr
    assert Answers(agent.state).stats().answers == 0


def test_what_a_known_answer_read_counts_as_read(agent: Agent, git: Git) -> None:
    task = agent.root / "projects" / "pay" / "tasks" / "PAY-3.yaml"
    task.write_text(task.read_text() + "external_ids:\n  linear: ENG-4\n")
    steps = tools(("get", {"id": "PAY-3"}), ("set_task", {"id": "PAY-1", "priority": "low"}))
    with serving(steps, text("Lowered.")) as server:
        agent.points_at(server)
        first = agent.json("run", "lower it", "--cache")
        second = agent.json("run", "lower it", "--cache")
    assert (first["tainted"], second["tainted"]) == ("PAY-3", "PAY-3")
    assert second["usage"]["is_cached"]
    message = git(agent.root, "log", "-1", "--format=%B", f"agent/{second['proposal']}")
    assert "Orchestrator-Tainted: PAY-3" in message


def test_providers_are_listed_and_tried(agent: Agent) -> None:
    with serving(text("ok")) as server:
        agent.points_at(server)
        found = agent.json("providers", ANTHROPIC_API_KEY="sk-ant-x")
        ready = [row["name"] for row in found["providers"] if row["is_ready"]]
        assert ready == ["anthropic", "fake", "offline"]
        assert found["used"]["plan"] == ["fake:m1"]
        assert "sk-ant-x" not in json.dumps(found)
        tried = agent.json("providers", "check", "fake:m1")
    assert tried["providers"] == [{"name": "fake", "model": "fake:m1", "answer": "ok"}]


def test_runs_are_listed_with_what_they_took(agent: Agent) -> None:
    with serving(text("Hello.")) as server:
        agent.points_at(server)
        agent("run", "hello")
        agent("run", "hello", "--max-tokens", "1")
    found = agent.json("runs")
    assert found["total"] == 2
    assert [run["result"] for run in found["runs"]] == [
        "The run has taken 1 tokens, and may take no more; nothing was written.", "answered",
    ]  # fmt: skip
    assert found["runs"][1]["input_tokens"] == 100
    assert "hello" in agent("runs").stdout


SECRETS = {
    "github": "ghp_" + "a1B2c3D4e5" * 4,
    "anthropic": "sk-ant-" + "a1B2c3D4e5" * 4,
    "hidden": "correct-horse-battery",
    "key": "-----BEGIN PRIVATE KEY-----\n" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=\n" * 3,
}


def test_no_secret_is_in_any_request(agent: Agent) -> None:
    task = agent.root / "projects" / "pay" / "tasks" / "PAY-1.yaml"
    indented = SECRETS["key"].replace("\n", "\n  ")
    task.write_text(
        f"id: PAY-1\ntitle: Use {SECRETS['github']} here\nstatus: todo\n"
        f"labels: ['{SECRETS['hidden']}']\n"
        f"description: |\n  {SECRETS['anthropic']}\n  {indented}\n"
    )
    looks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("get", {"id": "PAY-1"}), ("list", {}), ("search", {"text": "use"}),
        ("history", {"id": "PAY-1"}), ("check", {}), ("ready", {}),
    )  # fmt: skip
    with serving(tools(*looks), text("Seen."), tools(*looks), tools(FINISH)) as server:
        agent.points_at(server, f"description: token {SECRETS['github']}\n")
        environment = {"DEPLOY_TOKEN": SECRETS["hidden"], "ORCHESTRATOR_FAKE_KEY": "the-one-key-1"}
        for command in ("run", "plan"):
            agent(command, f"PAY-1 with {SECRETS['hidden']} {SECRETS['github']}", **environment)
        assert len(server.raw) == 4
        for raw in server.raw:
            head, _, body = raw.partition("\n\n")
            assert "the-one-key-1" in head
            assert "the-one-key-1" not in body
            sent = body.replace("\\n", "\n")
            for name, secret in SECRETS.items():
                assert secret not in sent, (name, sent[:200])
            assert "QUJDREVGR0hJSktMTU5P" not in sent
    for path in agent.state.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(secret.encode() in data for secret in SECRETS.values()), path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "x", "--provider", "anthropic"], "There is no key for anthropic"),
        (["run", "x", "--provider", "nothing"], "There is no provider nothing"),
        (["run", "  "], "the text is empty"),
        (["plan", ""], "the text is empty"),
        (["plan", "missing.md"], "There is no file missing.md"),
        (["plan", "x", "--project", "nope"], "There is no project nope"),
        (["plan", "x" * 500_000], "500,000 characters"),
        (["chat", "--resume", "zzzzzz"], "There is no conversation zzzzzz"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    agent: Agent, arguments: Sequence[str], said: str
) -> None:
    assert said in refused(agent(*arguments)).message
    assert agent.branches() == []


def test_without_the_packages_one_line_says_what_to_install(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.agent.open.find_spec", lambda _: None)
    error = refused(agent("run", "x", "--provider", "openai", OPENAI_API_KEY="k"))
    assert error.hint is not None
    assert "gitops-orchestrator[agents]" in error.hint


@pytest.mark.parametrize("after", [1, 2])
def test_a_killed_run_leaves_nothing_but_its_conversation(agent: Agent, after: int) -> None:
    def wait(_: dict[str, Any]) -> dict[str, Any]:
        time.sleep(1)
        return text("Too late.")

    steps = [tools(("set_task", {"id": "PAY-1", "priority": "low"}))] * (after - 1)
    with serving(*steps, wait) as server:
        agent.points_at(server)
        before = agent._git(agent.root, "for-each-ref")
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestrator", "agent", "chat"],
            cwd=agent.root, env=dict(os.environ), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write("lower PAY-1\n")
        process.stdin.flush()
        while len(server.requests) < after and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdin.close()
    assert agent._git(agent.root, "for-each-ref") == before
    assert agent.tidy()
    (talk,) = conversations(agent.state)
    assert [turn.text for turn in talk.turns] == ["lower PAY-1"]
    left = {path.name for path in agent.state.rglob("*") if path.is_file()}
    assert left <= {f"{talk.id}.json"}
