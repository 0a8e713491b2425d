"""Which forge a remote is on: kind, API and project, from the remote's URL and the settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from orchestrator.errors import OrchestratorError

ForgeKind = Literal["github", "gitlab"]

_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s]+):(?P<path>[^/].*)")
_PROJECT = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_VENDORS: Mapping[str, ForgeKind] = {"github.com": "github", "gitlab.com": "gitlab"}
_TOKENS: Mapping[ForgeKind, str] = {"github": "env:GITHUB_TOKEN", "gitlab": "env:GITLAB_TOKEN"}


class ForgeError(OrchestratorError):
    """A forge is unknown, cannot be reached, or refuses."""


@dataclass(frozen=True, slots=True)
class Forge:
    """Where requests are opened.

    Attributes:
        kind: Which vendor's.
        api: The root of its API, without a slash at the end.
        project: `owner/name`; on GitLab, groups may be nested.
        host: For people.
        token: Where the token is: env:NAME or keyring:NAME.
    """

    kind: ForgeKind
    api: str
    project: str
    host: str
    token: str


def forge_of(url: str, integrations: Mapping[str, Any]) -> Forge:
    """Return the forge that a remote's URL is on.

    An integration of kind github or gitlab whose `url` has the remote's host says what a server
    of the company's own is, and where its token is. A token is sent to no other host.

    Args:
        url: As `git remote get-url` prints it.
        integrations: The settings' integrations, by name.

    Raises:
        ForgeError: It is on none that is known, or a token would cross the network in the open.
    """
    host, project = _split(url)
    if not host or not _PROJECT.fullmatch(project) or ".." in project:
        raise ForgeError(
            f"{_shown(url)} is no address of a project on GitHub or GitLab.",
            "git remote -v shows the remotes; --remote NAME chooses one.",
        )
    for integration in integrations.values():
        kind = _kind(integration)
        if kind is None:
            continue
        server = str(integration.get("url") or f"https://{_vendor(kind)}")
        parts = urlsplit(server)
        if _is_at(host, parts.netloc, parts.hostname or ""):
            if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
                raise ForgeError(
                    f"{server} would carry the token in the open.", "Use https in the settings."
                )
            token = str(integration.get("token") or _TOKENS[kind])
            return Forge(kind, _api(kind, server), project, parts.netloc, token)
    found = _VENDORS.get(host)
    if found is None:
        raise ForgeError(
            f"Nothing says what kind of forge {host} is.",
            "Add it to integrations in orchestrator.yaml: "
            f"{{kind: gitlab, url: 'https://{host}', token: env:GITLAB_TOKEN}} .",
        )
    return Forge(found, _api(found, f"https://{host}"), project, host, _TOKENS[found])


def _split(url: str) -> tuple[str, str]:
    """Return host, with a port that is not the scheme's own, and the project's path."""
    if "://" in url:
        parts = urlsplit(url)
        host = parts.hostname or ""
        try:
            port = parts.port
        except ValueError:
            return "", ""
        if port and parts.scheme in {"http", "https"}:
            host = f"{host}:{port}"
        path = parts.path if parts.scheme in {"http", "https", "ssh", "git"} else ""
    elif found := _SCP.fullmatch(url):
        host, path = found["host"], found["path"]
    else:
        return "", ""
    return host.lower(), path.strip("/").removesuffix(".git")


def _is_at(host: str, netloc: str, hostname: str) -> bool:
    # A remote over ssh has no port of the web server's.
    return host in {netloc.lower(), hostname.lower()}


def _kind(integration: Any) -> ForgeKind | None:
    named = integration.get("kind") if isinstance(integration, Mapping) else None
    return next((kind for kind in _TOKENS if kind == named), None)


def _vendor(kind: str) -> str:
    return next(host for host, found in _VENDORS.items() if found == kind)


def _api(kind: ForgeKind, server: str) -> str:
    root = server.rstrip("/")
    if kind == "gitlab":
        return f"{root}/api/v4"
    parts = urlsplit(root)
    if parts.hostname in {"github.com", "api.github.com"}:
        return "https://api.github.com"
    return root if parts.path.endswith("/api/v3") else f"{root}/api/v3"


def _shown(url: str) -> str:
    return re.sub(r"(?<=://)[^/@\s]+@", "", url)[:200]
