"""What a counter sees of people at kiosks who need a hand, and what one press does for them."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from typing import Any

import msgspec
import pytest

from bus.care import Care, Manner, Measure
from bus.commands import EndVisit, IssueTicket, PrepareVisit, Reply
from bus.states import ListedTicket, Visit
from bus.vocabulary import Error, Language, TicketClass
from hall.counter.desk import _refused
from hall.counter.sheets import menu_sheet
from hall.counter.situation import AtKiosk, Menu, Sheet
from hall.counter.ticket_sheets import listed_words
from hall.counter.view import present
from hall.counter.visits import visit_sheet
from hall.words import Words

MAY = ("prepare_visit", "end_visit", "issue_ticket")
CARE = Care(
    ticket_class=TicketClass.PRIORITY,
    lang=Language.ENGLISH,
    manner=Manner(large_paper=True, fetch=True, place="kiosk-1"),
    screen=("large", "of a later version"),
)


def visiting(scene: Any, counter: int | None = 3, **known: Any) -> Visit:
    return Visit(
        kiosk="kiosk-1", since=scene.ago(2), answered_at=scene.now, counter=counter, **known
    )


def test_who_goes_is_led_to_what_can_be_done(scene: Any) -> None:
    state = scene.idle(visits=(visiting(scene),), legal=MAY)
    banner = present(scene.situation(state)).alarm
    assert banner.text == "Đang giúp người ở máy lấy số"
    assert banner.choice.leads == AtKiosk("kiosk-1")
    assert not banner.rings


@pytest.mark.parametrize("counter", [9, None])
def test_nobody_else_is_disturbed_by_it(scene: Any, counter: int | None) -> None:
    state = scene.idle(visits=(visiting(scene, counter),), legal=MAY)
    assert present(scene.situation(state)).alarm.text == ""


def test_help_without_a_call_stands_under_more(scene: Any) -> None:
    more = menu_sheet(Menu.MORE, scene.situation(scene.idle(legal=MAY)))
    assert more is not None
    assert AtKiosk("kiosk-1") in {choice.leads for choice in more.choices}
    none = menu_sheet(Menu.MORE, scene.situation(scene.idle(legal=())))
    assert none is not None
    assert not any(isinstance(choice.leads, AtKiosk) for choice in none.choices)


def test_each_scenario_is_one_press(scene: Any) -> None:
    at = scene.situation(scene.idle(visits=(visiting(scene),), legal=MAY))
    sheet = visit_sheet(at, "kiosk-1")
    presses = [c.leads for c in sheet.choices if isinstance(c.leads, PrepareVisit)]
    pressed = [press.scenario for press in presses if press.scenario]
    assert pressed == ["elderly", "blind", "deaf", "wheelchair", "foreign", "unlettered"]
    assert all(c.leads.counter == 3 for c in sheet.choices if isinstance(c.leads, PrepareVisit))
    first = next(c for c in sheet.choices if isinstance(c.leads, PrepareVisit))
    assert "(mẫu)" in first.text
    assert first.note == "diện ưu tiên, phiếu chữ lớn, chữ to"
    assert sheet.choices[-1].leads == EndVisit(kiosk="kiosk-1", counter=3)


def test_a_single_measure_is_one_press_and_the_same_press_takes_it_back(scene: Any) -> None:
    def presses(**known: Any) -> dict[str, tuple[str, tuple[Measure, ...]]]:
        at = scene.situation(scene.idle(visits=(visiting(scene, **known),), legal=MAY))
        return {
            c.text: (c.note, c.leads.measures)
            for c in visit_sheet(at, "kiosk-1").choices
            if isinstance(c.leads, PrepareVisit) and c.leads.scenario is None
        }

    assert presses() == {
        "Diện ưu tiên": ("", (Measure.PRIORITY,)),
        "Phiếu chữ lớn": ("", (Measure.LARGE_PAPER,)),
        "Đọc gọi chậm": ("", (Measure.SPOKEN_CALL,)),
        "Mời tận nơi": ("", (Measure.FETCH,)),
    }
    after = presses(id="v", care=CARE)
    assert after["Đọc gọi chậm"] == ("", tuple(Measure))
    assert after["Mời tận nơi"] == (
        "đã chọn, bấm để bỏ",
        (Measure.PRIORITY, Measure.LARGE_PAPER),
    )
    nothing = visiting(scene, id="v", care=Care(), taken_up=True)
    sheet = visit_sheet(scene.situation(scene.idle(visits=(nothing,), legal=MAY)), "kiosk-1")
    assert sheet.note == "Máy đã sẵn sàng: như mọi người"


def test_the_number_taken_for_somebody_has_what_was_prepared(scene: Any) -> None:
    at = scene.situation(scene.idle(visits=(visiting(scene, id="v", care=CARE),), legal=MAY))
    sheet = visit_sheet(at, "kiosk-1")
    (services,) = (c.leads for c in sheet.choices if isinstance(c.leads, Sheet))
    assert services.choices[0].leads == IssueTicket(
        service="CERT",
        ticket_class=TicketClass.PRIORITY,
        lang=Language.ENGLISH,
        print_on="kiosk-1",
        manner=CARE.manner,
    )


@pytest.mark.parametrize(
    ("taken_up", "begins"), [(True, "Máy đã sẵn sàng: "), (False, "Đã gửi, máy chưa nhận: ")]
)
def test_a_kiosk_is_said_to_be_ready_only_by_its_own_word(
    scene: Any, taken_up: bool, begins: str
) -> None:
    visit = visiting(scene, id="v", care=CARE, taken_up=taken_up)
    sheet = visit_sheet(scene.situation(scene.idle(visits=(visit,), legal=MAY)), "kiosk-1")
    assert sheet.note.startswith(begins + "diện ưu tiên, phiếu chữ lớn, mời tận nơi, tiếng Anh")


def test_a_person_to_be_fetched_stands_by_the_number(scene: Any) -> None:
    served = scene.state(current=scene.choosing())
    current = msgspec.structs.replace(served.current, fetch_from="kiosk-1")
    at = scene.situation(msgspec.structs.replace(served, current=current))
    assert present(at).current.fetch == ("Mời tận nơi: xin đến gần máy lấy số mời người có số này")
    assert present(scene.situation(served)).current.fetch == ""
    listed = ListedTicket(
        ticket="t",
        number="1",
        service="CERT",
        ticket_class=TicketClass.NORMAL,
        since=scene.now,
        fetch=True,
    )
    assert listed_words(at, listed).endswith("mời tận nơi")


def test_a_scenario_that_is_gone_is_said_in_words_that_help() -> None:
    command = PrepareVisit(kiosk="kiosk-1", scenario="deaf", counter=3)
    reply = Reply(id="x", ok=False, error=Error.UNKNOWN)
    assert _refused(command, reply, Words()).startswith("Cách hỗ trợ này vừa được bỏ")
