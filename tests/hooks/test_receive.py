"""pre-receive: real pushes to a real bare repository that has the hook."""

import json
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hooks.conftest import Repo

TASK = "projects/pay/tasks/PAY-1.yaml"
OTHER = "projects/pay/tasks/PAY-2.yaml"
OWN = "HEAD:refs/heads/agent/planner/x"
POLICY = """name: Test
policy:
  agents:
    allow:
      - entities: [tasks]
        ops: [add, replace]
    deny:
      - fields: [priority]
    limits: {entities: 3}
"""
USERS = {
    "dana": "name: Dana\nemail: dana@example.com\nhandles: {gitlab: dana-i}\n",
    "lee": "name: Lee\nrole: viewer\n",
    "max": "name: Max\nactive: false\n",
    "planner": "name: Planner\nkind: agent\nemail: planner@bots.example\n",
    "triage": "name: Triage\nkind: agent\n",
}


@dataclass(frozen=True)
class Server:
    """A clone with a bare repository behind it, whose pre-receive hook is ours."""

    repo: Repo
    bare: Path

    def push(self, *what: str, who: str | None = "planner", **more: str) -> str | None:
        """Push; return None when all was taken, and what the server said when it was not."""
        env = {"ORCHESTRATOR_PUSHER": who, **more} if who else more
        before = self.refs
        done = self.repo.git(
            "push", "--quiet", "--no-verify", "origin", *what, may_fail=True, env=env
        )
        if done.returncode == 0:
            return None
        assert "pre-receive hook declined" in done.stderr, done.stderr
        assert self.refs == before
        return done.stderr

    @property
    def refs(self) -> str:
        return self.repo.git("for-each-ref", cwd=self.bare).stdout

    def commit(self, message: str = "Change", **files: str) -> str:
        """Commit files, named without the folders of a plan, and whatever else is changed."""
        for path, text in files.items():
            self.repo.write(path, text)
        self.repo.git("add", "--all")
        self.repo.git("commit", "--quiet", "--no-verify", "-m", message)
        return self.repo.git("rev-parse", "HEAD").stdout.strip()

    def edit(self, old: str, new: str, path: str = TASK) -> str:
        """Commit one replaced text."""
        self.repo.edit(path, old, new)
        return self.commit()

    def branch(self, name: str, start: str = "main") -> None:
        self.repo.git("checkout", "--quiet", "-B", name, start)


Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def served(
    tmp_path_factory: pytest.TempPathFactory,
    environment: dict[str, str],
    patterns: Callable[[str, bool], Path],
) -> Callable[[str, str], Path]:
    """Clones with a server to copy: made once for each policy and folder."""
    made: dict[tuple[str, str], Path] = {}

    def pattern(policy: str, folder: str) -> Path:
        if (policy, folder) not in made:
            place = tmp_path_factory.mktemp("served")
            shutil.copytree(patterns(folder, True), place / "repo", symlinks=True)
            repo = Repo(place / "repo", environment, folder)
            repo.write("orchestrator.yaml", policy)
            for name, text in USERS.items():
                repo.write(f"users/{name}.yaml", f"id: {name}\n{text}")
            repo.git("add", "--all")
            repo.git("commit", "--quiet", "--no-verify", "--amend", "-m", "Begin")
            bare = place / "server.git"
            repo.git("clone", "--quiet", "--bare", str(repo.top), str(bare))
            shutil.rmtree(bare / "hooks")
            repo.git("remote", "add", "origin", "../server.git")
            repo.run("orchestrator", "hooks", "install", cwd=bare)
            made[policy, folder] = place
        return made[policy, folder]

    return pattern


@pytest.fixture
def serve(tmp_path: Path, environment: dict[str, str], served: Callable[[str, str], Path]) -> Serve:
    """A function that makes a clone with a server that has a policy."""

    def make_server(policy: str = POLICY, folder: str = "") -> Server:
        place = tmp_path / "served"
        shutil.copytree(served(policy, folder), place, symlinks=True)
        return Server(Repo(place / "repo", environment, folder), place / "server.git")

    return make_server


