"""A Linear and its adapter for each schema that requests can be judged by."""

from collections.abc import Iterator

import pytest

from orchestrator.sync.remote import Remote
from tests.sync.fakes.linear import OWN, Linear
from tests.sync.remotes.linear.desk import NO_SCHEMA, TRIMMED, opened


@pytest.fixture(
    params=[
        pytest.param(OWN, id="own"),
        pytest.param(
            TRIMMED, id="vendor", marks=pytest.mark.skipif(TRIMMED is None, reason=NO_SCHEMA)
        ),
    ]
)
def fake(request: pytest.FixtureRequest) -> Iterator[Linear]:
    with Linear(schema=request.param).running() as found:
        yield found


@pytest.fixture
def remote(fake: Linear) -> Iterator[Remote]:
    with opened(fake) as found:
        found.greet()
        yield found
