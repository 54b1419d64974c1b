"""A server whose address changed, and a box that has none: found in the network, never believed."""

import asyncio
import threading
from collections.abc import Iterator

import ifaddr
import pytest

from bus.discovery import Announcement, FoundServer, addresses_of, find_servers

LOOPBACK = ["127.0.0.1"]


@pytest.fixture
def announced() -> Iterator[None]:
    """Announce a server on the loopback interface, as `web` does on the hall's."""
    loop = asyncio.new_event_loop()
    announcement = Announcement("phuong-thu", ["127.0.0.1", "192.0.2.7", "::1"], 8443, LOOPBACK)
    loop.run_until_complete(announcement.start())

    async def answer(stop: asyncio.Event) -> None:
        await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(answer(stop),))
    thread.start()
    yield
    loop.call_soon_threadsafe(stop.set)
    thread.join(60)
    loop.run_until_complete(announcement.stop())
    loop.close()


def test_a_box_without_an_address_finds_the_server(announced: None) -> None:
    del announced
    assert FoundServer("phuong-thu", "192.0.2.7", 8443) in find_servers(30.0, LOOPBACK)


def test_a_unit_that_may_not_list_interfaces_asks_on_the_usual_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def refused(**_: object) -> None:
        asked.append(True)
        raise OSError(97, "Address family not supported by protocol")

    monkeypatch.setattr(ifaddr, "get_adapters", refused)
    assert [s for s in find_servers(0.1) if s.site == "phuong-vang"] == []
    assert asked


def test_nobody_is_found_where_nobody_is() -> None:
    assert [s for s in find_servers(0.2, LOOPBACK) if s.site == "phuong-vang"] == []
    assert addresses_of("server.phuong-vang.denluot.internal") == []
