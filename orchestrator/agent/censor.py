"""Secrets kept out of what a model reads: tokens by their form, and what the environment hides."""

import re
from collections.abc import Mapping
from typing import Any

from orchestrator.agent.clean import visible
from orchestrator.check.secrets import KEY_BLOCK, TOKEN

_HIDES = re.compile(r"(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH)$")
_SHORTEST = 8
_REMOVED = "[a secret was removed here]"


class Censor:
    """Takes secrets out of text."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        hidden = {
            value.strip()
            for name, value in environment.items()
            if _HIDES.search(name.upper()) and len(value.strip()) >= _SHORTEST
        }
        longest_first = sorted(hidden, key=len, reverse=True)
        self._hidden = (
            re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        )

    def __call__(self, text: str) -> str:
        """Return text with a remark in place of each secret."""
        found = TOKEN.sub(_REMOVED, KEY_BLOCK.sub(_REMOVED, text))
        return self._hidden.sub(_REMOVED, found) if self._hidden else found

    def within(self, value: Any) -> Any:
        """Return JSON with a remark in place of each secret in its texts.

        Text is looked at before it is JSON: there a key's line ends would be something else.
        """
        match value:
            case str():
                return self(visible(value))
            case list() | tuple():
                return [self.within(item) for item in value]
            case dict():
                return {self(str(name)): self.within(item) for name, item in value.items()}
            case _:
                return value
