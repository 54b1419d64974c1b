"""Webhooks from the log to the receiver: order, loss, repetition, and what is never told."""

import asyncio
import base64
import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from provisioning.site_db import SiteDb
from provisioning.webhooks import Webhook, Webhooks
from queue_service.codec import kind_of
from queue_service.domain import events
from wait_log.reader import Reader
from web.integrations.delivery import KEPT, Courier, newest_seq, signed_headers
from web.integrations.public_events import _FIELDS, KINDS, public_event

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
WITHIN_S = 60.0
Happen = Callable[..., int]
MakeCourier = Callable[[], Courier]


class SetClock(Protocol):
    at: datetime


class Receivers(Protocol):
    taken: list[dict[str, Any]]
    asked: list[tuple[str, dict[str, str], bytes]]
    refuse: Callable[[dict[str, Any]], bool]
    hold: Callable[[str], bool]

    @property
    def seqs(self) -> list[int]: ...


@pytest.fixture
def webhook(webhooks: Webhooks) -> Webhook:
    return webhooks.add("Cổng tỉnh", "https://nhan.example/a", [], 0, by="minh")


def run(courier: Courier, until: Callable[[], bool]) -> None:
    """Let a courier work until something is so, then cancel it as the end of the process does."""

    async def work() -> None:
        keeping = asyncio.create_task(courier.keep())
        async with asyncio.timeout(WITHIN_S):
            while not until():  # noqa: ASYNC110 - a courier tells nobody how far it is
                await asyncio.sleep(0.005)
        keeping.cancel()
        await asyncio.wait([keeping])

    asyncio.run(work())


def the(webhooks: Webhooks) -> Webhook:
    (webhook,) = webhooks.list()
    return webhook


def test_events_are_told_in_order(
    webhooks: Webhooks, webhook: Webhook, courier: Courier, receivers: Receivers, happen: Happen
) -> None:
    for kind in ("ticket_issued", "ticket_called", "serving_started", "ticket_finished"):
        happen(kind, counter=3)
    run(courier, lambda: the(webhooks).delivered == 4)
    assert receivers.seqs == [1, 2, 3, 4]
    assert receivers.taken[1] == {
        "seq": 2,
        "at": "2026-11-23T01:24:00Z",
        "business_day": "2026-11-23",
        "kind": "ticket_called",
        "data": {
            "ticket": "T1",
            "number": "1001",
            "service": "CERT",
            "ticket_class": "normal",
            "counter": 3,
        },
    }
    assert (the(webhooks).waiting, the(webhooks).cursor, webhook.cursor) == (0, 4, 0)


@pytest.mark.usefixtures("webhook")
def test_no_account_token_or_typed_text_is_told(
    webhooks: Webhooks, courier: Courier, receivers: Receivers, happen: Happen
) -> None:
    secrets = {"token": "TOKEN", "reason": "Chờ ông An ký", "by": "minh.nguyen", "text": "Chữ"}
    for kind in (*KINDS, "notice_posted", "help_requested", "print_reported", "unheard_of"):
        happen(kind, **secrets)
    run(courier, lambda: the(webhooks).delivered == len(KINDS))
    told = b" ".join(body for _, _, body in receivers.asked).decode()
    for secret in ("TOKEN", "An ký", "minh", "Chữ", "kiosk-1", "C1"):
        assert secret not in told


def test_what_is_told_exists_in_the_log() -> None:
    known = (kind for kind in events.Event.__args__ if kind is not events.OfLaterVersion)
    kinds = {kind_of_class(kind): kind for kind in known}
    assert set(KINDS) <= set(kinds)
    for kind, names in _FIELDS.items():
        assert set(names) <= {field.name for field in fields(kinds[kind])}, kind


def kind_of_class(kind: type[Any]) -> str:
    return kind_of(object.__new__(kind))


def test_a_withheld_or_damaged_body_is_passed_over(reader: Reader, happen: Happen) -> None:
    happen("ticket_issued")
    (chained,) = reader.events()
    assert public_event(chained)
    for body in (None, b"", b"{", b"[]", b"{}", b'{"at": 1}', b"\xff"):
        changed = type(chained)(
            **{f.name: getattr(chained, f.name) for f in fields(chained)} | {"body": body}
        )
        assert public_event(changed) is None


