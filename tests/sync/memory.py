"""A tracker in memory: a `Remote` for tests of the engine, with oddities to switch on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Self

from orchestrator.sync.errors import ClashError, GoneError, NotFoundError, UnreachableError
from orchestrator.sync.item import Foreign, Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Capabilities, Known, Support, Survey

ACCOUNTS = {"dana": "acc-1", "kim": "acc-2"}
"""User id → account; `acc-9` is nobody's here."""

TASK_FIELDS: dict[str, Support] = dict.fromkeys(
    (
        "title", "status", "description", "priority", "assignee", "labels", "start_date",
        "due_date", "estimated_minutes", "actual_minutes", "parent", "dependencies", "project",
    ),
    "both",
)  # fmt: skip
PROJECT_FIELDS: dict[str, Support] = dict.fromkeys(
    ("title", "status", "description", "priority", "tags", "owner", "start_date", "due_date"),
    "both",
)
_LISTS = {"labels", "tags", "dependencies"}
_START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_BULLET = re.compile(r"^( *)- ", re.MULTILINE)


@dataclass
class Quirks:
    """How this tracker differs from a perfect one.

    Attributes:
        blocked: Whether it has a state for `blocked`; without one, it shows `in_progress`.
        rewrites: Whether it writes lists in Markdown its own way.
        coarse: Whether it has one priority for low and medium, and one for high and urgent.
        people: Whether it knows the accounts of dana and kim alone; everybody's name fits if not.
        minutes: Whether its timestamps have minutes only.
        trash: Whether deleted items stay, as trashed.
        incremental: Whether it can be asked for what changed.
        late: Fields that `create` leaves for `update`.
        without: Fields that it cannot hold, as `tasks.parent`.
        supports: Fields that are only read, or only written at first.
        page: Items that a listing shows at most; more makes it incomplete.
    """

    blocked: bool = True
    rewrites: bool = False
    coarse: bool = False
    people: bool = True
    minutes: bool = False
    trash: bool = True
    incremental: bool = False
    late: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    supports: Mapping[str, Support] = field(default_factory=dict)
    page: int | None = None


@dataclass
class Row:
    """One item as the tracker keeps it."""

    kind: Kind
    key: str
    fields: dict[str, Any]
    updated: str
    state: Literal["live", "archived", "trashed"] = "live"
    external: str | None = None
    stamps: dict[str, str] = field(default_factory=dict)


