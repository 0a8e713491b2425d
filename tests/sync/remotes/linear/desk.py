"""What the tests of the adapter have in common."""

import uuid
from typing import Any

from orchestrator.sync.item import Item, Kind, Wanted
from orchestrator.sync.remote import Remote
from orchestrator.sync.remotes import open_remote
from tests.sync.fakes.linear import Linear
from tests.sync.fakes.linear_graphql import SCHEMAS, vendor_schema
from tests.sync.fakes.tracker import TOKEN

TRIMMED = vendor_schema("linear.trimmed.graphql")
NO_SCHEMA = f"{SCHEMAS} names no folder with Linear's schema"


def opened(fake: Linear, **changes: Any) -> Remote:
    return open_remote(fake.tie(**changes), TOKEN, fake.clock.world)


def wanted(kind: Kind, number: int = 1, **fields: Any) -> Wanted:
    token = str(uuid.UUID(int=(0xABCDEF << 64) + number, version=4))
    return Wanted(kind, f"PAY-{number}", token, {"title": f"Task {number}", **fields})


def by_title(items: Any) -> dict[str, Item]:
    return {item.fields["title"]: item for item in items}