@pytest.fixture
def server(serve: Serve) -> Server:
    """A clone with a server that has the usual policy."""
    return serve()


def test_an_agent_pushes_what_the_policy_allows_to_its_own_branches_alone(server: Server) -> None:
    server.edit("status: todo", "status: blocked")
    assert server.push(OWN) is None
    for ref in ("main", "topic", "agent/triage/x", "agent/planner", "agent/plannerx/y"):
        said = server.push(f"HEAD:refs/heads/{ref}")
        assert said is not None
        assert f"Agent planner may not push to refs/heads/{ref} :" in said
    assert "may not push to refs/tags/v1 " in str(server.push("HEAD:refs/tags/v1"))
    assert "refs/notes/x " in str(server.push("HEAD:refs/notes/x"))
    assert "refs/orchestrator/x " in str(server.push("HEAD:refs/orchestrator/x"))


def test_a_refusal_names_the_commit_the_line_and_the_rule(server: Server) -> None:
    oid = server.edit("status: todo\n", "status: todo\npriority: high\n")
    said = str(server.push(OWN))
    assert (
        f"{oid[:12]} {TASK}:4: error[ORC401] Agent planner may not set priority of PAY-1 " in said
    )
    assert "(orchestrator.yaml:8)" in said


def test_an_agent_adds_tasks_with_the_stamps_of_the_tool(server: Server) -> None:
    server.branch("mine")
    new = "id: PAY-9\ntitle: Nine\nstatus: todo\ncreated_at: 2026-02-03T04:00:00+00:00\n"
    server.commit(**{"projects/pay/tasks/PAY-9.yaml": new})
    assert server.push(OWN) is None
    started = "status: in_progress\nstarted_at: 2026-02-03T04:05:00+00:00"
    server.edit("status: todo", started)
    assert server.push(OWN) is None
    server.branch("forged")
    server.edit("status: todo", started.replace("2026", "2025"))
    assert "the stamp is not from the day of the commit" in str(server.push(f"{OWN}2"))
    server.branch("stamps")
    server.edit("created_at: 2026-01", "created_at: 2025-01")
    assert "stamps are the tool's to set" in str(server.push(f"{OWN}3"))


def test_a_change_that_is_changed_back_inside_the_push_is_refused(server: Server) -> None:
    oid = server.edit("name: Test", "name: Mine", "orchestrator.yaml")
    server.edit("name: Mine", "name: Test", "orchestrator.yaml")
    said = str(server.push(OWN))
    assert oid[:12] in said
    assert "Agent planner may not change orchestrator.yaml : it is no task and no project." in said


def test_a_policy_is_not_taken_from_the_push_that_brings_it(server: Server) -> None:
    server.edit("fields: [priority]", "fields: [owner]", "orchestrator.yaml")
    server.edit("status: todo\n", "status: todo\npriority: high\n")
    said = str(server.push(OWN))
    assert "may not change orchestrator.yaml" in said
    assert "may not set priority of PAY-1 : the policy denies it." in said
    server.branch("kind")
    server.edit("kind: agent", "kind: human", "users/planner.yaml")
    assert "may not change users/planner.yaml" in str(server.push(OWN))
    assert "may not push to refs/heads/main" in str(server.push("HEAD:main"))


def test_rights_are_not_read_from_a_proposal_that_a_person_has_changed(server: Server) -> None:
    server.edit("fields: [priority]", "fields: [owner]", "orchestrator.yaml")
    assert server.push(OWN, who="dana") is None
    server.edit("status: todo\n", "status: todo\npriority: high\n")
    assert "may not set priority" in str(server.push(OWN))


