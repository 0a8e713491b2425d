"""What Linear's editor makes of Markdown: it reads it and writes it again, its own way."""

import re

_LINK = re.compile(r"\[([^\[\]\n]*)\]\(<?([^()<>\s]+)>?\)")
_BARE = re.compile(
    r"(?P<url>https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?*_])"
    r"|(?P<mail>[A-Za-z0-9.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
    r"|(?P<domain>\b[a-z0-9-]+\.(?:com|org|net|io)\b)"
)
_ITEM = re.compile(r" *(?:[-*+]|\d+\.) ")


def rewritten(text: str | None) -> str | None:
    """Return a description as Linear gives it back after it was sent; "" becomes null."""
    if not text:
        return None
    lines: list[str] = []
    is_code = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code:
            line = _line(line.rstrip())  # noqa: PLW2901 - what follows is about the new line
            is_first = _ITEM.match(line) and lines and not _ITEM.match(lines[-1])
            if is_first and lines[-1]:
                lines.append("")
        lines.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") or None


def _line(line: str) -> str:
    if _ITEM.match(line):
        line = re.sub(r"^( *)[-+] ", r"\1* ", line)
    elif not line.startswith("    "):
        line = line.lstrip(" ")
    parts = []
    start = 0
    for found in _LINK.finditer(line):
        parts += [_linked(line[start : found.start()]), f"[{found[1]}](<{found[2]}>)"]
        start = found.end()
    return "".join([*parts, _linked(line[start:])])


def _linked(text: str) -> str:
    def link(found: re.Match[str]) -> str:
        if found["url"]:
            return f"[{found[0]}](<{found[0]}>)"
        scheme = "mailto:" if found["mail"] else "http://"
        return f"[{found[0]}](<{scheme}{found[0]}>)"

    return _BARE.sub(link, text)
