"""Procedures on the kiosk: by field, by letter, on paper, and a number from there."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import datetime as dt
import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bus.commands import IssueTicket
from bus.health import ProceduresHint, WebHealth
from bus.states import DeviceStatus
from bus.vocabulary import PrintOutcome, TicketClass
from config import Centre
from hall.citizen.browsing import ListPaper
from hall.citizen.session import Page
from hall.procedures import (
    NO_DOCUMENT,
    Document,
    Fee,
    Phrase,
    Procedure,
    Published,
    example_for,
    publish,
)
from hardware.printer import PrintResult
from kiosk.controls import Controls
from kiosk.kept_procedures import FetchError, Kept, KeptProcedures
from kiosk.sealed_file import SealedFile

NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)
LONG = "Giấy xác nhận của cơ quan có thẩm quyền về việc cư trú, nghề nghiệp và hoàn cảnh gia đình, "
BIRTH = Procedure(
    key="civil-dang-ky-khai-sinh",
    service="CIVIL",
    name=Phrase("Đăng ký khai sinh", "Birth registration"),
    who=Phrase("Cha hoặc mẹ. Nếu cha, mẹ không thể đi: ông, bà hoặc người thân thích khác."),
    papers=tuple(Phrase(text) for text in ("Tờ khai đăng ký khai sinh", "Giấy chứng sinh")),
    fee=Fee(
        amount=Phrase("Miễn lệ phí khi đăng ký đúng hạn"),
        source=Phrase("Luật Hộ tịch 2014, Điều 11"),
        date=dt.date(2014, 11, 20),
    ),
    days=Phrase("Trong ngày làm việc. Nhận sau 15 giờ: trả vào ngày làm việc tiếp theo."),
    online="https://dichvucong.gov.vn",
)
LONGEST = Procedure(
    key="civil-longest",
    service="CIVIL",
    name=Phrase(("Đăng ký " * 20)[:160].strip(), "Registration"),
    who=Phrase((LONG * 4)[:300].strip()),
    papers=tuple(Phrase(f"{at} {LONG * 4}"[:300].strip()) for at in range(20)),
    days=Phrase((LONG * 4)[:300].strip()),
)


def document(centre: Centre, *more: Procedure) -> Document:
    demonstration = replace(centre, hours=replace(centre.hours, always_open=True))
    example = [each for each in example_for(demonstration).document.procedures
               if each.key != BIRTH.key]  # fmt: skip
    return publish(Document(procedures=(BIRTH, *more, *example))).document


def go(hall: Any, control: str, value: str = "") -> None:
    hall.pause()
    Controls(hall.kiosk).act(control, value)


def paper_of(hall: Any) -> ListPaper:
    paper: ListPaper = hall.kiosk.session.browsing.paper
    return paper


def at_birth(hall: Any) -> None:
    hall.kiosk.listener.use_procedures(document(hall.service.centre))
    go(hall, "procedures")
    go(hall, "field", "CIVIL")
    go(hall, "procedure", BIRTH.key)


def test_without_procedures_nobody_is_led_to_them(hall: Any) -> None:
    go(hall, "procedures")
    assert hall.kiosk.session.page is Page.HOME


def test_an_example_is_not_shown_in_a_real_centre(hall: Any, centre: Centre) -> None:
    example = replace(document(centre), example=True, procedures=document(centre).procedures[:1])
    hall.kiosk.listener.use_procedures(example)
    go(hall, "procedures")
    assert hall.kiosk.session.page is Page.HOME


def test_a_list_is_printed_without_taking_a_number(hall: Any) -> None:
    at_birth(hall)
    hall.printer.result = None
    go(hall, "printList")
    assert paper_of(hall) is ListPaper.PRINTING
    go(hall, "printList")
    (sheet,) = hall.printer.papers
    assert (sheet.service, sheet.notice, sheet.qr) == ("Đăng ký khai sinh", True, None)
    assert [part.heading for part in sheet.sections][:3] == ["Ai nộp", "Giấy tờ cần", "Lệ phí"]
    assert "Căn cứ: Luật Hộ tịch 2014, Điều 11, ngày 20/11/2014" in sheet.sections[2].lines
    assert sheet.footer[0] == "Tờ này không phải số thứ tự."
    hall.printer.held[0](PrintResult(PrintOutcome.PRINTED))
    hall.until(lambda: paper_of(hall) is ListPaper.PRINTED)
    assert not hall.service.of(IssueTicket)
    assert hall.kiosk.session.page is Page.PROCEDURES


def test_what_a_printer_says_late_changes_no_other_procedure(hall: Any) -> None:
    at_birth(hall)
    hall.printer.result = None
    go(hall, "printList")
    go(hall, "procedure", "civil-dang-ky-ket-hon")
    hall.kiosk.procedures.paper_done(BIRTH.key, PrintResult(PrintOutcome.FAILED))
    assert paper_of(hall) is ListPaper.NONE
    hall.kiosk.procedures.paper_done("civil-dang-ky-ket-hon", PrintResult(PrintOutcome.FAILED))
    assert paper_of(hall) is ListPaper.FAILED


def test_a_number_is_taken_from_there_with_the_priority_of_the_home_screen(hall: Any) -> None:
    go(hall, "priority")
    at_birth(hall)
    go(hall, "takeHere")
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)
    (command,) = hall.service.of(IssueTicket)
    assert (command.service, command.ticket_class) == ("CIVIL", TicketClass.PRIORITY)


def test_a_closed_service_says_why_as_its_tile_does(hall: Any) -> None:
    at_birth(hall)
    hall.service.standing("CIVIL", open=False, why="full")
    hall.service.publish()
    hall.until(lambda: not hall.kiosk.offer.tile("CIVIL").open)
    go(hall, "takeHere")
    assert hall.kiosk.session.page is Page.NOTICE
    assert not hall.service.of(IssueTicket)


def test_a_list_that_becomes_another_leaves_nobody_before_nothing(hall: Any) -> None:
    at_birth(hall)
    hall.kiosk.listener.use_procedures(Document(procedures=(replace(BIRTH, service="SI"),)))
    hall.pause()
    assert hall.kiosk.listener.snapshot.procedures.procedures[0].service == "SI"
    go(hall, "otherWays")
    go(hall, "toHome")
    assert hall.kiosk.session.page is Page.HOME


def test_who_goes_away_leaves_the_home_screen_to_the_next(hall: Any) -> None:
    at_birth(hall)
    hall.clock.advance(70)
    hall.kiosk.tick()
    assert hall.kiosk.session.at_rest


# What is kept ------------------------------------------------------------------------------------


def told(published: Published | None, *, online: bool = True, port: int = 8081) -> DeviceStatus:
    hint = ProceduresHint(sha256=published.sha256, port=port) if published else None
    return DeviceStatus(online=online, kind="web", at=NOW, health=WebHealth(procedures=hint))


@pytest.fixture
def fetched() -> "queue.Queue[bytes | Exception]":
    return queue.Queue()


@pytest.fixture
def keep(
    qapp: QGuiApplication, tmp_path: Path, fetched: "queue.Queue[bytes | Exception]"
) -> Callable[..., KeptProcedures]:
    assert qapp

    def fetch(_port: int) -> bytes:
        answer = fetched.get_nowait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    return lambda directory=tmp_path: KeptProcedures(
        SealedFile(directory / "kiosk-1.procedures.json", Kept), fetch
    )


OLD, NEW = (
    publish(Document(procedures=(replace(BIRTH, days=Phrase(days)),))) for days in ("Cũ", "Mới")
)


def test_what_is_served_is_fetched_once_kept_and_there_without_the_web(
    keep: Any, fetched: Any, qtbot: QtBot
) -> None:
    kept = keep()
    assert kept.step() > 100
    kept.follow(told(OLD))
    fetched.put(OLD.body)
    with qtbot.waitSignal(kept.changed, timeout=30_000):
        kept.step()
    assert kept.document == OLD.document
    kept.follow(told(OLD))
    kept.step()
    assert keep().document == OLD.document


@pytest.mark.parametrize(
    "answer",
    [NEW.body[:-9], NEW.body + b" ", OLD.body, b"", b"<html>", FetchError("link dropped")],
    ids=["half", "more", "another", "nothing", "html", "dropped"],
)
def test_what_is_wrong_leaves_what_was_kept(
    keep: Any, fetched: Any, answer: bytes | Exception, expected_warnings: list[str]
) -> None:
    expected_warnings.append("procedures not fetched")
    kept = keep()
    kept.follow(told(OLD))
    fetched.put(OLD.body)
    kept.step()
    kept.follow(told(NEW))
    pauses = []
    for _ in range(3):
        fetched.put(answer)
        pauses.append(kept.step())
    assert pauses == sorted(pauses)
    assert pauses[0] > 0
    assert keep().document == OLD.document
    fetched.put(NEW.body)
    kept.step()
    assert keep().document == NEW.document


def test_a_full_disk_leaves_what_was_kept(
    keep: Any, fetched: Any, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings += ["procedures not fetched", "file not readable"]
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    kept = keep(blocked / "below")
    kept.follow(told(NEW))
    fetched.put(NEW.body)
    assert kept.step() > 0
    assert kept.document == NO_DOCUMENT.document


@pytest.mark.parametrize(
    "status",
    [told(None), told(NEW, online=False), DeviceStatus(online=True, kind="web", at=NOW)],
    ids=["no hint", "away", "older"],
)
def test_a_server_that_says_nothing_of_procedures_takes_none_away(
    keep: Any, fetched: Any, status: DeviceStatus
) -> None:
    kept = keep()
    kept.follow(told(OLD))
    fetched.put(OLD.body)
    kept.step()
    kept.follow(status)
    kept.step()
    assert keep().document == OLD.document


def test_a_torn_file_is_fetched_again(
    keep: Any, fetched: Any, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("file not trusted")
    (tmp_path / "kiosk-1.procedures.json").write_bytes(b"torn")
    kept = keep()
    kept.follow(told(OLD))
    fetched.put(OLD.body)
    kept.step()
    assert keep().document == OLD.document


# Pictures ----------------------------------------------------------------------------------------

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)


PICTURES = [
    ("procedures", PORTRAIT, (), ("civil", BIRTH.key)),
    ("procedures-ways", PORTRAIT, (), ()),
    ("procedures-en", PORTRAIT, ("language",), ("civil", BIRTH.key)),
    ("procedures-chu-to", PORTRAIT, ("large",), ("civil", BIRTH.key)),
    ("procedures-names-chu-to", PORTRAIT, ("large",), ("civil",)),
    ("procedures-ways-chu-to", PORTRAIT, ("large",), ()),
    ("procedures-landscape", LANDSCAPE, (), ("civil", BIRTH.key)),
    ("procedures-names-landscape", LANDSCAPE, (), ("civil",)),
    ("procedures-low", PORTRAIT, ("low",), ("civil", BIRTH.key)),
    ("procedures-contrast", PORTRAIT, ("contrast",), ("civil", BIRTH.key)),
    ("procedures-longest-chu-to", PORTRAIT, ("large",), ("civil", LONGEST.key)),
    ("procedures-longest-low-chu-to", PORTRAIT, ("large", "low"), ("civil", LONGEST.key)),
]


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "size", "before", "way"), PICTURES, ids=[each[0] for each in PICTURES]
)
def test_picture(
    show: Callable[..., Any],
    name: str,
    size: tuple[int, int],
    before: tuple[str, ...],
    way: tuple[str, ...],
) -> None:
    shown = show(*size)
    more = (LONGEST,) if "longest" in name else ()
    shown.hall.kiosk.listener.use_procedures(document(shown.hall.service.centre, *more))
    for control in before:
        go(shown.hall, control)
    go(shown.hall, "procedures")
    for control, value in zip(("field", "procedure"), way, strict=False):
        go(shown.hall, control, "CIVIL" if value == "civil" else value)
    shown.picture(name)
    shown.every_text_fits()


@pytest.mark.full
def test_everything_can_be_touched_and_every_touch_has_a_stop(show: Callable[..., Any]) -> None:
    shown = show(*PORTRAIT)
    hall = shown.hall
    hall.kiosk.listener.use_procedures(document(hall.service.centre))
    shown.touch("procedures")
    hall.until(lambda: hall.kiosk.session.page is Page.PROCEDURES)
    shown.touch("field-CIVIL")
    hall.until(lambda: shown.visible(f"procedure-{BIRTH.key}"))
    shown.touch(f"procedure-{BIRTH.key}")
    hall.until(lambda: shown.visible("printList"))
    shown.touch("printList")
    hall.until(lambda: paper_of(hall) is ListPaper.PRINTED)
    shown.touch("otherWays")
    hall.until(lambda: shown.visible("letter-Đ"))
    shown.touch("letter-Đ")
    hall.until(lambda: hall.kiosk.session.browsing.letter == "Đ")
    shown.touch("toHome")
    hall.until(lambda: hall.kiosk.session.page is Page.HOME)