@dataclass
class Memory:
    """The tracker.

    Attributes:
        quirks: How it differs from a perfect one.
        rows: What it holds, by key.
        graves: What was deleted, for tests to look at.
        calls: What was asked of it: the method, and the key or id.
        before: Called before each request with its name and key; may raise.
        after: Called after each write was carried out, likewise: the answer is lost if it raises.
        shuffle: What a listing is changed to before it is answered.
        now: The tracker's own clock.
        prefix: What stands before the numbers that people call items by.
    """

    quirks: Quirks = field(default_factory=Quirks)
    rows: dict[str, Row] = field(default_factory=dict)
    graves: dict[str, Row] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    before: Callable[[str, str], None] = lambda _name, _key: None
    after: Callable[[str, str], None] = lambda _name, _key: None
    shuffle: Callable[[list[Item]], list[Item]] = lambda items: items
    now: datetime = _START
    prefix: str = "#"
    _serial: int = 0
    _tokens: dict[str, str] = field(default_factory=dict)

    # What people over there do.

    def add(self, kind: Kind = "tasks", **fields: Any) -> str:
        """Make an item as somebody over there would, and return its key."""
        self._serial += 1
        key = f"{kind[0]}{self._serial}"
        status = "todo" if kind == "tasks" else "active"
        self.rows[key] = Row(kind, key, {"title": key, "status": status, **fields}, self._tick())
        return key

    def edit(self, key: str, **fields: Any) -> None:
        """Change fields as somebody over there would."""
        self.rows[key].fields |= fields
        self.rows[key].updated = self._tick()

    def remove(self, key: str) -> None:
        """Delete an item as somebody over there would; what pointed to it does so no more."""
        row = self.rows[key]
        row.updated = self._tick()
        row.state = "trashed"
        self.graves[key] = row
        if not self.quirks.trash:
            del self.rows[key]
        for other in self.rows.values():
            if self._drops(other.fields, key):
                other.updated = self._tick()

    def shown(self, key: str) -> dict[str, Any]:
        """Return the fields of an item as a reading gives them."""
        return dict(self._item(self.rows[key]).fields)

    def live(self, kind: Kind = "tasks") -> dict[str, dict[str, Any]]:
        """Return what is there and not deleted, by key."""
        return {
            row.key: self.shown(row.key)
            for row in self.rows.values()
            if row.kind == kind and row.state != "trashed"
        }

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The requests that changed something."""
        return [call for call in self.calls if call[0] in {"create", "update", "delete"}]

    # What the engine asks.

    @property
    def requests(self) -> int:
        return len(self.calls)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def greet(self) -> Capabilities:
        kinds: tuple[Kind, ...] = ("projects", "tasks")
        fields = {kind: self._held(kind) for kind in kinds if kind not in self.quirks.without}
        return Capabilities(fields, self.quirks.incremental, self.quirks.trash)

    def survey(self) -> Survey:
        return Survey("dana", {}, ())

    def fetch(self, since: str | None, known: Known) -> Listing:  # noqa: ARG002
        self._ask("fetch", since or "")
        since = since if self.quirks.incremental else None
        items = [self._item(row) for row in sorted(self.rows.values(), key=lambda row: row.key)]
        if since is None and self.quirks.trash:
            items = [item for item in items if item.state != "trashed"]
        found = [item for item in items if since is None or item.updated_at >= since]
        found.sort(key=lambda item: item.kind)
        is_cut = self.quirks.page is not None and len(found) > self.quirks.page
        found = self.shuffle(found[: self.quirks.page] if is_cut else found)
        watermark: str | None = self._stamp(self.now - timedelta(minutes=2))
        is_complete = since is None and not is_cut
        if is_cut or not self.quirks.incremental:
            watermark = since
        return Listing(tuple(found), is_complete, watermark)

    def look(self, kind: Kind, key: str, kept: Mapping[str, Any]) -> Item | None:  # noqa: ARG002
        self._ask("look", key)
        row = self.rows.get(key)
        return None if row is None or row.state == "trashed" else self._item(row)

    def find(self, wanted: Wanted) -> Item | None:
        self._ask("find", wanted.id)
        row = self.rows.get(self._tokens.get(wanted.token, ""))
        return None if row is None else self._item(row)

    def create(self, wanted: Wanted) -> Item:
        self._ask("create", wanted.id)
        row = self.rows.get(self._tokens.get(wanted.token, ""))
        if row is None:
            now = {name: value for name, value in wanted.fields.items()
                   if name not in self.quirks.late}  # fmt: skip
            self._refuse(now)
            fields = {"status": "todo" if wanted.kind == "tasks" else "active"}
            key = self.add(wanted.kind, **fields)
            row = self.rows[key]
            row.external = wanted.id
            self._tokens[wanted.token] = key
            self._write(row, now)
        self.after("create", wanted.id)
        return self._item(row)

    def update(self, current: Item, changes: Mapping[str, Any]) -> Item:
        self._ask("update", current.key)
        row = self.rows.get(current.key)
        if row is None:
            raise GoneError(f"{current.key} is gone.")
        if row.state == "trashed":
            raise ClashError(f"{current.key} is in the trash.")
        row.state = "live"
        self._write(row, changes)
        self.after("update", current.key)
        return self._item(row)

    def delete(self, current: Item) -> None:
        self._ask("delete", current.key)
        if current.key in self.rows and self.rows[current.key].state != "trashed":
            self.remove(current.key)
        self.after("delete", current.key)

    def represent(self, kind: Kind, name: str, value: Any) -> Any:  # noqa: ARG002
        return self._shown(name, self._kept(name, value))

    # How it keeps and shows things.

    def _held(self, kind: Kind) -> Mapping[str, Support]:
        names = PROJECT_FIELDS if kind == "projects" else TASK_FIELDS
        without, supports = self.quirks.without, self.quirks.supports
        if not without and not supports:
            return names
        return {
            name: supports.get(f"{kind}.{name}", support)
            for name, support in names.items()
            if f"{kind}.{name}" not in without
        }

    def _write(self, row: Row, changes: Mapping[str, Any]) -> None:
        held = self._held(row.kind)
        self._refuse(changes)
        for name, value in changes.items():
            assert held.get(name) in {"both", "create"}, f"{name} cannot be written"
            assert not isinstance(value, Foreign), f"{name} is sent a value that is none"
            kept = self._kept(name, value)
            assert not isinstance(kept, Foreign), f"{value} cannot be held, and was sent"
            row.fields[name] = kept
        row.updated = self._tick()

    def _refuse(self, changes: Mapping[str, Any]) -> None:
        for name in ("parent", "project"):
            key = changes.get(name)
            if key is not None and key not in self.rows:
                raise NotFoundError(f"There is no {key} .")

    def _kept(self, name: str, value: Any) -> Any:
        """Return what is stored for a value of ours."""
        quirks = self.quirks
        if isinstance(value, Foreign):
            return value
        if name == "status" and value == "blocked" and not quirks.blocked:
            return "in_progress"
        if name == "priority" and quirks.coarse:
            return {"low": "medium", "urgent": "high"}.get(value, value)
        if name in {"assignee", "owner"} and value is not None and quirks.people:
            return ACCOUNTS.get(value, Foreign(str(value)))
        if name in _LISTS:
            return sorted(set(value or ()))
        if name == "description" and value is not None and quirks.rewrites:
            return _BULLET.sub(r"\1* ", value.rstrip()) + "\n" if value.strip() else None
        return value or None if name == "description" else value

    def _shown(self, name: str, value: Any) -> Any:
        if name in {"assignee", "owner"} and self.quirks.people and isinstance(value, str):
            names = {account: user for user, account in ACCOUNTS.items()}
            return names.get(value, Foreign(value))
        if name == "description" and value is not None and self.quirks.rewrites:
            return self._kept(name, value)
        if name in _LISTS:
            return sorted(value or ())
        return value

    def _item(self, row: Row) -> Item:
        held = self._held(row.kind)
        fields = {
            name: self._shown(name, row.fields.get(name))
            for name, support in held.items()
            if support != "create"
        }
        number = row.key[1:]
        return Item(
            row.kind, row.key, fields, {"row": row.key}, f"{self.prefix}{number}", f"https://t.example/{number}",
            row.updated, row.state, row.stamps, row.external,
        )  # fmt: skip

    @staticmethod
    def _drops(fields: dict[str, Any], key: str) -> bool:
        is_changed = False
        for name in ("parent", "project"):
            if fields.get(name) == key:
                fields[name] = None
                is_changed = True
        if key in (fields.get("dependencies") or ()):
            fields["dependencies"] = [each for each in fields["dependencies"] if each != key]
            is_changed = True
        return is_changed

    def _ask(self, name: str, key: str) -> None:
        self.calls.append((name, key))
        self.before(name, key)

    def _tick(self) -> str:
        self.now += timedelta(seconds=1)
        return self._stamp(self.now)

    def _stamp(self, moment: datetime) -> str:
        moment = moment.replace(second=0) if self.quirks.minutes else moment
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def lost(*names: str, times: int = 1) -> Callable[[str, str], None]:
    """Return an `after` that loses the answers to some requests that were carried out."""
    left = [times]

    def lose(name: str, _key: str) -> None:
        if name in names and left[0]:
            left[0] -= 1
            raise UnreachableError("The connection was cut.", is_ambiguous=True)

    return lose
