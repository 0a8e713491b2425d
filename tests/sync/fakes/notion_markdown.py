"""What Notion makes of Markdown: blocks, and out of them Markdown of its own kind."""

import re

_FENCE = re.compile(r"\t*```")
_HEADING = re.compile(r"#{5,6} ")
_CODE = re.compile(r"(`[^`]*`)")


def rewritten(text: str) -> str:
    """Return the body of a page as Notion shows it after this was sent: a line is a block."""
    lines: list[str] = []
    is_code = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
            lines.append(line.rstrip())
        elif is_code:
            lines.append(line)
        elif line.strip():
            lines.append(_block(line.rstrip()))
    return "\n".join(lines)


def _block(line: str) -> str:
    depth = len(line) - len(line.lstrip("\t"))
    bare = _HEADING.sub("#### ", line.strip())
    bare = re.sub(r"^[*+] ", "- ", bare)
    parts = _CODE.split(bare)
    escaped = [part if at % 2 else re.sub(r"(?<!\\)([{}$^])", r"\\\1", part)
               for at, part in enumerate(parts)]  # fmt: skip
    return "\t" * depth + "".join(escaped)