def test_an_agent_that_an_old_branch_does_not_know_is_an_agent_all_the_same(
    server: Server,
) -> None:
    server.repo.git("rm", "-q", "users/planner.yaml")
    server.commit("Before there was a planner")
    assert server.push("HEAD:refs/heads/old", who="dana") is None
    server.edit("status: todo", "status: blocked")
    assert "may not push to refs/heads/old" in str(server.push("HEAD:refs/heads/old"))


@pytest.mark.parametrize("who", ["planner", "PLANNER", "planner@bots.example"])
def test_the_author_of_a_commit_is_only_text(server: Server, who: str) -> None:
    server.repo.edit(TASK, "status: todo\n", "status: todo\npriority: high\n")
    server.repo.git("add", "--all")
    forged = ("-c", "user.name=Dana", "-c", "user.email=dana@example.com")
    server.repo.git(*forged, "commit", "--quiet", "--no-verify", "-m", "I am Dana")
    assert "may not set priority" in str(server.push(OWN, who=who))
    assert server.push("HEAD:main", who="dana") is None


def test_a_commit_that_says_it_is_an_agents_is_held_to_that_where_nobody_is_named(
    server: Server,
) -> None:
    server.repo.edit(TASK, "status: todo\n", "status: todo\npriority: high\n")
    server.commit("Change\n\nOrchestrator-Agent: planner")
    assert "may not set priority" in str(server.push("HEAD:refs/heads/topic", who=None))
    assert server.push("HEAD:refs/heads/topic", who="dana") is None
    server.repo.edit(TASK, "priority: high", "priority: low")
    agent = ("-c", "user.email=planner@bots.example")
    names = {"GIT_AUTHOR_EMAIL": "Planner@bots.example"}
    server.repo.git(*agent, "commit", "-a", "-q", "--no-verify", "-m", "Change", env=names)
    assert "may not set priority" in str(server.push("HEAD:refs/heads/topic", who=None))


def test_many_refusals_are_counted_and_the_hook_loads_nothing_heavy(server: Server) -> None:
    server.commit(**{f"code/{number}.txt": "mine\n" for number in range(25)})
    said = str(server.push(OWN))
    assert said.count("error[ORC401]") == 20
    assert "… and 5 more" in said
    tip = server.repo.git("rev-parse", "HEAD~1").stdout.strip()
    line = f"{'0' * 40} {tip} refs/heads/agent/planner/x\n"
    script = (
        "import sys; from orchestrator.cli import main\n"
        "try: main(['hook', 'pre-receive'])\n"
        "finally: print(*sys.modules)"
    )
    who = {"ORCHESTRATOR_PUSHER": "planner"}
    done = server.repo.run(sys.executable, "-P", "-c", script, cwd=server.bare, stdin=line, env=who)
    assert "orchestrator.patch.policy" in done.stdout.split()
    assert not {"pydantic", "git", "ruamel", "rich", "asyncio"} & set(done.stdout.split())


def test_an_edit_slipped_into_a_merge_is_the_merges_own(server: Server) -> None:
    server.branch("side")
    server.edit("title: Two", "title: Second", OTHER)
    assert server.push("HEAD:main", who="dana") is None
    server.branch("mine", "main")
    server.edit("status: todo", "status: blocked")
    server.repo.git("merge", "--quiet", "--no-commit", "--no-verify", "side")
    server.repo.edit(OTHER, "status: todo\n", "status: todo\npriority: urgent\n")
    oid = server.commit("Merge")
    said = str(server.push(OWN))
    assert oid[:12] in said
    assert "may not set priority of PAY-2 " in said
    server.repo.git("reset", "--quiet", "--hard", "HEAD~1")
    server.repo.git("merge", "--quiet", "--no-verify", "--no-edit", "side")
    assert server.push(OWN) is None


