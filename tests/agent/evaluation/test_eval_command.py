"""`agent eval` as people call it."""

import json
from pathlib import Path

from tests.conftest import Cli


def test_the_table_and_the_file_say_the_same(tmp_path: Path) -> None:
    cli = Cli(tmp_path)  # no workspace is needed
    done = cli("agent", "eval", "--brief", "outline-website", "--brief", "prose-hiring",
               "--json", "out.json")  # fmt: skip
    assert done.stdout.split()[:4] == ["outline-website", "outline", "round", "1"]
    assert "prose-hiring: The text has no headings" in done.stderr
    assert "a poor plan, or none" in done.stderr
    kept = json.loads((tmp_path / "out.json").read_text())
    assert kept["total"] == 2
    assert kept["briefs"][0]["scores"]["step_f1"] == 1.0
    assert kept["briefs"][1]["valid_at"] is None


def test_json_goes_to_stdout_and_recorded_conversations_play(cli: Cli) -> None:
    done = cli("agent", "eval", "--provider", "recorded", "--json")
    found = json.loads(done.stdout)
    assert found["total"] == 6
    assert {brief["model"] for brief in found["briefs"]} == {"recorded:by-hand"}
    assert found["means"]["all"]["valid_at_k"] > found["means"]["all"]["valid_at_1"]


def test_conversations_are_kept_beside_briefs_of_ones_own(cli: Cli, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "shed.md").write_text("# Shed\n- Floor\n- Roof after: Floor\n")
    (mine / "shed.yaml").write_text(
        "kind: outline\ntasks: {f: Floor, r: {title: Roof, after: [f]}}\n"
    )
    cli("agent", "eval", "--briefs", str(mine), "--record")
    done = cli("agent", "eval", "--briefs", str(mine), "--provider", "recorded")
    assert done.stdout.split() == [
        "shed", "outline", "round", "1", "-", "1.00", "1.00", "1.00", "1.00", "0.00", "-", "-", "-",
    ]  # fmt: skip


def test_what_cannot_be_evaluated_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert "there is none of this name" in cli("agent", "eval", "--brief", "x", code=1).stderr
    done = cli("agent", "eval", "--provider", "recorded", "--brief", "prose-hiring", code=1)
    assert "no conversation about it was kept" in done.stderr
    assert "cannot be written" in cli("agent", "eval", "--json", str(tmp_path), code=1).stderr
    assert "error:" in cli("agent", "eval", "--provider", "nobody", code=1).stderr
