"""A tracker with many tasks as a process of its own, so that only the client's work is measured."""

import json
import sys
from typing import Any

from tests.sync.scenarios.pair import fake_of, is_write


def main() -> None:
    """Serve a tracker of a kind; obey one JSON command a line, and answer each with one line.

    The commands are lists: ["settings"], ["add", count], ["edit", count], ["count"],
    ["least", {"listed": 3}], ["pass", seconds], which tells the moment, and ["titles"].
    """
    kind = sys.argv[1]
    fake = fake_of(kind)
    with fake.running():
        for line in sys.stdin:
            print(json.dumps(_answer(fake, *json.loads(line))), flush=True)  # noqa: T201 - a pipe


def _answer(fake: Any, verb: str, value: Any = None) -> Any:
    match verb:
        case "settings":
            return fake.settings()
        case "add":
            for number in range(value):
                fields = {"title": f"Task {number}", "status": "todo", "labels": ["api"]}
                fake.add("tasks", fields)
        case "edit":
            for key in list(fake.items("tasks"))[:value]:
                fake.edit("tasks", key, {"title": f"Theirs {key}"})
        case "count":
            seen = list(fake.server.seen)
            fake.server.seen.clear()
            return {"all": len(seen), "writes": sum(map(is_write, seen))}
        case "least":
            return fake.least(**value)
        case "titles":
            return sorted(row["title"] for row in fake.items("tasks").values())
        case "pass":
            fake.clock.pass_by(seconds=value)
            return fake.clock.now().isoformat()
        case _:
            raise AssertionError(verb)
    return None


if __name__ == "__main__":
    main()