def test_a_merge_that_drops_the_other_side_is_an_edit(server: Server) -> None:
    server.branch("side")
    server.edit("status: todo\n", "status: todo\npriority: high\n", OTHER)
    server.commit(**{"code.txt": "better\n"})
    assert server.push("HEAD:main", who="dana") is None
    server.branch("mine", "main")
    server.edit("status: todo", "status: blocked")
    server.repo.git("merge", "--quiet", "--no-verify", "--no-edit", "-s", "ours", "side")
    said = str(server.push(OWN))
    assert "may not change code.txt" in said
    assert "may not clear priority of PAY-2 " in said


def test_a_merge_of_two_edits_of_one_task_is_no_edit(server: Server) -> None:
    server.branch("side")
    server.edit("title: One", "title: First")
    server.edit("status: todo\n", "status: todo\npriority: high\nlabels: [a]\n")
    assert server.push("HEAD:main", who="dana") is None
    server.branch("mine", "main")
    server.edit("status: todo\n", "status: todo\nlabels: [b]\nassignee: dana\n")
    server.repo.git("merge", "--quiet", "--no-verify", "--no-edit", "side", may_fail=True)
    server.repo.write(
        TASK,
        "id: PAY-1\ntitle: First  # first\nstatus: todo\npriority: high\nlabels: [a, b]\n"
        "assignee: dana\ncreated_at: 2026-01-02T03:04:05+00:00\n",
    )
    server.commit("Merge")
    assert server.push(OWN) is None
    server.edit("priority: high", "priority: low")
    server.repo.git("reset", "--quiet", "--soft", "HEAD~1")
    server.repo.git("commit", "--quiet", "--no-verify", "--amend", "-m", "Merge")
    assert "may not set priority of PAY-1 " in str(server.push(f"{OWN}2"))


def test_an_agent_neither_rewrites_nor_deletes(server: Server) -> None:
    server.edit("status: todo", "status: blocked")
    assert server.push(OWN) is None
    server.repo.git("commit", "--quiet", "--no-verify", "--amend", "-m", "Again")
    assert "may not rewrite a branch" in str(server.push("--force", OWN))
    assert "may not delete a branch" in str(server.push(":agent/planner/x"))


def test_a_commit_is_what_a_clone_gets_and_not_what_replaces_it(server: Server) -> None:
    good = server.edit("status: todo", "status: blocked")
    server.branch("bad", "main~1")
    bad = server.edit("status: todo\n", "status: todo\npriority: high\n")
    server.repo.git("replace", bad, good)
    assert server.push(good + ":refs/heads/good", f"refs/replace/{bad}", who="dana") is None
    server.repo.git("replace", "-d", bad)
    assert "may not set priority" in str(server.push(OWN))


def test_nobody_rewrites_or_deletes_a_protected_branch(server: Server) -> None:
    server.edit("status: todo", "status: blocked")
    assert server.push("HEAD:main", "HEAD:refs/heads/topic", who="dana") is None
    server.repo.git("commit", "--quiet", "--no-verify", "--amend", "-m", "Again")
    said = str(server.push("--force", "HEAD:main", who="dana"))
    assert "refs/heads/main: error[ORC401] main is protected: nobody may rewrite it." in said
    assert "nobody may delete it" in str(server.push(":main", who=None))
    assert server.push("--force", "HEAD:refs/heads/topic", who="dana") is None
    assert server.push(":topic", who="dana") is None


def test_the_policy_names_the_branches_that_are_protected(serve: Serve) -> None:
    server = serve(POLICY + "  protected: [release/*]\n")
    server.edit("status: todo", "status: blocked")
    assert server.push("HEAD:main", "HEAD:refs/heads/release/1", who="dana") is None
    server.repo.git("commit", "--quiet", "--no-verify", "--amend", "-m", "Again")
    assert server.push("--force", "HEAD:main", who="dana") is None
    assert "protected" in str(server.push("--force", "HEAD:refs/heads/release/1", who="dana"))


