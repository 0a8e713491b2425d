"""The rule on secrets (ORC501): tokens and private keys that were pasted into a file."""

import re
from collections.abc import Iterator

from orchestrator.model.places import place_of
from orchestrator.model.problem import Problem

# Every token is one run of at least 20 of these, which words and ids of a plan hardly ever are.
_IN_TOKEN = bytes(
    0x78 if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in "_-") else 0x20
    for byte in range(256)
)
_RUN = b"x" * 20

_MARKERS = (
    b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_", b"glpat-", b"lin_api_",
    b"lin_oauth_", b"ntn_", b"secret_", b"xox", b"AKIA", b"ASIA", b"sk-", b"AIza",
)  # fmt: skip
_TOKEN = re.compile(
    rb"""(?<![A-Za-z0-9])(?:
      (?P<GitHub>   gh[pousr]_[A-Za-z0-9]{36,255} | github_pat_[A-Za-z0-9_]{60,255} )
    | (?P<GitLab>   glpat-[A-Za-z0-9_-]{20,255} )
    | (?P<Linear>   lin_(?:api|oauth)_[A-Za-z0-9]{32,255} )
    | (?P<Notion>   (?:ntn_|secret_)[A-Za-z0-9]{40,60} )
    | (?P<Slack>    xox[abeoprs]-[A-Za-z0-9-]{20,255} )
    | (?P<AWS>      A[KS]IA[A-Z0-9]{16} )
    | (?P<Anthropic>sk-ant-[A-Za-z0-9_-]{20,255} )
    | (?P<OpenAI>   sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,255} | sk-[A-Za-z0-9]{32,255} )
    | (?P<Google>   AIza[A-Za-z0-9_-]{35} )
    )(?![A-Za-z0-9])""",
    re.VERBOSE,
)
_KEY_BEGINS = re.compile(rb"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = re.compile(rb"[A-Za-z0-9+/]{32}")
_KEY_HEAD = 400  # bytes of headers, such as Proc-Type, before a key's body
_DISTINCT = 8
_SHOWN = 4

TOKEN = re.compile(_TOKEN.pattern.decode(), re.VERBOSE)
"""The form of a token, in text."""
KEY_BLOCK = re.compile(_KEY_BEGINS.pattern.decode() + r"[A-Za-z0-9+/=\s:,.()-]{32,20000}")
"""A private key, in text."""


def secrets_in(path: str, data: bytes) -> list[Problem]:
    """Return ORC501 for each secret in a file's bytes."""
    # `find` rather than `in`: for bytes the latter first tries its left side as an integer.
    if data.translate(_IN_TOKEN).find(_RUN) < 0 and data.find(b"PRIVATE KEY") < 0:
        return []
    place = place_of(path)
    problems = []
    for start, what in sorted((*_tokens(data), *_private_keys(data))):
        before = data[:start].decode("utf-8", "replace")
        problems.append(
            Problem(
                "ORC501",
                "error",
                f"There is {what} here.",
                path,
                "",
                (place.id or None) if place else None,
                "Revoke it, since git keeps what was committed; then name a place instead, as in "
                "token: env:NAME",
                before.count("\n") + 1,
                len(before) - before.rfind("\n"),
            )
        )
    return problems


def _tokens(data: bytes) -> Iterator[tuple[int, str]]:
    if not any(marker in data for marker in _MARKERS):
        return
    for match in _TOKEN.finditer(data):
        whole = match[0].decode()
        if _is_drawn(whole[_SHOWN:]) and not whole.endswith("EXAMPLE"):
            issuer = str(match.lastgroup)
            article = "an" if issuer[0] in "AO" else "a"
            yield match.start(), f"{article} {issuer} token ({whole[:_SHOWN]}…)"


def _private_keys(data: bytes) -> Iterator[tuple[int, str]]:
    for match in _KEY_BEGINS.finditer(data):
        if _KEY_BODY.search(data, match.end(), match.end() + _KEY_HEAD):
            yield match.start(), "a private key"


def _is_drawn(body: str) -> bool:
    """Return whether a generator may have drawn this, and no writer of prose or `xxxx…`."""
    return len(set(body)) >= _DISTINCT and any(char.isdigit() or char.isupper() for char in body)
