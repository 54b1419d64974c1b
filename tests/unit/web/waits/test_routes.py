"""The page and its files over a real socket, from a store on disk."""

import csv
import io
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from http.client import HTTPResponse
from pathlib import Path

import msgspec
import pytest

from config import centre_to_wire, load_centre
from hall.model import HallState
from provisioning.ratings import Face, Ratings, ServedTicket
from provisioning.site_db import SiteDb
from wait_log.dialects import store_url
from wait_log.figures import Selection
from wait_log.periods import Period
from wait_log.reader import open_reader
from wait_log.rows import Batch, ConfigRow
from wait_log.store import open_store
from web.waits.routes import WaitsSite

Get = Callable[..., tuple[HTTPResponse, str]]
AddTickets = Callable[..., None]
RANGE = "first=2026-11-01&last=2026-11-30"


@pytest.fixture
def ticketed(add_tickets: AddTickets) -> None:
    """Have three tickets in the store, one of which is not known to the centre any more."""
    add_tickets(
        {"wait_s": 300.0, "served_s": 200.0, "state": "finished"},
        {"wait_s": 1900.0, "served_s": 100.0, "state": "finished", "service": "=GONE"},
        {"state": "absent", "wait_s": 60.0, "ticket_class": "priority", "counter": 2},
    )


def test_the_page_says_what_the_store_says(
    wait_for: Callable[[str, str], str], ticketed: None
) -> None:
    del ticketed
    page = wait_for(f"/waits?{RANGE}", "Chứng thực")
    assert "Lượt giao dịch" in page
    assert "quá mức 30 phút" in page
    assert "=GONE" in page
    assert 'href="/log?first=2026-11-01&amp;last=2026-11-30&amp;service=CERT"' in page
    assert "<script>" not in page
    assert "style=" not in page


NONSENSE = [
    ("first=2026-13-40", "Hai ngày chưa hợp lệ"),
    ("first=2026-11-30&last=2026-11-01", "Hai ngày chưa hợp lệ"),
    ("first=0001-01-01&last=9999-12-31", "Hai ngày chưa hợp lệ"),
    ("period=never", "Không có kỳ"),
    ("counter=1e9&counter=-1&counter=%00", "Không có quầy"),
    ("service=%3Cscript%3Ealert(1)%3C/script%3E", "không có lượt giao dịch nào"),
    ("lunch=%F0%9F%92%A9&class=king&origin=moon&shown=x", "Thời gian chờ"),
]


def test_nonsense_is_answered_with_a_sentence(get: Get, subtests: pytest.Subtests) -> None:
    for query, sentence in NONSENSE:
        with subtests.test(query=query):
            response, page = get(f"/waits?{query}")
            assert response.status == 200
            assert sentence in page
            assert "<script>alert" not in page
            assert "Traceback" not in page


def test_no_store_is_a_calm_sentence(get: Get) -> None:
    response, page = get("/waits")
    assert response.status == 200
    assert "Kỳ này không có lượt giao dịch nào." in page
    assert '<svg class="chart' not in page


def test_a_damaged_store_is_said(get: Get, store_path: Path) -> None:
    store_path.write_bytes(b"not a database" * 100)
    response, page = get("/waits")
    assert response.status == 200
    assert "Chưa đọc được nhật ký" in page
    response, said = get("/waits.csv")
    assert response.status == 503
    assert "Chưa đọc được nhật ký" in said


def test_the_csv_is_of_the_same_selection(get: Get, ticketed: None) -> None:
    del ticketed
    response, text = get(f"/waits.csv?{RANGE}&class=priority")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "thoi-gian-cho-2026-11-01--2026-11-30.csv" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    assert rows[0]["Lượt giao dịch (lượt)"] == "1"
    assert rows[0]["Vắng mặt (lượt)"] == "1"


def test_the_workbook_is_a_file_to_keep(get: Get, ticketed: None) -> None:
    del ticketed
    response, text = get(f"/waits.xlsx?{RANGE}")
    assert response.status == 200
    assert text.startswith("PK")
    assert ".xlsx" in response.headers["Content-Disposition"]
    assert "spreadsheetml" in response.headers["Content-Type"]


def test_how_it_was_stands_on_the_page_and_in_both_files(
    get: Get, ticketed: None, site_db: SiteDb
) -> None:
    del ticketed
    votes = Ratings(site_db)
    for serial, face in enumerate((4, 4, 3, 1, 4, 4), 1):
        votes.vote(ServedTicket("2026-11-23", f"T{serial:04}", 1, "CERT"), Face(face))
    votes.vote(ServedTicket("2026-12-01", "T9999", 1, "CERT"), Face(1))
    page = get(f"/waits?{RANGE}")[1]
    assert "Mức độ hài lòng <small>6 trên 6 lượt đã phục vụ</small>" in page
    assert "4 · 67 %" in page
    text = get(f"/waits.csv?{RANGE}")[1]
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    assert next(row["Ý kiến (lượt)"] for row in rows if row["Ý kiến (lượt)"]) == "6"
    assert "Mức độ hài lòng" not in get(f"/waits?{RANGE}&class=priority")[1]
    assert "6 of 6 services" in get(f"/waits?{RANGE}&lang=en")[1]


def test_many_read_at_the_same_time(get: Get, ticketed: None) -> None:
    del ticketed
    answers: list[int] = []
    readers = [
        threading.Thread(target=lambda: answers.append(get(f"/waits?{RANGE}")[0].status))
        for _ in range(8)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert answers == [200] * 8


def test_who_waits_too_long_for_a_turn_is_told(
    hall_state: HallState, store_path: Path, ticketed: None
) -> None:
    del ticketed
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    site = WaitsSite(
        lambda: hall_state,
        lambda: open_reader(store_url(store_path.parent), "nhi-chieu"),
        lambda: datetime(2026, 11, 23, 2, tzinfo=UTC),
        lambda _figures: None,
        turns=threading.BoundedSemaphore(1),
        patience_s=0.01,
    )
    with site.turns:
        assert site.read(Selection(period)) == (None, hall_state.centre)
    found, centre = site.read(Selection(period))
    assert centre is hall_state.centre
    assert found
    assert found.tally.issued == 3


def test_the_centre_is_read_from_the_log_while_nobody_tells_it(tmp_path: Path) -> None:
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    centre = load_centre()
    store = open_store(store_url(tmp_path), "nhi-chieu", lambda: "E")
    site = WaitsSite(
        HallState,
        lambda: open_reader(store_url(tmp_path), "nhi-chieu"),
        lambda: datetime(2026, 11, 23, 2, tzinfo=UTC),
        lambda _figures: None,
    )
    assert site.read(Selection(period)) == (None, None)
    store.commit(Batch(configs=[ConfigRow(1, 0, msgspec.json.encode(centre_to_wire(centre)))]))
    found, known = site.read(Selection(period))
    store.close()
    assert known == centre
    assert found
    assert found.tally.issued == 0