def test_a_link_and_an_executable_are_no_tasks(server: Server) -> None:
    (server.repo.root / "projects/pay/tasks/PAY-9.yaml").symlink_to("/etc/passwd")
    server.commit()
    assert "it is a symbolic link" in str(server.push(OWN))
    assert "ORC006" in str(server.push("HEAD:refs/heads/topic", who="dana"))
    server.branch("mode")
    (server.repo.root / TASK).chmod(0o755)
    server.commit()
    assert "it is executable" in str(server.push(OWN))


NOT_FOR_AGENTS = (
    "code.txt",
    ".github/workflows/x.yaml",
    ".gitattributes",
    "users/eve.yaml",
    "orchestrator.ci.yaml",
    "templates/bug.yaml",
    "projects/pay/notes.md",
    "projects/pay/tasks/x.txt",
    "sub/orchestrator.yaml",
    "sub/projects/pay/tasks/PAY-1.yaml",
    "projects\x1b/x",
)


def test_an_agent_changes_no_other_file(server: Server) -> None:
    server.commit(**dict.fromkeys(NOT_FOR_AGENTS, "id: eve\nname: Eve\n"))
    said = str(server.push(OWN))
    for path in NOT_FOR_AGENTS:
        shown = path.replace("\x1b", "\\x1b")
        assert f"may not change {shown} : it is no task and no project." in said
    assert "\x1b" not in said


def test_an_entity_in_two_files_hides_no_change(server: Server) -> None:
    twin = "projects/other/tasks/PAY-1.yaml"
    text = server.repo.read(TASK)
    server.repo.edit(TASK, "status: todo\n", "status: todo\npriority: high\n")
    server.commit(**{twin: text})
    assert "PAY-1 : it is in two files" in str(server.push(OWN))


def test_a_patch_has_its_limits(server: Server) -> None:
    for number in range(4, 8):
        server.repo.write(
            f"projects/pay/tasks/PAY-{number}.yaml", f"id: PAY-{number}\ntitle: X\nstatus: todo\n"
        )
    server.commit()
    assert "may not change 4 entities : the limit of one patch is 3." in str(server.push(OWN))
    server.branch("removing")
    server.repo.git("rm", "--quiet", OTHER)
    server.commit()
    said = str(server.push(OWN))
    assert "may not remove PAY-2 : no rule of the policy allows it." in said
    assert "may not remove 1 entity : the limit of one patch is 0." in said


def test_a_push_that_breaks_the_plan_is_refused_whoever_pushes(server: Server) -> None:
    server.edit("status: todo", "status: paused")
    for who, ref in (("planner", OWN), ("dana", "HEAD:main"), (None, "HEAD:refs/tags/v1")):
        said = str(server.push(ref, who=who))
        assert "would bring errors into the plan" in said
        assert f"{TASK}:3:9: error[ORC103]" in said


def test_errors_that_are_there_refuse_nothing(server: Server) -> None:
    hook = server.bare / "hooks/pre-receive"
    hook.rename(server.bare / "away")
    server.edit("status: todo", "status: paused", OTHER)
    assert server.push("HEAD:main") is None
    (server.bare / "away").rename(hook)
    server.edit("title: One", "title: Eins")
    assert server.push("HEAD:main", who="dana") is None


def test_people_push_branches_and_tags_and_take_them_away(server: Server) -> None:
    server.edit("status: todo\n", "status: todo\npriority: high\n")
    server.commit(**{"code.txt": "more\n"})
    server.repo.git("tag", "-a", "-m", "v1", "v1")
    assert server.push("HEAD:main", "HEAD:refs/heads/topic", "v1", who="dana") is None
    blob = server.repo.git("hash-object", "-w", "code.txt").stdout.strip()
    assert server.push(f"{blob}:refs/tags/blob", who="dana") is None
    assert server.push(":topic", ":refs/tags/v1", ":refs/tags/blob", who="dana") is None
    assert server.push("HEAD:refs/heads/again", who=None) is None


