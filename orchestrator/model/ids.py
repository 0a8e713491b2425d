"""Ids: their grammar, and new ones that do not collide across branches."""

import re
from collections.abc import Callable, Container
from typing import NewType

TaskId = NewType("TaskId", str)

TASK_ID = r"[A-Z][A-Z0-9]{0,15}(?:-[A-Z0-9]{1,12}){1,4}"
PROJECT_ID = r"[a-z0-9][a-z0-9-]{0,62}"
PROJECT_KEY = r"[A-Z][A-Z0-9]{0,15}"
USER_ID = r"[a-z0-9][a-z0-9._-]{0,62}"
INTEGRATION_NAME = r"[a-z0-9][-a-z0-9]{0,62}"  # spelled unlike PROJECT_ID, to tell them apart
FILTER_NAME = r"[a-z][a-z0-9-]{0,39}"
PROVIDER_NAME = r"[a-z][a-z0-9-]{0,39}"
MODEL = rf"(?:offline|{PROVIDER_NAME}:[!-~]{{1,200}})"
BRANCH_PATTERN = r"[A-Za-z0-9_][A-Za-z0-9._/+-]{0,198}(?:/\*)?"

# Crockford's base32: no I, L, O or U, so an id read aloud or copied by hand survives.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

# Four characters give a million ids. Two branches that each add a hundred tasks to a project of
# a thousand then collide once in fifty merges at worst, and the merge says so (ORC201).
_SHORT = 4
_GROW_AT = 1_000

is_task_id = re.compile(TASK_ID).fullmatch
is_project_id = re.compile(PROJECT_ID).fullmatch
is_project_key = re.compile(PROJECT_KEY).fullmatch
is_user_id = re.compile(USER_ID).fullmatch
is_integration_name = re.compile(INTEGRATION_NAME).fullmatch
is_filter_name = re.compile(FILTER_NAME).fullmatch
is_provider_name = re.compile(PROVIDER_NAME).fullmatch
is_model = re.compile(MODEL).fullmatch
is_branch_pattern = re.compile(BRANCH_PATTERN).fullmatch


def new_task_id(
    key: str, taken: Container[str], siblings: int, choose: Callable[[str], str]
) -> TaskId:
    """Return an id under `key` that is not in `taken`.

    Args:
        key: The project's key, the id's prefix.
        taken: Ids that exist, of any project.
        siblings: How many tasks the project has; each factor of 32 adds a character.
        choose: Picks one character of a string; `random.SystemRandom().choice` outside tests.
    """
    length = _SHORT
    while siblings >= _GROW_AT * 32 ** (length - _SHORT):
        length += 1
    while True:
        candidate = f"{key}-{''.join(choose(CROCKFORD) for _ in range(length))}"
        if candidate not in taken:
            return TaskId(candidate)


def key_from(name: str) -> str:
    """Return a project key made from a project id or title: `payments-api` gives `PA`."""
    words = [word for word in re.split(r"[^A-Za-z0-9]+", name) if word]
    if not words:
        return "P"
    initials = "".join(word[0] for word in words) if len(words) > 1 else words[0][:4]
    key = initials.upper()[:16]
    return key if key[0].isalpha() and key.isascii() else f"P{key}"[:16]
