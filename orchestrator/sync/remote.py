"""What every tracker offers to the engine: few methods, all in the workspace's terms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from orchestrator.sync.item import Item, Kind, Listing, Wanted

Support = Literal["both", "create", "read"]
"""Whether a field can be read and written, written only when the item is made, or only read."""

Known = Mapping[tuple[Kind, str], Mapping[str, Any]]
"""What was kept of each item at the last sync, by kind and key."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One integration of the settings, read and judged.

    Attributes:
        name: Of the integration.
        kind: `linear`, `gitlab`, `notion`, `motion` or `github`.
        token: Where the token is: `env:NAME` or `keyring:NAME`.
        url: The server, without a slash at its end; None for the vendor's own.
        scope: What to mirror over there; each adapter says which keys it knows.
        projects: Of ours, which are mirrored; None for all.
        direction: Which way changes go.
        on_conflict: Who wins a field that both sides changed.
        owner: The side that decides, by field; `both` where nothing is said.
        prune: Whether deletions cross over.
        statuses: Status here → state there, where it is not the adapter's default.
        priorities: Priority here → priority there, likewise.
        users: User id → account there.
        people: User id → (email, handle in this integration or None), from users/.
    """

    name: str
    kind: str
    token: str
    url: str | None = None
    scope: Mapping[str, str] = field(default_factory=dict)
    projects: tuple[str, ...] | None = None
    direction: Literal["both", "push", "pull"] = "both"
    on_conflict: Literal["stop", "local", "remote", "newest"] = "stop"
    owner: Mapping[str, Literal["local", "remote", "both"]] = field(default_factory=dict)
    prune: bool = False
    statuses: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something long is.

    Attributes:
        what: In few words: `reading issues`, `waiting for linear`.
        done: How many.
        total: Of how many; None when nobody knows yet.
        seconds: That are still to be waited, when it waits.
    """

    what: str
    done: int = 0
    total: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What an adapter takes from outside: the clock, waiting, chance, and who watches.

    Attributes:
        now: The moment, with an offset.
        sleep: Waits so many seconds.
        chance: A number from 0 to 1, for jitter.
        progress: Told what goes on; must not raise.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    progress: Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a tracker can hold, as this account's plan has it.

    Attributes:
        fields: By kind, the fields that it holds, and how; a kind that is missing stays local.
        is_incremental: Whether it can be asked for what changed since a moment.
        settle: Seconds until an item that was made can be relied on to be found again.
        notes: Sentences on what stays local and why, for `sync status`.
    """

    fields: Mapping[Kind, Mapping[str, Support]]
    is_incremental: bool = False
    settle: float = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a tracker has and the settings can name: a team, project, state or account.

    Attributes:
        value: What the settings hold.
        title: What people read.
        means: The word of ours for it, where the adapter's default mapping has one: a status, a
            priority; for an account its e-mail address.
    """

    value: str
    title: str
    means: str | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What a tracker has, for `sync init`.

    Attributes:
        account: Whose token it is, as people call them.
        scopes: By key of `scope`, what can be chosen: `{"team": (Choice("ENG", "Engineering"),)}`;
            empty where it must be typed. Later keys may depend on the ones already in `Tie.scope`.
        required: The keys of `scope` without which nothing can be mirrored, in the order to ask.
        states: Of the chosen scope.
        priorities: Of the chosen scope; empty where they are fixed.
        users: Accounts that tasks can be assigned to.
    """

    account: str
    scopes: Mapping[str, Sequence[Choice]]
    required: tuple[str, ...]
    states: tuple[Choice, ...] = ()
    priorities: tuple[Choice, ...] = ()
    users: tuple[Choice, ...] = ()


class Remote(Protocol):
    """One tracker, opened for one integration; used in a `with` block, from one thread.

    Every method may raise `RemoteError`. Waiting for rate limits and sending again what may be
    sent again happens below; what comes up here is final for this run.
    """

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far, those that were sent again included."""
        ...

    def __enter__(self) -> Self:
        """Open the connections."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        ...

    def greet(self) -> Capabilities:
        """Check token and scope, learn states, users and labels, and say what can be held.

        Called once, before anything but `survey`.
        """
        ...

    def survey(self) -> Survey:
        """Return what the account has, for `sync init`; the scope may be there only in part."""
        ...

    def fetch(self, since: str | None, known: Known) -> Listing:
        """Return what changed since a watermark, or everything when it is None.

        Args:
            since: The watermark of an earlier listing.
            known: What was kept of the items at the last sync.
        """
        ...

    def look(self, kind: Kind, key: str, kept: Mapping[str, Any]) -> Item | None:
        """Return one item as it is now, or None when the tracker says that it is not there."""
        ...

    def find(self, wanted: Wanted) -> Item | None:
        """Return the item that an earlier `create` with this token or id made, if it did."""
        ...

    def create(self, wanted: Wanted) -> Item:
        """Make an item, and return it as the tracker has it now.

        It may leave fields out that take further requests (links, a parent): the engine compares
        the answer with what was wanted and asks for the rest with `update`. Making an item whose
        token is there already returns that item.
        """
        ...

    def update(self, current: Item, changes: Mapping[str, Any]) -> Item:
        """Change these fields and no other, and return the item as the tracker has it now.

        Args:
            current: The item as last read.
            changes: The new values; sets are whole, and the adapter sends what it must.
        """
        ...

    def delete(self, current: Item) -> None:
        """Delete it the vendor's way: to the trash, or closed where nothing else is allowed.

        Deleting what is gone already is no error.
        """
        ...

    def represent(self, kind: Kind, name: str, value: Any) -> Any:
        """Return what reading would give after writing `value` to a field; pure and idempotent.

        Two values with one representation are equal to the engine. Only for fields that are no
        references. `Foreign` values come back as they are. A value that this tracker cannot hold
        at all (a user without an account) comes back as `Foreign`.
        """
        ...
