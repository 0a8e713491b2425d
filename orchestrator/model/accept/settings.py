"""The settings: orchestrator.yaml, with its policy, agents and integrations."""

import re
from typing import Any

from orchestrator.model.accept.lists import is_free, is_list_of, is_part, is_words
from orchestrator.model.accept.values import (
    Accepts,
    is_at_least,
    is_bool,
    is_count,
    is_text,
    is_title,
    is_unicode,
    matches,
    one_of,
)
from orchestrator.model.fields import GRANTABLE
from orchestrator.model.ids import (
    is_branch_pattern,
    is_filter_name,
    is_integration_name,
    is_model,
    is_project_id,
    is_provider_name,
    is_user_id,
)
from orchestrator.model.rules import RULES
from orchestrator.model.vocabulary import INTEGRATION_KINDS, SEVERITIES, TEST_KINDS

_DEEPEST = 20
_HOURS = 24
_LARGE = 10**15


def _is_rules(value: Any) -> bool:
    if value is None:
        return True
    return type(value) is dict and all(
        code in RULES and severity in SEVERITIES for code, severity in value.items()
    )


def _is_filters(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            is_filter_name(name) and type(text) is str and is_unicode(text)
            for name, text in value.items()
        )
    )


def _is_owners(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(type(key) is str and is_text(key) for key in value)
        and all(side in ("local", "remote", "both") for side in value.values())
    )


def _is_integrations(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            is_integration_name(name)
            and type(found) is dict
            and "kind" in found
            and "token" in found
            and all(INTEGRATION[key](item) for key, item in found.items())
            for name, found in value.items()
        )
    )


def _is_providers(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            is_provider_name(name)
            and type(found) is dict
            and found.keys() == {"url"}
            and found["url"] is not None
            and INTEGRATION["url"](found["url"])
            for name, found in value.items()
        )
    )


def _is_by_agent(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            is_user_id(name) and found is not None and _is_agent_policy(found)
            for name, found in value.items()
        )
    )


_is_projects = is_list_of(is_project_id)
INTEGRATION: dict[str, Accepts] = {
    "kind": one_of(INTEGRATION_KINDS, optional=False),
    "token": re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|keyring:[A-Za-z0-9._-]+").fullmatch,
    "url": matches(re.compile(r"https?://[!-?A-~]+").fullmatch),
    "scope": is_words,
    "projects": _is_projects,
    "direction": one_of(("both", "push", "pull")),
    "on_conflict": one_of(("stop", "local", "remote", "newest")),
    "owner": _is_owners,
    "prune": is_bool,
    "statuses": is_words,
    "priorities": is_words,
    "users": is_words,
    "metadata": is_free,
}
_GRANT: dict[str, Accepts] = {
    "projects": _is_projects,
    "entities": is_list_of(one_of(("tasks", "projects"), optional=False)),
    "ops": is_list_of(one_of(("add", "replace", "remove", "move"), optional=False)),
    "fields": is_list_of(one_of((*GRANTABLE["tasks"], *GRANTABLE["projects"]), optional=False)),
}
_is_grants = is_list_of(lambda value: value is not None and is_part(_GRANT)(value))
_is_agent_policy = is_part(
    {
        "allow": _is_grants,
        "deny": _is_grants,
        "limits": is_part({"entities": is_count, "deletions": is_count}),
        "accept": one_of(("review", "auto")),
    }
)
_POLICY: dict[str, Accepts] = {
    "agents": _is_agent_policy,
    "by_agent": _is_by_agent,
    "signatures": one_of(("required", "off")),
    "protected": is_list_of(is_branch_pattern),
    "unknown_pushers": one_of(("allow", "refuse")),
}
_is_models = is_list_of(is_model)
_AGENTS: dict[str, Accepts] = {
    "models": is_part({"plan": _is_models, "chat": _is_models, "cheap": _is_models}),
    "budget": is_part(
        {
            "requests": is_at_least(1, _LARGE, int),
            "tokens": is_at_least(1, _LARGE, int),
            "dollars": is_at_least(1e-6, _LARGE, int, float),
            "seconds": is_at_least(1, _LARGE, int),
        }
    ),
    "context_tokens": is_at_least(500, 1_000_000, int),
    "providers": _is_providers,
}
SETTINGS: dict[str, Accepts] = {
    "version": lambda value: value is None or (type(value) is int and value == 1),
    "name": lambda value: value is None or is_title(value),
    "description": is_text,
    "max_depth": lambda value: value is None or (type(value) is int and 0 <= value <= _DEEPEST),
    "hours_per_day": lambda value: (
        value is None or (type(value) in (int, float) and 0 < value <= _HOURS)
    ),
    "commit": one_of(("manual", "auto")),
    "required_tests": lambda value: (
        value is None or (type(value) is list and all(item in TEST_KINDS for item in value))
    ),
    "rules": _is_rules,
    "filters": _is_filters,
    "policy": is_part(_POLICY),
    "agents": is_part(_AGENTS),
    "integrations": _is_integrations,
    "metadata": is_free,
}
