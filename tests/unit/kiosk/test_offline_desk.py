from datetime import UTC, datetime
from pathlib import Path

import pytest

from bus.commands import IssueTicket
from bus.states import BookMark, ServicesState
from config import load_centre
from kiosk.offline_book import Book, BookError
from kiosk.offline_desk import OfflineDesk
from kiosk.sealed_file import SealedFile, sealed, unsealed

NOW = datetime(2026, 11, 23, 1, 24, 5, 123456, tzinfo=UTC)
CENTRE = load_centre()
STATE = ServicesState(epoch="E", rev=1, at=NOW, business_day="2026-11-23")


def request(number: int) -> IssueTicket:
    return IssueTicket(id=f"r{number}", ts=NOW, service="CIVIL")


def desk(path: Path) -> OfflineDesk:
    ids = iter(f"d{n}-{path.stat().st_mtime_ns if path.exists() else 0}" for n in range(99))
    return OfflineDesk(SealedFile(path, Book), "kiosk-1", lambda: next(ids))


def test_a_book_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kiosk" / "kiosk-1.book.json"
    first = desk(path)
    first.learn(STATE)
    given = first.give(CENTRE, request(1), NOW)
    again = desk(path)
    assert again.book.deliveries == (given,)
    assert again.give(CENTRE, request(2), NOW).number == "2902"


def test_a_number_is_on_disk_before_anybody_sees_it(tmp_path: Path) -> None:
    """A crash right after giving costs at most an unseen number, never one given twice."""
    path = tmp_path / "kiosk-1.book.json"
    first = desk(path)
    first.learn(STATE)
    shown = first.give(CENTRE, request(1), NOW)
    stored = SealedFile(path, Book).read()
    assert stored is not None
    assert shown in stored.deliveries
    assert stored.highest["2026-11-23"]["CIVIL"] == 901


def test_a_crash_while_writing_leaves_the_old_book(tmp_path: Path) -> None:
    path = tmp_path / "kiosk-1.book.json"
    first = desk(path)
    first.learn(STATE)
    first.give(CENTRE, request(1), NOW)
    path.with_suffix(".new").write_bytes(b'{"sha256":"half of a new bo')
    assert desk(path).give(CENTRE, request(2), NOW).number == "2902"


@pytest.mark.parametrize("cut", [0, 1, 40, 80, -1])
def test_a_torn_book_is_never_used(tmp_path: Path, cut: int, expected_warnings: list[str]) -> None:
    expected_warnings.append("file not trusted")
    path = tmp_path / "kiosk-1.book.json"
    first = desk(path)
    first.learn(STATE)
    first.give(CENTRE, request(1), NOW)
    path.write_bytes(path.read_bytes()[:cut])
    torn = desk(path)
    assert not torn.has_book
    with pytest.raises(BookError, match="never heard"):
        torn.give(CENTRE, request(2), NOW)
    assert path.with_suffix(".torn").exists()
    marks = (BookMark(kiosk="kiosk-1", service="CIVIL", highest=901),)
    torn.learn(ServicesState(epoch="E", rev=2, at=NOW, business_day="2026-11-23", books=marks))
    assert torn.give(CENTRE, request(3), NOW).number == "2902"


def test_a_flipped_digit_is_noticed() -> None:
    stored = sealed(Book(known_day="2026-11-23", highest={"2026-11-23": {"CIVIL": 931}}))
    assert unsealed(stored, Book).highest["2026-11-23"]["CIVIL"] == 931
    with pytest.raises(ValueError, match="checksum"):
        unsealed(stored.replace(b"931", b"901"), Book)


def test_no_number_without_a_durable_book(tmp_path: Path) -> None:
    path = tmp_path / "kiosk-1.book.json"
    first = desk(path)
    first.learn(STATE)
    path.with_suffix(".new").mkdir()
    with pytest.raises(BookError, match="cannot be kept"):
        first.give(CENTRE, request(1), NOW)
    assert first.book.deliveries == ()
    path.with_suffix(".new").rmdir()
    assert first.give(CENTRE, request(1), NOW).number == "2901"


def test_a_service_before_its_first_day_makes_no_book(tmp_path: Path) -> None:
    first = desk(tmp_path / "kiosk-1.book.json")
    first.learn(ServicesState(epoch="E", rev=1, at=NOW, business_day=""))
    assert not first.has_book
