"""The service's sign of life: what starves it, and what must not."""

import queue
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from bus import commands, states
from wait_log.errors import StoreError


def prove(running: SimpleNamespace) -> "queue.SimpleQueue[None]":
    fed: queue.SimpleQueue[None] = queue.SimpleQueue()
    running.service.prove_alive(lambda: fed.put(None))
    return fed


def test_it_passes_the_queue_and_reads_the_store(running: SimpleNamespace) -> None:
    store, read = running.desk.engine.ledger.store, queue.SimpleQueue[int]()
    usual = store.hash_of

    def hash_of(seq: int) -> bytes | None:
        read.put(seq)
        found: bytes | None = usual(seq)
        return found

    store.hash_of = hash_of
    prove(running).get(timeout=60)
    assert read.get_nowait() == store.last_seq


def test_a_queue_that_is_stuck_starves_it(running: SimpleNamespace) -> None:
    release, stuck = threading.Event(), threading.Event()

    def hang() -> None:
        stuck.set()
        release.wait(60)

    running.service._jobs.put(hang)
    assert stuck.wait(60)
    fed = prove(running)
    assert fed.empty()
    release.set()
    fed.get(timeout=60)


def test_a_store_that_does_not_answer_starves_it(running: SimpleNamespace) -> None:
    release, stuck = threading.Event(), threading.Event()

    def hang(_seq: int) -> None:
        stuck.set()
        release.wait(60)

    running.desk.engine.ledger.store.hash_of = hang
    fed = prove(running)
    assert stuck.wait(60)
    assert fed.empty()
    release.set()
    fed.get(timeout=60)


def test_a_store_that_cannot_be_read_starves_nothing(running: SimpleNamespace) -> None:
    def refuse(_seq: int) -> None:
        raise StoreError("disk I/O error")

    running.desk.engine.ledger.store.hash_of = refuse
    prove(running).get(timeout=60)


def test_a_full_disk_starves_nothing(
    running: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the store fails")

    def full(name: str) -> None:
        if name == "before_commit":
            raise StoreError("database or disk is full")

    running.desk.failpoint = full
    kiosk = running.device("kiosk-1")
    reply = running.ask(kiosk, commands.IssueTicket, service="CIVIL")
    assert not reply.ok
    prove(running).get(timeout=60)
    running.desk.failpoint = lambda _name: None


def test_a_lost_broker_starves_nothing(running: SimpleNamespace) -> None:
    running.service._link.bus.drop_link()
    prove(running).get(timeout=60)


def test_a_night_without_visitors_starves_nothing(
    running: SimpleNamespace, until: Callable[..., Any]
) -> None:
    """From evening over midnight to the next morning: nobody comes, every proof gets through."""
    services = running.listen(running.topics.services())
    for _ in range(24 * 4):
        running.desk.clock.advance(15 * 60)
        prove(running).get(timeout=60)
    today = running.desk.clock.now().date().isoformat()
    until(services, states.ServicesState, lambda state: state.business_day == today)
