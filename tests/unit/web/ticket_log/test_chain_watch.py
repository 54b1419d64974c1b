"""The background proof: it follows the log, says where it breaks, and never ends."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wait_log.chain import Proven
from wait_log.dialects import store_url
from wait_log.reader import Reader, open_reader
from wait_log.rows import Batch, EventRow
from wait_log.store import Store, open_store
from web.ticket_log.chain_watch import ChainProof, ChainWatch

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
WITHIN_S = 30.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(store_url(tmp_path), "test", lambda: "epoch")
    yield store
    store.close()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = open_reader(store_url(tmp_path), "test")
    yield reader
    reader.close()


def _write(store: Store, count: int) -> None:
    first = store.last_seq + 1
    store.commit(
        Batch(
            events=[
                EventRow(seq, seq, "2026-11-23", "ticket_called", b"{}")
                for seq in range(first, first + count)
            ]
        )
    )


Until = Callable[[Callable[[ChainProof], bool]], Awaitable[ChainProof]]


def _run(watch: ChainWatch, play: Callable[[Until], Awaitable[None]]) -> None:
    async def until(wanted: Callable[[ChainProof], bool]) -> ChainProof:
        while not wanted(watch.state):  # noqa: ASYNC110 - it tells nobody that it has looked
            await asyncio.sleep(0.002)
        return watch.state

    async def run() -> None:
        async with watch.lifespan(None):
            await asyncio.wait_for(play(until), WITHIN_S)

    asyncio.run(run())


def _watch(reader: Reader) -> ChainWatch:
    return ChainWatch(reader, lambda: NOW, rest_s=0.0, look_again_s=0.0)


def test_proves_what_is_there_and_what_comes(store: Store, reader: Reader) -> None:
    _write(store, 5000)

    async def play(until: Until) -> None:
        state = await until(lambda state: state.proven.whole and state.proven.seq > 0)
        assert (state.proven.seq, state.at, state.there, state.readable) == (5000, NOW, True, True)
        await asyncio.to_thread(_write, store, 3)
        assert (await until(lambda state: state.proven.seq > 5000)).proven.seq == 5003

    _run(_watch(reader), play)


def test_waits_for_a_store_and_for_one_that_can_be_read(tmp_path: Path, reader: Reader) -> None:
    async def play(until: Until) -> None:
        await until(lambda state: not state.there)
        (tmp_path / "wait_log.db").write_bytes(b"no database at all" * 64)
        await until(lambda state: not state.readable)
        (tmp_path / "wait_log.db").unlink()
        store = await asyncio.to_thread(open_store, store_url(tmp_path), "test", lambda: "epoch")
        await asyncio.to_thread(_write, store, 2)
        assert (await until(lambda state: state.proven.seq == 2)).readable
        store.close()

    _run(_watch(reader), play)


def test_says_once_where_the_log_is_broken_and_when_it_is_whole_again(
    store: Store,
    reader: Reader,
    caplog: pytest.LogCaptureFixture,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("the log is broken seq=3")
    _write(store, 5)
    body = _swap(store, 3, b"changed")

    async def play(until: Until) -> None:
        await until(lambda state: state.proven.broken_at == 3)
        for _ in range(3):
            before = watch.state
            await until(lambda state, before=before: state is not before)  # type: ignore[misc]
        await asyncio.to_thread(_swap, store, 3, body)
        assert (await until(lambda state: state.proven.whole)).proven.seq == 5

    watch = _watch(reader)
    with caplog.at_level(logging.INFO):
        _run(watch, play)
    assert caplog.text.count("the log is broken") == 1
    assert caplog.text.count("whole again") == 1


def _swap(store: Store, seq: int, body: bytes) -> bytes:
    with store._connection.begin():
        found = store._connection.exec_driver_sql(
            "SELECT body FROM event WHERE seq = ?", (seq,)
        ).scalar_one()
        store._connection.exec_driver_sql("UPDATE event SET body = ? WHERE seq = ?", (body, seq))
    return bytes(found)


def test_begins_again_when_asked_even_within_a_slice(store: Store, tmp_path: Path) -> None:
    _write(store, 4)
    inside, go_on = threading.Event(), threading.Event()

    class SlowReader(Reader):
        def exists(self) -> bool:
            inside.set()
            assert go_on.wait(WITHIN_S)
            return super().exists()

    watch = _watch(SlowReader(store_url(tmp_path), "test"))

    async def play(until: Until) -> None:
        await asyncio.to_thread(inside.wait, WITHIN_S)
        watch.start_over()
        began = watch.state
        go_on.set()
        await until(lambda state: state is not began)
        assert (await until(lambda state: state.proven.whole)).proven.seq == 4

    _run(watch, play)


def test_an_error_of_ours_ends_nothing(
    store: Store, reader: Reader, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the chain was not looked at")
    _write(store, 2)
    failures = iter([RuntimeError("ours")])

    def now() -> datetime:
        for failure in failures:
            raise failure
        return NOW

    async def play(until: Until) -> None:
        assert (await until(lambda state: state.proven.seq == 2)).proven != Proven()

    _run(ChainWatch(reader, now, rest_s=0.0, look_again_s=0.0), play)
