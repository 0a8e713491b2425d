"""Markdown as Linear gives it back, and one form in which the same text is equal to it."""

import re
from functools import lru_cache

_FENCE = re.compile(r" {0,3}(```|~~~)")
_LIST = re.compile(r"[ \t]*([-*+]|\d{1,9}[.)])([ \t]|$)")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_BULLET = re.compile(r"^([ \t]*)[*+](?=[ \t]|$)")
_INDENT = re.compile(r"^ {1,3}(?=[^ \t])")
_WRAPPED = re.compile(r"\]\(<([^<>()\s]*)>\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\(([^()\s<>]+)\)")
_TO_DO = re.compile(
    r"[*+\r]|\]\(|\n\n\n|[ \t]$|\n\n[ \t]*(?:-|\d{1,9}[.)])"
    r"|^ {1,3}[^ \t]|^[-_ \t]+$|^ *(?:```|~~~)",
    re.MULTILINE,
)
_ROUNDS = 8


@lru_cache(maxsize=32768)  # both sides of most tasks are the same text
def normal(text: str | None) -> str | None:
    """Return a description in the form in which it is compared and written here.

    What Linear rewrites - bullets, blank lines before lists, small indents, links - comes out the
    same before and after; None where nothing is left. Code in fences stays as it is.
    """
    if text is None:
        return None
    if not _TO_DO.search(text):
        return text.strip("\n") or None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for _ in range(_ROUNDS):
        # Taking one thing away can uncover another, as a link within a link.
        once = _once(text)
        if once == text:
            break
        text = once
    return text or None


def _once(text: str) -> str:
    lines: list[str] = []
    fence = None
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence is not None:
            if mark is not None and mark[1] == fence:
                fence = None
                lines.append(line.strip())
            else:
                lines.append(line)
            continue
        if mark is not None:
            fence = mark[1]
            lines.append(line.strip())
            continue
        plain = _plain(line.rstrip())
        if _LIST.match(plain) and not _RULE.match(plain):
            while lines and not lines[-1]:
                lines.pop()
        elif not plain and (not lines or not lines[-1]):
            continue
        lines.append(plain)
    return "\n".join(lines).strip("\n")


def _plain(line: str) -> str:
    if _RULE.match(line):
        return "---"
    line = _BULLET.sub(r"\1-", line) if _BULLET.match(line) else line
    if not _LIST.match(line):
        line = _INDENT.sub("", line)
    return _LINK.sub(_unlinked, _WRAPPED.sub(r"](\1)", line))


def _unlinked(found: re.Match[str]) -> str:
    text, target = found[1], found[2]
    same = {target, target.removeprefix("mailto:")}
    for scheme in ("http://", "https://"):
        same |= {target.removeprefix(scheme), target.removeprefix(scheme).removesuffix("/")}
    return text if text in same or text == target.removesuffix("/") else found[0]
