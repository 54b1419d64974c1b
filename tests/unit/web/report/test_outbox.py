"""Mail that waits: kept over restarts, tried with growing pauses, put in once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provisioning.site_db import SiteDb, open_site_db
from web.report.outbox import Outbox

BEGIN = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


@dataclass
class Hands:
    """A clock that is moved by hand."""

    at: datetime = BEGIN

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def db(tmp_path: Path, clock: Hands) -> Iterator[SiteDb]:
    db = open_site_db(tmp_path / "mail.db", clock.now)
    yield db
    db.close()


def audited(db: SiteDb) -> list[str]:
    return [row["action"] for row in db.read("SELECT action FROM audit ORDER BY serial")]


def test_the_same_mail_is_kept_once(db: SiteDb) -> None:
    outbox = Outbox(db)
    assert outbox.put("day-1", "Phiếu ngày", ["a@b.vn"], b"one")
    assert not outbox.put("day-1", "Phiếu ngày", ["a@b.vn"], b"two")
    (mail,) = outbox.due()
    assert (mail.message, mail.to) == (b"one", ("a@b.vn",))
    outbox.sent(mail)
    assert outbox.due() == []
    assert not outbox.put("day-1", "Phiếu ngày", ["a@b.vn"], b"three")
    assert outbox.due() == []
    assert audited(db) == ["mail_sent"]


def test_pauses_grow_to_an_hour_and_never_end(db: SiteDb, clock: Hands) -> None:
    outbox = Outbox(db)
    outbox.put("day-1", "Phiếu ngày", ["a@b.vn"], b"one")
    pauses = []
    for _ in range(20):
        (mail,) = outbox.due()
        outbox.failed(mail, "connection refused")
        assert outbox.due() == []
        pause = outbox.newest()[0].next_at - clock.at
        pauses.append(pause)
        clock.at += pause
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert set(pauses[6:]) == {timedelta(hours=1)}
    assert audited(db) == ["mail_failed"]  # said once for one reason


def test_mail_waits_over_a_restart(db: SiteDb, tmp_path: Path, clock: Hands) -> None:
    Outbox(db).put("day-1", "Phiếu ngày", ["a@b.vn"], b"one")
    again = open_site_db(tmp_path / "mail.db", clock.now)
    assert [mail.key for mail in Outbox(again).due()] == ["day-1"]
    again.close()


def test_only_who_was_refused_is_tried_again(db: SiteDb, clock: Hands) -> None:
    outbox = Outbox(db)
    outbox.put("day-1", "Phiếu ngày", ["a@b.vn", "c@d.vn"], b"one")
    outbox.failed(outbox.due()[0], "c@d.vn: 450 later", ["c@d.vn"])
    clock.at += timedelta(hours=2)
    assert outbox.due()[0].to == ("c@d.vn",)


def test_new_settings_are_tried_at_once(db: SiteDb) -> None:
    outbox = Outbox(db)
    outbox.put("day-1", "Phiếu ngày", ["a@b.vn"], b"one")
    outbox.failed(outbox.due()[0], "bad password")
    outbox.hurry()
    assert len(outbox.due()) == 1


def test_a_mail_that_nobody_wants_is_given_up(db: SiteDb) -> None:
    outbox = Outbox(db)
    outbox.put("day-1", "Phiếu ngày", ["a@b.vn"], b"one")
    outbox.remove(outbox.due()[0].id, "director", "127.0.0.1")
    assert outbox.due() == []
    assert outbox.newest()[0].problem == "removed"
    assert audited(db) == ["mail_removed"]


def test_what_was_sent_long_ago_is_forgotten(db: SiteDb, clock: Hands) -> None:
    outbox = Outbox(db)
    outbox.put("day-1", "Phiếu ngày", ["a@b.vn"], b"one")
    outbox.sent(outbox.due()[0])
    clock.at += timedelta(days=61)
    outbox.put("day-2", "Phiếu ngày", ["a@b.vn"], b"two")
    assert [mail.key for mail in outbox.newest()] == ["day-2"]
