"""`kill -9` of the real service behind a real broker: nothing acknowledged is lost or doubled."""

import queue
import random
import time
from collections.abc import Callable

import pytest
from attacked import PATIENCE_S, Load, Victim, board_is_right, drain, judge, make_link
from sqlalchemy import create_engine

from bus import codec, states
from bus.broker import PrivateBroker
from bus.health import ServiceHealth
from bus.vocabulary import StoreState
from wait_log.dialects import store_url


@pytest.mark.parametrize("passage", [9, pytest.param(30, marks=pytest.mark.full)])
@pytest.mark.parametrize(
    "name", ["before_commit", "after_commit", "after_reply", "before_publish", "after_publish"]
)
def test_death_at_every_point(victim: Victim, load: Load, name: str, passage: int) -> None:
    victim.start(f"{name}:{passage}")
    load.start()
    assert victim.wait() == 137
    drain(load)
    started = time.monotonic()
    victim.start()
    board_is_right(load, started)
    load.run_for(0.3)
    load.finish()
    assert victim.stop() == 0
    assert load.issued
    judge(victim, load)


def _kill_at_random_moments(victim: Victim, load: Load, kills: int, seed: int) -> list[float]:
    """Return after how many seconds each time the board was right again."""
    rng = random.Random(seed)
    right_s = []
    victim.start()
    load.start()
    board_is_right(load, time.monotonic())
    for _ in range(kills):
        load.wait_for_work()
        load.run_for(rng.uniform(0.0, 0.3))
        victim.kill()
        drain(load)
        started = time.monotonic()
        victim.start()
        right_s.append(board_is_right(load, started))
    load.run_for(0.3)
    load.finish()
    assert victim.stop() == 0
    assert len(load.issued) > kills
    judge(victim, load)
    return right_s


def test_a_damaged_store_is_refused_for_all_to_see(victim: Victim, broker: PrivateBroker) -> None:
    statuses: queue.Queue[states.DeviceStatus] = queue.Queue()
    board = make_link(broker, "board-1", "board")
    board.bus.subscribe(
        board.topics.status("service"),
        lambda message: statuses.put(codec.decode(states.DeviceStatus, message.payload)),
    )
    board.start()
    try:
        victim.start()
        while not statuses.get(timeout=PATIENCE_S).online:
            pass
        assert victim.stop() == 0
        engine = create_engine(store_url(victim.data))
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE day SET opened_us = 1")
        engine.dispose()
        victim.start()
        while (status := statuses.get(timeout=PATIENCE_S)).health != ServiceHealth(
            store=StoreState.FAILED
        ):
            pass
        assert "day" in (status.message or "")
        assert "differs from the log in opened_us" in (status.message or "")
        assert victim.stop() == 1
    finally:
        board.stop()


@pytest.mark.full
def test_death_at_random_moments_under_load(victim: Victim, load: Load) -> None:
    _kill_at_random_moments(victim, load, kills=8, seed=20261123)


@pytest.mark.full
@pytest.mark.parametrize("seed", [1, 2])
def test_death_at_fifty_random_moments_under_load(
    victim: Victim, load: Load, seed: int, record_property: Callable[[str, object], None]
) -> None:
    right_s = _kill_at_random_moments(victim, load, kills=50, seed=seed)
    record_property("right_s", right_s)
    record_property("numbers", len(load.issued))
    record_property("calls", len(load.called))
