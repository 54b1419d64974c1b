"""A broker of the tests' own, and people who come and officers who call."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attacked import Load, Victim, new_broker

from bus.broker import PrivateBroker
from tests.postgresql import ON_POSTGRESQL


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBroker]:
    with new_broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def victim(
    request: pytest.FixtureRequest,
    broker: PrivateBroker,
    tmp_path: Path,
    name_store: Callable[[Path], None],
) -> Iterator[Victim]:
    if request.param == "postgresql":
        name_store(tmp_path)
    victim = Victim(broker, tmp_path)
    yield victim
    victim.end()


@pytest.fixture
def load(broker: PrivateBroker) -> Iterator[Load]:
    load = Load(broker)
    yield load
    load.close()
