"""A broker of the tests' own, and people who come and officers who call."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attacked import Load, Victim, new_broker

from bus.broker import PrivateBroker


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBroker]:
    with new_broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def victim(broker: PrivateBroker, tmp_path: Path) -> Iterator[Victim]:
    victim = Victim(broker, tmp_path)
    yield victim
    victim.end()


@pytest.fixture
def load(broker: PrivateBroker) -> Iterator[Load]:
    load = Load(broker)
    yield load
    load.close()