@pytest.mark.usefixtures("webhook")
def test_a_message_that_is_not_taken_holds_up_its_own_ticket_only(
    webhooks: Webhooks,
    courier: Courier,
    receivers: Receivers,
    happen: Happen,
    clock: SetClock,
) -> None:
    happen("ticket_issued", "T1")
    happen("ticket_issued", "T2")
    happen("ticket_called", "T1", counter=1)
    happen("ticket_called", "T2", counter=2)
    receivers.refuse = lambda message: message["seq"] == 1
    run(courier, lambda: the(webhooks).delivered == 2 and the(webhooks).failed >= 1)
    assert receivers.seqs == [2, 4]
    assert the(webhooks).last_error == "answered with status 503"
    assert [seq for seq in _asked(receivers) if seq == 3] == []
    receivers.refuse = lambda _: False
    clock.at += timedelta(minutes=10)
    run(courier, lambda: the(webhooks).delivered == 4)
    assert receivers.seqs == [2, 4, 1, 3]
    assert the(webhooks).last_error == ""


def _asked(receivers: Receivers) -> Iterable[int]:
    return (json.loads(body)["seq"] for _, _, body in receivers.asked)


@pytest.mark.usefixtures("webhook")
def test_attempts_grow_apart(
    webhooks: Webhooks, courier: Courier, receivers: Receivers, happen: Happen, clock: SetClock
) -> None:
    happen("ticket_issued")
    receivers.refuse = lambda _: True
    waits: list[float] = []
    for attempt in range(1, 15):
        run(courier, lambda attempt=attempt: the(webhooks).failed == attempt)  # type: ignore[misc]
        waited = 0.0
        while not webhooks.due(1, _us(clock.at), 1):
            clock.at += timedelta(seconds=1)
            waited += 1
        waits.append(waited)
    assert waits[0] <= 2
    assert max(waits) <= 600
    assert waits[-1] >= 300


