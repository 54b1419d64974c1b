"""The log's pages over a real socket: troubles are calm sentences, texts are texts."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from msgspec.structs import replace

from bus.states import ServicesState, State
from config import Centre, load_centre
from provisioning.accounts import Role
from wait_log.rows import FIRST_HASH, EventRow, digest_of, link

Get = Callable[..., tuple[HTTPResponse, str]]
WaitFor = Callable[[str, str], str]
Publish = Callable[[State], None]
AddTickets = Callable[..., None]
Post = Callable[..., tuple[int, str]]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def centre() -> Centre:
    """Return a centre that names people to its managers."""
    usual = load_centre()
    return replace(usual, rules=replace(usual.rules, show_accounts=True))


@pytest.fixture
def day(publish: Publish, services: ServicesState) -> str:
    publish(services)
    return services.business_day


def test_a_missing_store_is_a_sentence(get: Get, wait_for: WaitFor) -> None:
    response, text = get("/log?ticket=T1")
    assert response.status == 200
    assert "Chưa có nhật ký" in text
    wait_for("/log", "Chưa có nhật ký</b>")


def test_a_damaged_store_is_a_sentence(get: Get, store_path: Path) -> None:
    store_path.write_bytes(b"no database at all" * 64)
    response, text = get("/log?ticket=T1")
    assert response.status == 200
    assert "Chưa đọc được nhật ký" in text
    assert "database" not in text
    assert get("/log.csv")[0].status == 200


def test_a_page_that_is_torn_in_the_middle_is_a_sentence(
    get: Get, store_path: Path, add_tickets: AddTickets
) -> None:
    add_tickets({}, {})
    whole = store_path.read_bytes()
    with store_path.open("r+b") as file:  # beside an open writer, as bit rot is
        file.seek(100)
        file.write(bytes(len(whole) - 100))
    wal = store_path.with_name("wait_log.db-wal")
    with wal.open("r+b") as file:
        file.write(bytes(wal.stat().st_size))
    response, text = get("/log?ticket=T0001")
    assert response.status == 200
    assert "Chưa đọc được nhật ký" in text or "Chưa có nhật ký" in text


@pytest.mark.parametrize("number", ["1001", "x' OR '1'='1", "%", "1001--"])
def test_a_search_finds_what_is_there_and_nothing_else(
    get: Get, day: str, add_tickets: AddTickets, number: str
) -> None:
    add_tickets({"wait_s": 60.0}, {})
    text = get(f"/log?first={day}&number={quote(number)}")[1]
    assert text.count("<tr") - 1 == (1 if number == "1001" else 2)
    assert "Tất cả" in text


def test_texts_that_a_person_could_type_are_shown_as_text(
    get: Get, day: str, store_path: Path, add_tickets: AddTickets
) -> None:
    add_tickets({"service": SCRIPT, "reason": SCRIPT, "device": SCRIPT})
    typed = urlencode({"find": SCRIPT, "service": SCRIPT, "number": SCRIPT, "counter": SCRIPT})
    for address in (f"/log?first={day}&ticket=T0001", f"/log?{typed}", f"/log?ticket={SCRIPT}"):
        text = get(address.replace("<", "%3C").replace(">", "%3E"))[1]
        assert "<script>alert" not in text
    assert "paper-" not in text
    assert store_path.exists()


def test_a_story_with_texts_of_people(
    get: Get, day: str, store_path: Path, add_tickets: AddTickets
) -> None:
    add_tickets({"wait_s": 60.0})
    del add_tickets
    body = (
        b'{"seq":1,"at":"2026-11-23T01:00:00Z","mono":1.0,"boot":"b","day":"2026-11-23","step":1,'
        b'"kind":"ticket_parked","cause":"park","device":"web","by":"<b>h\xc6\xb0\xc6\xa1ng</b>",'
        b'"acting":3,"event":{"ticket":"T0001","number":"1001","service":"CERT",'
        b'"ticket_class":"normal","counter":3,"reason":"<script>alert(1)</script>"}}'
    )
    _append(store_path, EventRow(1, 1, day, "ticket_parked", body))
    text = get(f"/log?first={day}&ticket=T0001")[1]
    assert "Chờ ký" in text
    assert "&lt;script&gt;alert(1)" in text
    assert "tài khoản &lt;b&gt;hương&lt;/b&gt;" in text
    assert "<script>alert" not in text


def _append(store_path: Path, event: EventRow) -> None:
    """Write beside the fixture's writer, whose lock is not taken twice."""
    digest = digest_of(event.body)
    row = ("nhi-chieu", event.seq, event.at_us, event.business_day, event.kind, event.body)
    with closing(sqlite3.connect(store_path)) as connection, connection:
        connection.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, digest, link(FIRST_HASH, digest)),
        )


def test_a_ticket_alone_brings_its_own_day(get: Get, day: str, add_tickets: AddTickets) -> None:
    add_tickets({"wait_s": 60.0}, business_day="2026-11-20")
    text = get("/log?ticket=T0001")[1]
    assert 'value="2026-11-20"' in text
    assert "Thứ Sáu, 20/11/2026" in text
    assert day not in text


def test_the_chain_is_checked_again_by_managers_only(post: Post) -> None:
    back = "/log?first=2026-11-23&last=2026-11-23"
    assert post("/log/check", back=back) == (303, back)
    assert post("/log/check", back="https://attacker.example/") == (303, "/")
    assert post("/log/check", Role.VIEWER)[0] == 403
    assert post("/log/check", csrf="forged")[0] == 403
