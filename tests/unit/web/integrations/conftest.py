"""A log that grows, `accounts.db` beside it, and receivers that take, refuse or dawdle."""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioning.site_db import SiteDb, open_site_db
from provisioning.webhooks import Webhooks
from wait_log.dialects import store_url
from wait_log.reader import Reader, open_reader
from wait_log.rows import Batch, EventRow
from wait_log.store import Store, open_store
from web.errors import TargetError
from web.integrations.delivery import Courier
from web.integrations.targets import Targets

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
SITE = "nhi-chieu"


class SetClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Receivers(Targets):
    """Takes messages; `refuse` says which it does not take, `hold` which it never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[dict[str, Any]] = []
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.refuse: Callable[[dict[str, Any]], bool] = lambda _: False
        self.hold: Callable[[str], bool] = lambda _: False

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.asked.append((url, dict(headers), body))
        if self.hold(url):
            await asyncio.Event().wait()
        message = json.loads(body)
        if self.refuse(message):
            raise TargetError("answered with status 503")
        self.taken.append(message)

    @property
    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.taken]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def webhook_db(tmp_path: Path, clock: SetClock) -> Iterator[SiteDb]:
    db = open_site_db(tmp_path / "accounts.db", clock.now)
    yield db
    db.close()


@pytest.fixture
def webhooks(webhook_db: SiteDb) -> Webhooks:
    return Webhooks(webhook_db)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(store_url(tmp_path), SITE, lambda: "E")
    yield store
    store.close()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = open_reader(store_url(tmp_path), SITE)
    yield reader
    reader.close()


@pytest.fixture
def receivers() -> Receivers:
    return Receivers()


MakeCourier = Callable[[], Courier]


@pytest.fixture
def make_courier(
    webhooks: Webhooks, reader: Reader, receivers: Receivers, clock: SetClock
) -> MakeCourier:
    """Make a courier, as each start of the web process does."""

    def make() -> Courier:
        rng = random.Random(5)
        return Courier(webhooks, reader, receivers, now=clock.now, rng=rng, look_s=0.01)

    return make


@pytest.fixture
def courier(make_courier: MakeCourier) -> Courier:
    return make_courier()


Happen = Callable[..., int]


@pytest.fixture
def happen(store: Store) -> Happen:
    """Write an event of a ticket as the service does; return its place in the log."""

    def happen(kind: str, ticket: str = "T1", **more: object) -> int:
        seq = store.last_seq + 1
        event = {
            "ticket": ticket,
            "number": "1001",
            "service": "CERT",
            "ticket_class": "normal",
            "command": "C1",
            "device": "kiosk-1",
            **more,
        }
        body = {
            "seq": seq,
            "at": "2026-11-23T01:24:00Z",
            "kind": kind,
            "cause": "x",
            "device": "web",
            "command": "C1",
            "by": "minh.nguyen",
            "event": event,
        }
        row = EventRow(
            seq, round(NOW.timestamp() * 1e6), "2026-11-23", kind, json.dumps(body).encode()
        )
        store.commit(Batch(events=[row]))
        return seq

    return happen