def test_one_refused_ref_refuses_the_whole_push(server: Server) -> None:
    server.edit("status: todo", "status: blocked")
    assert server.push(OWN, "HEAD:main") is not None


def test_a_viewer_and_somebody_who_has_left_push_nothing(server: Server) -> None:
    server.edit("title: One", "title: Eins")
    assert "lee is a viewer" in str(server.push("HEAD:refs/heads/topic", who="lee"))
    assert "max is not active" in str(server.push("HEAD:refs/heads/topic", who="max"))


@pytest.mark.parametrize("variable", ["GL_USERNAME", "GL_USER", "GITEA_PUSHER_NAME", "REMOTE_USER"])
def test_servers_say_in_their_own_way_who_pushes(server: Server, variable: str) -> None:
    server.edit("title: One", "title: Eins")
    assert "Agent planner may not push" in str(
        server.push("HEAD:main", who=None, **{variable: "planner"})
    )
    assert server.push("HEAD:main", who=None, **{variable: "dana-i"}) is None


def test_git_lab_shows_the_last_line(server: Server) -> None:
    server.edit("title: One", "title: Eins")
    said = str(server.push("HEAD:main", GL_PROTOCOL="ssh"))
    assert "GL-HOOK-ERR: The push is refused" in said


def test_the_policy_can_refuse_those_whom_nobody_knows(serve: Serve) -> None:
    server = serve(POLICY + "  unknown_pushers: refuse\n")
    server.edit("title: One", "title: Eins")
    assert "Nobody says who you are" in str(server.push("HEAD:main", who=None))
    assert "eve is in no user file" in str(server.push("HEAD:main", who="eve"))
    assert server.push("HEAD:main", who="dana") is None


def test_a_policy_that_cannot_be_read_allows_agents_nothing(server: Server) -> None:
    (server.bare / "hooks/pre-receive").rename(server.bare / "away")
    server.edit("allow:", "alow:", "orchestrator.yaml")
    assert server.push("HEAD:main") is None
    (server.bare / "away").rename(server.bare / "hooks/pre-receive")
    server.edit("status: todo", "status: blocked")
    assert "the policy cannot be read" in str(server.push(OWN))
    server.edit("alow:", "allow:", "orchestrator.yaml")
    assert server.push("HEAD:main", who="dana") is None


def test_without_a_policy_agents_propose_tasks_on_their_own_branches(serve: Serve) -> None:
    server = serve("name: Test\n")
    server.edit("status: todo\n", "status: todo\npriority: high\n")
    assert server.push(OWN) is None
    assert "may not push to refs/heads/main" in str(server.push("HEAD:main"))
    server.edit("name: Test", "name: Mine", "orchestrator.yaml")
    assert "may not change orchestrator.yaml" in str(server.push(OWN))


def test_the_first_push_is_taken_and_a_lost_head_is_said(make: Callable[..., Repo]) -> None:
    repo = make()
    bare = repo.top.parent / "server.git"
    repo.git("init", "--quiet", "--bare", "--initial-branch=trunk", str(bare))
    repo.run("orchestrator", "hooks", "install", cwd=bare)
    repo.git("remote", "add", "origin", str(bare))
    server = Server(repo, bare)
    assert server.push("HEAD:main", who=None) is None
    server.edit("title: One", "title: Eins")
    said = str(server.push("HEAD:main", who=None))
    assert "refs/heads/trunk , is not there" in said
    repo.git("symbolic-ref", "HEAD", "refs/heads/main", cwd=bare)
    assert server.push("HEAD:main", who=None) is None


