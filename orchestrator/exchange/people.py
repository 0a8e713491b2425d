"""Names of people in another tool, as users of ours."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestrator.exchange import clean
from orchestrator.exchange.identity import user_id
from orchestrator.exchange.imported import Document, Notebook

_WITH_EMAIL = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^@\s<>]+@[^@\s<>]+)>")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_LONGEST_EMAIL = 254


@dataclass(slots=True)
class People:
    """Everybody whom the source names, however it spells them.

    Attributes:
        spellings: How often each person is written which way, by the key that makes them one.
    """

    spellings: dict[str, Counter[str]] = field(default_factory=dict)

    def meet(self, written: Iterable[str]) -> None:
        """Remember names."""
        for name in written:
            if key := _key(name):
                self.spellings.setdefault(key, Counter())[name] += 1

    def users(self, notes: Notebook) -> tuple[tuple[Document, ...], dict[str, str]]:
        """Return the users, and the user id of each name as it was written."""
        users: dict[str, Document] = {}
        ids: dict[str, str] = {}
        for key, spellings in sorted(self.spellings.items()):
            usual = min(spellings, key=lambda each: (-spellings[each], each))
            name, email = _name_and_email(usual)
            found = user_id(name, users)
            shown, _ = clean.title(name, found, usual, notes)
            users[found] = {"id": found, "name": shown, **({"email": email} if email else {})}
            ids.update(dict.fromkeys(spellings, found))
            bare = {spelling.strip().lstrip("@") for spelling in spellings}
            if len(bare) > 1:
                ways = ", ".join(sorted(bare))
                notes.add("people", key, f"{ways} are taken to be one person: {found} .")
        return tuple(users[each] for each in sorted(users)), ids


def _key(written: str) -> str:
    name, email = _name_and_email(written)
    return (email or name).casefold()


def _name_and_email(written: str) -> tuple[str, str | None]:
    words = " ".join(written.split())
    if match := _WITH_EMAIL.fullmatch(words):
        email = match["email"]
        return match["name"].strip(" \"'") or email.partition("@")[0], _usable(email)
    if _EMAIL.fullmatch(words):
        return words.partition("@")[0], _usable(words)
    return words.lstrip("@").strip("/ "), None


def _usable(email: str) -> str | None:
    return email if len(email) <= _LONGEST_EMAIL and email.isprintable() else None
