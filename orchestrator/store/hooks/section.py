"""The marked section that a hook's file holds: making it, finding it, putting it in and out.

Pure text. The section itself is what stands between the markers of the files in `hooks/`, with
two things filled in: the interpreter to fall back on and the folders of the workspaces.
"""

import re
import shlex
from dataclasses import dataclass

from orchestrator.store.git import StoreError
from orchestrator.store.shipped import shipped

HOOKS = (
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "pre-push",
    "post-merge",
    "post-checkout",
    "post-rewrite",
)
"""The hooks that orchestrator has, by git's names."""

SERVER_HOOK = "pre-receive"
"""The hook that a server's bare repository has instead."""

_SHEBANG = "#!/bin/sh\n"
_BEGIN = re.compile(r"^# BEGIN orchestrator\b.*\n?", re.MULTILINE)
_END = re.compile(r"^# END orchestrator[ \t]*(?:\n|\Z)", re.MULTILINE)
_CALL = re.compile(
    r"""^(?:.*\|[ ]*)?orc_run[ ]((?:'[^'\n]*'|"'"|[^\s'"])+)[ ]hook[ ][a-z-]+[ ].*$""", re.MULTILINE
)
_PYTHON = re.compile(r"^orc_python=(.*)$", re.MULTILINE)
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"})


@dataclass(frozen=True, slots=True)
class Section:
    """What a hook's section runs.

    Attributes:
        name: The hook.
        folders: Of the workspaces, relative to the top of the work tree; `.` is the top itself.
        python: The interpreter to use when `orchestrator` is not on PATH; `""` for none.
    """

    name: str
    folders: frozenset[str]
    python: str

    @property
    def text(self) -> str:
        """The section's lines, markers included."""
        whole = (shipped("hooks") / self.name).read_text("utf-8")
        section = whole[whole.index("# BEGIN orchestrator") :]
        call = _CALL.search(section)
        if call is None:
            raise StoreError(f"The file hooks/{self.name} of orchestrator is damaged.")
        calls = [
            call[0].replace("orc_run .", f"orc_run {quoted(folder)}", 1)
            for folder in sorted(self.folders)
        ]
        section = section.replace(call[0], "\n".join(calls), 1)
        return section.replace("orc_python=''", f"orc_python={quoted(self.python)}", 1)


def quoted(text: str) -> str:
    """Return a shell word, which stays on one line.

    Raises:
        StoreError: The text holds a line break.
    """
    if "\n" in text or "\r" in text:
        raise StoreError(
            f"A hook cannot name the folder {text!r}: there is a line break in it.",
            "Rename the folder.",
        )
    return f"'{text}'" if "'" not in text else shlex.quote(text)


def section_in(text: str, name: str) -> Section | None:
    """Return the whole section in a hook's text; None when there is none or it is broken."""
    bounds = _bounds(text)
    if bounds is None:
        return None
    lines = text[bounds[0] : bounds[1]]
    python = _PYTHON.search(lines)
    folders = frozenset(map(_word, _CALL.findall(lines)))
    return Section(name, folders, _word(python[1]) if python else "")


def with_section(text: str, section: Section) -> str:
    """Return a hook's text with the section in it, whatever of it was there before.

    It goes right below the shebang. Behind the other lines it would not run when they end with
    `exit` or `exec`, and it would hide their exit code when they do not.
    """
    rest = without_section(text, section.name)
    if not rest:
        return _SHEBANG + section.text
    first, _, others = rest.partition("\n")
    if first.startswith("#!"):
        return f"{first}\n{section.text}{others}"
    return section.text + rest


def without_section(text: str, name: str) -> str:
    """Return a hook's text without sections, whole or broken; `""` when nothing else is left."""
    while bounds := _bounds(text):
        text = text[: bounds[0]] + text[bounds[1] :]
    if has_marker(text):
        text = _without_remains(text, name)
    return "" if text.strip() in ("", "#!/bin/sh") else text


def is_shell(text: str) -> bool:
    """Return whether a hook's text is for a shell that understands the section."""
    if not text.startswith("#!"):
        return "\0" not in text
    words = text[2:].partition("\n")[0].split()
    if words and words[0].endswith("/env"):
        words = [word for word in words[1:] if not word.startswith("-")]
    return bool(words) and words[0].rpartition("/")[2] in _SHELLS


def has_marker(text: str) -> bool:
    """Return whether a marker of ours is in a hook's text, of a whole section or of none."""
    return bool(_BEGIN.search(text) or _END.search(text))


def _bounds(text: str) -> tuple[int, int] | None:
    """Return where the first whole section is; a BEGIN within one starts it anew."""
    end = _END.search(text)
    while end is not None:
        begins = [found.start() for found in _BEGIN.finditer(text, 0, end.start())]
        if begins:
            return begins[-1], end.end()
        end = _END.search(text, end.end())
    return None


def _without_remains(text: str, name: str) -> str:
    """Drop markers that have lost their partner, and our own lines next to them."""
    ours = set(Section(name, frozenset({"."}), "").text.splitlines())
    lines = text.splitlines(keepends=True)
    gone: set[int] = set()
    for marker, step in ((_BEGIN, 1), (_END, -1)):
        for number in [number for number, line in enumerate(lines) if marker.match(line)]:
            at = number
            while 0 <= at < len(lines) and (at == number or _is_ours(lines[at], ours)):
                gone.add(at)
                at += step
    return "".join(line for number, line in enumerate(lines) if number not in gone)


def _is_ours(line: str, ours: set[str]) -> bool:
    bare = line.rstrip("\n")
    return bare in ours or bare.startswith("orc_") or _CALL.match(bare) is not None


def _word(text: str) -> str:
    try:
        return "".join(shlex.split(text)[:1])
    except ValueError:  # somebody has edited the line
        return text.strip("'")
