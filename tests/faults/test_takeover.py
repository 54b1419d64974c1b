"""Two services on one PostgreSQL: one serves, the other takes over, and never both speak."""

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from attacked import PATIENCE_S, Load, Victim, judge, new_broker

from bus import states
from bus.broker import PrivateBroker
from tests.clusters import Cluster
from tests.conftest import Cable

pytestmark = pytest.mark.engine


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateBroker]:
    """A broker that has kept nothing of another test's hall."""
    with new_broker(tmp_path) as broker:
        yield broker


@pytest.fixture
def two(
    broker: PrivateBroker, cluster: Cluster, tmp_path: Path, lay_cable: Callable[[str, int], Cable]
) -> Iterator[SimpleNamespace]:
    """The service that serves, behind a cable to the store, and the one that waits."""
    database = cluster.new_database()
    cable = lay_cable("127.0.0.1", cluster.port)
    first = Victim(broker, tmp_path / "first", cluster.url(database, cable.port))
    second = Victim(broker, tmp_path / "second", cluster.url(database))
    yield SimpleNamespace(first=first, second=second, cable=cable)
    for victim in (first, second):
        victim.end()


class Speakers:
    """Who speaks to the boards: each service's connection has a session of its own."""

    def __init__(self, load: Load) -> None:
        self.epochs: set[str] = set()
        self.order: list[str] = []
        self._new: queue.Queue[str] = queue.Queue()
        load.board.follow_board(self._hear)

    def _hear(self, state: states.BoardState) -> None:
        self.epochs.add(state.epoch)
        if not self.order or state.session != self.order[-1]:
            self.order.append(state.session)
            self._new.put(state.session)

    def wait_for_another(self) -> float:
        """Return how long it took until a session was heard that was not heard before."""
        began = time.monotonic()
        self._new.get(timeout=PATIENCE_S)
        return time.monotonic() - began


@pytest.fixture
def speakers(two: SimpleNamespace, load: Load) -> Speakers:
    """The first serves, the second waits, and people come."""
    speakers = Speakers(load)
    two.first.start()
    load.start()
    speakers.wait_for_another()
    two.second.start()
    load.wait_for_work()
    return speakers


def end(victim: Victim, load: Load) -> None:
    load.wait_for_work()
    load.finish()
    assert victim.stop() == 0
    judge(victim, load)


def test_a_killed_service_is_followed_by_the_one_that_waits(
    two: SimpleNamespace, load: Load, speakers: Speakers
) -> None:
    two.first.kill()
    speakers.wait_for_another()
    end(two.second, load)
    assert len(speakers.order) == 2
    assert len(speakers.epochs) == 1


@pytest.mark.full
def test_a_frozen_service_that_goes_on_says_and_writes_nothing(
    two: SimpleNamespace, load: Load, speakers: Speakers
) -> None:
    two.first.freeze()
    speakers.wait_for_another()
    load.wait_for_work()
    two.first.thaw()
    for _ in range(5):
        load.wait_for_work()
    assert two.first.running
    two.second.kill()
    speakers.wait_for_another()
    end(two.first, load)
    assert len(speakers.order) == len(set(speakers.order)) == 3, "nobody spoke between"
    assert len(speakers.epochs) == 1


@pytest.mark.full
def test_a_service_without_its_store_makes_room(
    two: SimpleNamespace, load: Load, speakers: Speakers
) -> None:
    two.cable.cut()
    speakers.wait_for_another()
    load.wait_for_work()
    two.cable.mend()
    for _ in range(5):
        load.wait_for_work()
    assert len(speakers.order) == 2
    end(two.second, load)
