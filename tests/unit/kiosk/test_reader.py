"""Where five keys lead and what is said meanwhile, without a window."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bus.states import BoardState, Call
from bus.vocabulary import Language, PrintOutcome, SoundState, TicketClass
from config import ConfigError
from config.settings import FiveKeys
from hall.citizen.session import Page, Paper
from hall.citizen.speech import written
from hall.words import Words
from hardware.printer import Reason
from kiosk.controls import Controls
from kiosk.speaking.reader import LOUDEST, NORMAL_VOLUME, Key, Reader
from kiosk.speaking.running import HallCalls, codes_of
from tests.unit.kiosk.hearing import Mouth

NORMAL = NORMAL_VOLUME / LOUDEST


@pytest.fixture
def mouth() -> Mouth:
    return Mouth()


@pytest.fixture
def reader(hall: Any, mouth: Mouth) -> Reader:
    hall.kiosk.speech_is(SoundState.OK)
    return Reader(hall.kiosk, Controls(hall.kiosk), mouth)


def at(reader: Reader) -> str:
    return reader.focused.id if reader.focused else ""


def go_to(reader: Reader, stop_id: str) -> None:
    stop = reader.reading.stop(stop_id)
    assert stop, stop_id
    reader.go_to(stop)


def press(hall: Any, reader: Reader, key: Key) -> None:
    hall.pause()
    reader.press(key)


def take(hall: Any, reader: Reader, service: str) -> None:
    go_to(reader, f"service-{service}")
    press(hall, reader, Key.CHOOSE)
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)


def test_a_number_by_keys_and_everything_said_of_it(
    hall: Any, reader: Reader, mouth: Mouth
) -> None:
    reader.press(Key.NEXT)
    assert mouth.last.startswith("Xin chào quý vị. Đây là máy lấy số của")
    assert hall.kiosk.speaking
    assert at(reader) == ""
    mouth.on_said()
    assert at(reader) == "priority"
    press(hall, reader, Key.CHOOSE)
    assert mouth.last.startswith("Tôi thuộc diện ưu tiên đang bật")
    press(hall, reader, Key.NEXT)
    press(hall, reader, Key.NEXT)
    assert at(reader) == "service-CIVIL"
    assert mouth.last.startswith("Hộ tịch. còn 2 người chờ. chờ khoảng 5 đến 10 phút")
    take(hall, reader, "CIVIL")
    [paper] = hall.printer.papers
    number = paper.number
    assert mouth.last.startswith(
        f"Mời quý vị nhận phiếu. Số thứ tự của quý vị {number}. Xin nhắc lại. {number}. "
        "Số ưu tiên. Hộ tịch. Trước quý vị có 2 người. chờ khoảng 5 đến 10 phút. Khi đến lượt"
    )
    mouth.on_said()
    assert at(reader) == "number"
    reader.press(Key.CHOOSE)
    assert mouth.last == f"Số thứ tự của quý vị {number}. Xin nhắc lại. {number}"
    go_to(reader, "finish")
    press(hall, reader, Key.CHOOSE)
    assert mouth.last == "Đã tắt đọc. Cảm ơn quý vị."
    assert (at(reader), hall.kiosk.session.page) == ("", Page.HOME)


def test_the_next_person_finds_everything_as_usual(hall: Any, reader: Reader, mouth: Mouth) -> None:
    assert mouth.volume == NORMAL, "the first one does too"
    reader.press(Key.NEXT)
    for _ in range(9):
        reader.press(Key.UP)
    assert mouth.volume == 1.0
    assert mouth.last.startswith("Âm lượng 10")
    hall.kiosk.unplugged()
    assert (mouth.volume, reader.volume, hall.kiosk.session.keys) == (NORMAL, NORMAL_VOLUME, False)


def test_a_finger_interrupts_and_moves_nothing(hall: Any, reader: Reader, mouth: Mouth) -> None:
    reader.press(Key.NEXT)
    reader.interrupt()
    assert (mouth.did, at(reader), hall.kiosk.speaking) == (["cut"], "", False)


def test_pause_says_so_and_any_key_goes_on(hall: Any, reader: Reader, mouth: Mouth) -> None:
    reader.press(Key.NEXT)
    mouth.on_said()
    go_to(reader, "pause")
    press(hall, reader, Key.CHOOSE)
    assert mouth.last == "Đã tạm dừng. Bấm nút bất kỳ để đọc tiếp."
    reader.press(Key.UP)
    assert mouth.last.startswith("Xin chào")
    assert reader.volume == NORMAL_VOLUME
    reader.hold()
    assert (mouth.did, reader.paused) == (["pause"], True)
    reader.press(Key.BACK)
    assert (mouth.did, reader.paused) == (["pause", "resume"], False)


def test_who_is_still_is_asked_aloud_and_any_key_answers(
    hall: Any, reader: Reader, mouth: Mouth
) -> None:
    reader.press(Key.NEXT)
    mouth.on_said()
    go_to(reader, "service-TAX")
    hall.clock.advance(300)
    hall.kiosk.tick()
    assert hall.kiosk.session.left_s is None, "nobody is hurried while something is said"
    mouth.on_said()
    hall.clock.advance(46)
    hall.kiosk.tick()
    assert mouth.last.startswith("Quý vị cần thêm thời gian?")
    reader.press(Key.DOWN)
    assert (hall.kiosk.session.left_s, at(reader)) == (None, "service-TAX")
    assert mouth.last.startswith("Thuế"), "and hears where they were"


def test_without_an_output_the_keys_move_all_the_same(
    hall: Any, reader: Reader, mouth: Mouth
) -> None:
    hall.kiosk.speech_is(SoundState.NONE)
    reader.press(Key.NEXT)
    assert (mouth.said, at(reader)) == ([], "priority")
    assert reader.reading.stop("curtain") is None
    hall.kiosk.speech_is(SoundState.OK)
    assert mouth.last.startswith("Xin chào"), "it has come"
    hall.kiosk.toggle_curtain()
    assert hall.kiosk.session.curtain
    hall.kiosk.speech_is(SoundState.NONE)
    assert (hall.kiosk.session.curtain, hall.kiosk.session.keys) == (False, True), "it is gone"


@pytest.mark.parametrize("heard", [True, False])
def test_a_paper_that_fails_is_said_at_once_and_the_number_again(
    hall: Any, reader: Reader, mouth: Mouth, *, heard: bool
) -> None:
    reader.press(Key.NEXT)
    hall.printer.result = None
    take(hall, reader, "CIVIL")
    if heard:
        mouth.on_said()
    hall.until(lambda: len(hall.printer.held) == 1)
    hall.printer.ends(PrintOutcome.FAILED, Reason.PAPER_OUT)
    [done] = hall.printer.held
    done(hall.printer.result)
    hall.until(lambda: mouth.last.startswith("Xin quý vị ghi nhớ số này. Máy in hết giấy."))
    [number] = [ticket.number for ticket in hall.service.issued.values()]
    assert mouth.last.endswith(written(reader.reading.intro, Words("vi")))
    assert f"Số thứ tự của quý vị {number}. Xin nhắc lại. {number}." in mouth.last
    mouth.on_said()
    assert at(reader) == "number"


def test_of_a_copy_that_came_out_the_number_is_not_said_again(
    hall: Any, reader: Reader, mouth: Mouth
) -> None:
    hall.printer.ends(PrintOutcome.UNKNOWN)
    reader.press(Key.NEXT)
    take(hall, reader, "CIVIL")
    hall.until(lambda: reader.reading.stop("copy") is not None)
    hall.printer.ends(PrintOutcome.PRINTED)
    go_to(reader, "copy")
    press(hall, reader, Key.CHOOSE)
    hall.until(lambda: hall.kiosk.session.ticket.paper is Paper.COPIED)
    assert mouth.last == "Mời quý vị nhận bản in lại"


def test_a_plug_pulled_on_the_way_keeps_the_number(hall: Any, reader: Reader) -> None:
    reader.press(Key.NEXT)
    hall.service.answering = False
    go_to(reader, "service-CIVIL")
    press(hall, reader, Key.CHOOSE)
    assert hall.kiosk.session.page is Page.TAKING
    hall.kiosk.unplugged()
    assert (hall.kiosk.session.page, hall.kiosk.session.keys) == (Page.TAKING, False)


def test_every_stop_can_be_chosen(hall: Any, reader: Reader) -> None:
    controls = Controls(hall.kiosk)
    reader.press(Key.NEXT)
    known = {*controls._plain, *controls._with_value, "repeat", "pause"}
    wanted = {stop.control for stop in reader.reading.stops if stop.control}
    assert wanted <= known
    assert {"priority", "language", "large", "contrast", "low", "help", "speech"} <= wanted


def test_moving_over_everything_changes_nothing(hall: Any, reader: Reader, mouth: Mouth) -> None:
    reader.press(Key.NEXT)
    before, stops = hall.kiosk.session, reader.reading.stops
    passed = []
    for _ in stops:
        press(hall, reader, Key.NEXT)
        passed.append(at(reader))
    assert passed == [stop.id for stop in stops]
    press(hall, reader, Key.NEXT)
    assert at(reader) == passed[0], "around the end: nobody is trapped"
    press(hall, reader, Key.BACK)
    assert at(reader) == passed[-1]
    assert replace(hall.kiosk.session, touched=before.touched) == before
    assert reader.text == mouth.last, "what is said can be read along"


def test_a_paper_that_fails_while_it_rests_is_still_said(
    hall: Any, reader: Reader, mouth: Mouth
) -> None:
    reader.press(Key.NEXT)
    hall.printer.result = None
    take(hall, reader, "CIVIL")
    reader.hold()
    hall.until(lambda: len(hall.printer.held) == 1)
    hall.printer.ends(PrintOutcome.FAILED, Reason.COVER_OPEN)
    [done] = hall.printer.held
    done(hall.printer.result)
    hall.until(lambda: "Nắp máy in đang mở." in mouth.last)
    assert not reader.paused


def test_it_speaks_low_while_the_hall_is_called(hall: Any) -> None:
    mouth = Mouth()
    hushed = mouth.hushed
    calls = HallCalls(hall.kiosk, hall.link, mouth)
    calls.hear(board(hall))
    assert hushed == []
    calls.hear(board(hall, seconds_ago=2))
    assert hushed == [True]
    calls._over.timeout.emit()
    assert hushed == [True, False]
    calls.hear(board(hall, seconds_ago=40))
    assert hushed == [True, False]


def board(hall: Any, *, seconds_ago: float | None = None) -> BoardState:
    now = hall.clock.now()
    calls: tuple[Call, ...] = ()
    if seconds_ago is not None:
        began = now - timedelta(seconds=seconds_ago)
        kind, lang = TicketClass.NORMAL, Language.VIETNAMESE
        call = Call(
            call_seq=1, number="2001", counter=3, service="CIVIL", ticket_class=kind, lang=lang,
            repeat=0, at=began,
        )  # fmt: skip
        calls = (call,)
    return BoardState(epoch="E", rev=1, at=now, calls=calls)


def test_keys_are_named_as_qt_does() -> None:
    codes = codes_of(FiveKeys(choose=("F5",)))
    assert sorted(codes.values()) == sorted(Key)
    with pytest.raises(ConfigError, match=r"no key is named 'Round'.*keys\.choose"):
        codes_of(FiveKeys(choose=("Round",)))
    with pytest.raises(ConfigError, match="Left is two keys at once"):
        codes_of(FiveKeys(next=("Left",)))