def test_workspaces_in_folders_have_policies_of_their_own(serve: Serve) -> None:
    server = serve(folder="our plan")
    server.edit("status: todo", "status: blocked")
    assert server.push(OWN) is None
    server.edit("status: blocked\n", "status: blocked\npriority: high\n")
    said = str(server.push(OWN))
    assert f"our plan/{TASK}:4: error[ORC401]" in said
    assert "(our plan/orchestrator.yaml:8)" in said
    server.branch("code")
    (server.repo.top / "code.txt").write_text("mine\n")
    server.commit()
    assert "it is outside of every workspace" in str(server.push(OWN))


def test_signed_commits_are_the_committers_own(serve: Serve, tmp_path: Path) -> None:
    server = serve(POLICY + "  signatures: required\n")
    repo = server.repo
    keys = {}
    for name, email in (("dana", "dana@example.com"), ("planner", "planner@bots.example")):
        key = tmp_path / name
        repo.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key))
        keys[email] = f'{email} namespaces="git" {key.with_suffix(".pub").read_text()}'
    allowed = tmp_path / "allowed"
    allowed.write_text("".join(keys.values()))
    repo.git("config", "gpg.ssh.allowedSignersFile", str(allowed), cwd=server.bare)

    def signed(key: str, email: str, old: str, new: str) -> None:
        repo.edit(TASK, old, new)
        repo.git("add", "--all")
        who = {"GIT_COMMITTER_EMAIL": email}
        with_key = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={tmp_path / key}")
        repo.git(*with_key, "commit", "-S", "-q", "--no-verify", "-m", "Signed", env=who)

    server.edit("title: One", "title: Eins")
    assert "There is no good signature" in str(server.push("HEAD:main", who="dana"))
    server.branch("topic", "main~1")
    signed("planner", "dana@example.com", "title: One", "title: Uno")
    said = str(server.push("HEAD:main", who="dana"))
    assert "signed by planner@bots.example , and its committer is dana@example.com ." in said
    server.branch("topic", "topic~1")
    signed("dana", "dana@example.com", "title: One", "title: Uno")
    assert "and planner pushes it" in str(server.push(OWN))
    assert server.push("HEAD:main", who="dana") is None
    signed("planner", "planner@bots.example", "title: Uno", "title: Un")
    assert "Agent planner may not push" in str(server.push("HEAD:main", who=None))
    assert server.push(OWN, who=None) is None


def test_a_server_without_orchestrator_takes_nothing(server: Server) -> None:
    hook = server.bare / "hooks/pre-receive"
    text = hook.read_text()
    lines = ["orc_python=''" if line.startswith("orc_python=") else line for line in
             text.splitlines()]  # fmt: skip
    hook.write_text("\n".join(lines) + "\n")
    server.edit("title: One", "title: Eins")
    said = str(server.push("HEAD:main", who="dana", PATH="/usr/bin:/bin"))
    assert "orchestrator was not found on the server" in said


def test_the_hook_goes_beside_others_and_comes_out_again(server: Server) -> None:
    hook = server.bare / "hooks/pre-receive"
    assert stat.S_IMODE(hook.stat().st_mode) == 0o755
    server.repo.run("orchestrator", "hooks", "uninstall", cwd=server.bare)
    assert not hook.exists()
    others = "#!/bin/sh\ncat > seen\n"
    hook.write_text(others)
    hook.chmod(0o755)
    server.repo.run("orchestrator", "hooks", "install", cwd=server.bare)
    server.edit("title: One", "title: Eins")
    assert server.push("HEAD:main", who="dana") is None
    assert (server.bare / "seen").read_text().endswith(" refs/heads/main\n")
    shown = server.repo.run("orchestrator", "hooks", "status", "--json", cwd=server.bare).stdout
    assert [hook["state"] for hook in json.loads(shown)["hooks"]] == ["installed"]
    server.repo.run("orchestrator", "hooks", "uninstall", cwd=server.bare)
    assert hook.read_text() == others
    hook.chmod(0o644)
    refused = server.repo.run("orchestrator", "hooks", "install", cwd=server.bare, may_fail=True)
    assert refused.returncode == 1
    assert "blocked" in refused.stdout
