"""The scanner: text → tree of nodes with places, comments, and all that the subset refuses.

It reads what it can of broken text too, so that a place can still be found in it. Time and memory
are linear in the text; depth is bounded by `MAX_DEPTH`, nodes by `MAX_NODES`.
"""

import re

from orchestrator.text.cursor import Cursor, TooMuchError
from orchestrator.text.nodes import Node, Scan
from orchestrator.text.scan_block import block_node

_MARK = re.compile(r"(?<![^\r\n\ufeff])(?:---|\.\.\.)(?![^ \t\r\n])")
_CONFLICT = re.compile(r"(?m)^(?:<<<<<<< |=======$|>>>>>>> |\|\|\|\|\|\|\| )")


def scan(text: str) -> Scan:
    """Scan a text; whatever it holds, this returns."""
    cursor = Cursor(text)
    root: Node | None = None
    start = cursor.pos
    try:
        start = _open_document(cursor)
        if cursor.peek():
            root = block_node(cursor, -1)
            cursor.gap()
            if cursor.peek():
                cursor.fault("ORC001", cursor.pos, "Text stands where the document should be over.")
        _close_document(cursor)
    except TooMuchError:
        pass
    conflict = _CONFLICT.search(text) if "<<<<<<<" in text or ">>>>>>>" in text else None
    if conflict and any(fault.code == "ORC001" for fault in cursor.faults):
        cursor.fault(
            "ORC001",
            conflict.start(),
            "The file holds conflict markers of an unfinished merge.",
            "Choose a side, remove the marker lines, and `git add` the file.",
        )
    cursor.faults.sort(key=lambda fault: fault.offset)
    return Scan(text, root, cursor.comments, cursor.faults, cursor.lines, start, cursor.end)


def _open_document(cursor: Cursor) -> int:
    """Step over what may precede the content, bound the cursor to it, return its start."""
    text = cursor.text
    marks = list(_MARK.finditer(text)) if "---" in text or "..." in text else []
    cursor.gap()
    while marks and marks[0].start() == cursor.pos and marks[0][0] == "...":
        cursor.pos = marks.pop(0).end()
        cursor.gap()
    while cursor.peek() == "%" and cursor.column() == 0:
        cursor.fault("ORC003", cursor.pos, "A `%` directive is not allowed.", "Remove the line.")
        cursor.skip_line()
        cursor.gap()
    start = int(text.startswith("\ufeff"))
    if marks and marks[0].start() == cursor.pos and marks[0][0] == "---":
        start = cursor.pos = marks.pop(0).end()
        line = cursor.line
        cursor.gap()
        if cursor.line == line and cursor.peek() not in ("", "{", "["):
            cursor.fault(
                "ORC001",
                cursor.pos,
                "The document begins on the line of its `---`.",
                "Begin a new line.",
            )
    if marks:
        cursor.end = marks[0].start()
        cursor.pos = min(cursor.pos, cursor.end)
    return start


def _close_document(cursor: Cursor) -> None:
    """Refuse anything but comments behind the end of the document."""
    content_end = cursor.end
    cursor.end = len(cursor.text)
    if content_end == cursor.end:
        return
    cursor.pos = content_end
    cursor.sync_line()
    while cursor.text.startswith("...", cursor.pos) and cursor.column() == 0:
        cursor.pos += 3
        cursor.gap()
    if cursor.peek():
        cursor.fault(
            "ORC003",
            cursor.pos,
            "The file holds more than one document.",
            "Keep one, without `---` between.",
        )
    cursor.end = content_end