def _us(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


@pytest.mark.usefixtures("webhook")
def test_a_clock_set_back_holds_nothing_up(
    webhooks: Webhooks, courier: Courier, receivers: Receivers, happen: Happen, clock: SetClock
) -> None:
    happen("ticket_issued")
    receivers.refuse = lambda _: True
    run(courier, lambda: the(webhooks).failed == 1)
    receivers.refuse = lambda _: False
    clock.at -= timedelta(days=100)
    run(courier, lambda: the(webhooks).delivered == 1)


@pytest.mark.usefixtures("webhook")
def test_nothing_is_lost_over_a_restart(
    webhooks: Webhooks, make_courier: MakeCourier, receivers: Receivers, happen: Happen
) -> None:
    for index in range(5):
        happen("ticket_issued", f"T{index}")
    run(make_courier(), lambda: len(receivers.taken) >= 2)
    for index in range(5, 8):  # while the web process is away
        happen("ticket_issued", f"T{index}")
    run(make_courier(), lambda: the(webhooks).delivered >= 8)
    assert set(receivers.seqs) == set(range(1, 9))


@pytest.mark.usefixtures("webhook")
def test_a_message_of_which_the_end_is_not_noted_is_told_again_by_the_same_id(
    webhooks: Webhooks,
    webhook_db: SiteDb,
    make_courier: MakeCourier,
    receivers: Receivers,
    happen: Happen,
    tmp_path: Path,
    expected_warnings: list[str],
) -> None:
    """At least once: the disk fails between the receiver's answer and our note of it."""
    expected_warnings += ["webhooks wait"]
    happen("ticket_issued")
    trigger = (
        "CREATE TRIGGER full BEFORE DELETE ON deliveries"
        " BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
    )
    with closing(sqlite3.connect(tmp_path / "accounts.db")) as beside:
        beside.execute(trigger)
        beside.commit()
    run(make_courier(), lambda: len(receivers.taken) >= 2)
    with webhook_db.write() as connection:
        connection.execute("DROP TRIGGER full")
    run(make_courier(), lambda: the(webhooks).delivered == 1)
    names = {headers["webhook-id"] for _, headers, _ in receivers.asked}
    assert names == {"1-1"}


@pytest.mark.usefixtures("webhook")
def test_what_nobody_takes_for_seven_days_is_dropped_and_counted(
    webhooks: Webhooks, courier: Courier, receivers: Receivers, happen: Happen, clock: SetClock
) -> None:
    happen("ticket_issued", "T1")
    happen("ticket_called", "T1", counter=1)
    receivers.refuse = lambda _: True
    run(courier, lambda: the(webhooks).failed >= 1)
    clock.at += KEPT
    courier.clean()
    assert (the(webhooks).dropped, the(webhooks).waiting) == (0, 2)
    clock.at += timedelta(seconds=1)
    courier.clean()
    assert (the(webhooks).dropped, the(webhooks).waiting) == (2, 0)


def test_only_wanted_kinds_are_told(
    webhooks: Webhooks, courier: Courier, receivers: Receivers, happen: Happen
) -> None:
    webhooks.add("a", "https://nhan.example/a", ["ticket_called"], 0, by="minh")
    happen("ticket_issued")
    happen("ticket_called", counter=1)
    happen("ticket_finished", counter=1)
    run(courier, lambda: the(webhooks).cursor == 3 and the(webhooks).delivered == 1)
    assert receivers.seqs == [2]


def test_a_new_webhook_begins_now(
    webhooks: Webhooks, courier: Courier, reader: Reader, receivers: Receivers, happen: Happen
) -> None:
    assert newest_seq(reader) == 0
    happen("ticket_issued")
    webhooks.add("a", "https://nhan.example/a", [], newest_seq(reader), by="minh")
    happen("ticket_called", counter=1)
    run(courier, lambda: the(webhooks).delivered == 1)
    assert receivers.seqs == [2]


def test_a_log_that_begins_again_is_followed(
    webhooks: Webhooks, courier: Courier, receivers: Receivers, happen: Happen
) -> None:
    webhooks.add("a", "https://nhan.example/a", [], 5000, by="minh")
    happen("ticket_issued")
    run(courier, lambda: the(webhooks).cursor == 1)
    happen("ticket_called", counter=1)
    run(courier, lambda: the(webhooks).delivered == 1)
    assert receivers.seqs == [2]


def test_a_receiver_that_dawdles_holds_up_no_other(
    webhooks: Webhooks, courier: Courier, receivers: Receivers, happen: Happen
) -> None:
    webhooks.add("slow", "https://slow.example/", [], 0, by="minh")
    webhooks.add("quick", "https://quick.example/", [], 0, by="minh")
    receivers.hold = lambda url: "slow" in url
    for index in range(30):
        happen("ticket_issued", f"T{index}")
    run(courier, lambda: webhooks.list()[1].delivered == 30)
    assert webhooks.list()[0].waiting == 30


@pytest.mark.usefixtures("webhook")
def test_a_removed_webhook_is_told_nothing_more(
    webhooks: Webhooks, courier: Courier, receivers: Receivers, happen: Happen, webhook_db: SiteDb
) -> None:
    receivers.refuse = lambda _: True
    happen("ticket_issued")
    run(courier, lambda: the(webhooks).failed == 1)
    webhooks.remove(1, by="lan")
    webhooks.remove(1, by="lan")
    assert webhooks.list() == []
    assert webhook_db.read("SELECT * FROM deliveries") == []
    told = [tuple(row) for row in webhook_db.read("SELECT account, action, detail FROM audit")]
    assert told[-1] == ("lan", "webhook_removed", "Cổng tỉnh · https://nhan.example/a")
    assert len(told) == 2


def test_the_signature_is_that_of_standard_webhooks() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    body = b'{"test": 2432232314}'
    headers = signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert headers["webhook-timestamp"] == "1614265330"
    # The example of github.com/standard-webhooks: their libraries take it as it is.
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("changed", ["id", "time", "body"])
def test_the_signature_covers_id_time_and_body(changed: str) -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signed_headers(secret, "1-2", NOW, b"{}")["webhook-signature"]
    name = "1-3" if changed == "id" else "1-2"
    seconds = int(NOW.timestamp()) + (changed == "time")
    body = b"[]" if changed == "body" else b"{}"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = hmac.digest(key, b"%s.%d.%s" % (name.encode(), seconds, body), hashlib.sha256)
    assert signed != f"v1,{base64.b64encode(wanted).decode()}"
