"""The walk-through of a proposal prints what it says, and shows what it is there to show."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "examples" / "proposal" / "README.md"
sys.path.insert(0, str(ROOT / "docs"))

from transcripts import rerun  # noqa: E402 - a script beside the pages, on no path of its own


def test_the_commands_print_what_the_page_says() -> None:
    # To write what they print now: see docs/contributing.md, `make generate`.
    text = PAGE.read_text("utf-8")
    assert rerun(text, ROOT / "examples") == text


def test_the_page_tells_the_whole_story() -> None:
    text = PAGE.read_text("utf-8")
    for words in (
        "ORC401", "ready to accept", "Accepted robin/split-the-receipts into main",
        "1 conflict; nothing was written.", "Rejected robin/say-imprint-in-plain-words",
    ):  # fmt: skip
        assert words in text


def test_every_patch_of_the_folder_is_used() -> None:
    text = PAGE.read_text("utf-8")
    files = {path.name for path in PAGE.parent.iterdir()} - {"README.md"}
    assert files == set(re.findall(r"\$EXAMPLES/proposal/([\w.-]+)", text))
