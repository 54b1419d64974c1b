import pytest

from bus.vocabulary import UnitState
from hardware.keypad import Gesture, Press
from hardware.keypad.buttons.forms import Contact, Pushed, Said, There
from hardware.keypad.buttons.judge import DEBOUNCE_S, LATE_AFTER_S, Arrival, Drop, Judge

UNIT = "zigbee2mqtt:quay-3"
WALL = 1764000000.0
LINKED = 100.0
SETTLED = LINKED + LATE_AFTER_S
SINGLE = Pushed(UNIT, "", Gesture.SINGLE)
SHELLY = "shelly:s-1"


@pytest.fixture
def judge() -> Judge:
    judge = Judge([UNIT, "zigbee2mqtt:quay-4", f"{SHELLY}:0", "esphome:ban-6:goi"])
    judge.take_link(LINKED)
    return judge


def at(at_s: float, *, retained: bool = False) -> Arrival:
    """Return an arrival; the wall's clock runs along with the monotonic one."""
    return Arrival(at_s, WALL + at_s, retained)


def shelly(pressed_at: float, count: int | None = None) -> Pushed:
    return Pushed(SHELLY, "0", Gesture.SINGLE, WALL + pressed_at, count)


def contact(*, closed: bool) -> Contact:
    return Contact("esphome:ban-6", "goi", closed=closed)


def test_a_press_is_a_press_at_its_arrival(judge: Judge) -> None:
    assert judge.press(SINGLE, at(200)) == Press(UNIT, 200, Gesture.SINGLE)
    assert judge.states(SINGLE) == {UNIT: UnitState.READY}
    assert not judge.dropped


def test_a_retained_message_never_is(judge: Judge) -> None:
    assert judge.press(SINGLE, at(200, retained=True)) is None
    assert judge.dropped == {Drop.RETAINED: 1}


@pytest.mark.parametrize("stamp", [WALL + 201, None])
def test_a_kept_press_said_live_once_more_is_none(judge: Judge, stamp: float | None) -> None:
    kept = Pushed(SHELLY, "0", Gesture.SINGLE, stamp, None if stamp else 7)
    assert judge.press(kept, at(200, retained=True)) is None
    assert judge.press(kept, at(202)) is None
    assert judge.dropped == {Drop.RETAINED: 1, Drop.REPEAT: 1}


def test_a_kept_message_does_not_silence_the_second_topic(judge: Judge) -> None:
    again = Pushed(UNIT, "", Gesture.SINGLE, second_hand=True)
    assert judge.press(SINGLE, at(200, retained=True)) is None
    assert judge.press(again, at(202))


def test_a_bouncing_button_is_pressed_once(judge: Judge) -> None:
    times = [200, 200.1, 200.35, 200.35 + DEBOUNCE_S]
    assert [bool(judge.press(SINGLE, at(each))) for each in times] == [True, False, False, True]
    assert judge.dropped == {Drop.BOUNCE: 2}


def test_buttons_bounce_each_for_itself(judge: Judge) -> None:
    other = Pushed("zigbee2mqtt:quay-4", "", Gesture.SINGLE)
    assert judge.press(SINGLE, at(200))
    assert judge.press(other, at(200))


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (shelly(200), shelly(200)),
        (
            Pushed(SHELLY, "0", Gesture.SINGLE, count=7),
            Pushed(SHELLY, "0", Gesture.SINGLE, count=7),
        ),
        (SINGLE, Pushed(UNIT, "", Gesture.SINGLE, second_hand=True)),
    ],
)
def test_the_same_press_once_more_is_none(judge: Judge, first: Said, again: Said) -> None:
    assert judge.press(first, at(200.5))
    assert judge.press(again, at(203)) is None
    assert judge.dropped == {Drop.REPEAT: 1}


def test_the_next_press_is_another_by_its_number(judge: Judge) -> None:
    for count, time in ((7, 200), (8, 201), (9, 202), (7, 203)):
        assert judge.press(Pushed(SHELLY, "0", Gesture.SINGLE, count=count), at(time))


def test_the_second_topic_alone_is_believed(judge: Judge) -> None:
    assert judge.press(Pushed(UNIT, "", Gesture.SINGLE, second_hand=True), at(200))


def test_a_press_older_than_five_seconds_is_dropped(judge: Judge) -> None:
    assert judge.press(shelly(200), at(204.9))
    assert judge.press(shelly(201), at(206.1)) is None
    assert judge.dropped == {Drop.LATE: 1}


def test_after_a_new_link_only_what_proves_its_age_counts(judge: Judge) -> None:
    assert judge.press(SINGLE, at(SETTLED - 0.1)) is None
    assert judge.press(shelly(LINKED - 9), at(LINKED + 1)) is None
    assert judge.press(shelly(LINKED + 1), at(LINKED + 2))
    assert judge.dropped == {Drop.LATE: 2}
    assert judge.press(SINGLE, at(SETTLED + 0.3))


def test_a_device_with_a_wrong_clock_is_judged_by_the_link(judge: Judge) -> None:
    assert judge.press(shelly(-7200), at(LINKED + 1)) is None
    assert judge.press(shelly(-7199), at(SETTLED + 1))
    assert judge.press(shelly(-7198), at(SETTLED + 2))


def test_a_clock_of_ours_that_is_set_makes_no_press_late(judge: Judge) -> None:
    assert judge.press(shelly(200), at(201))
    hour_ahead = Arrival(301, WALL + 301 + 3600, retained=False)
    assert judge.press(shelly(300), hour_ahead)
    assert judge.press(shelly(400), Arrival(401, WALL + 401, retained=False))
    assert judge.press(shelly(490), at(501)) is None


def test_a_bridge_that_comes_back_may_hand_over_old_presses(judge: Judge) -> None:
    judge.press(There("zigbee2mqtt", there=False), at(200))
    assert judge.press(SINGLE, at(210)) is None
    judge.press(There("zigbee2mqtt", there=True), at(220))
    assert judge.press(SINGLE, at(224)) is None
    assert judge.press(shelly(224), at(224)), "other families are not held back"
    assert judge.press(SINGLE, at(226))
    judge.press(There("zigbee2mqtt", there=True), at(230, retained=True))
    assert judge.press(SINGLE, at(231))


def test_a_contact_is_pressed_when_it_closes(judge: Judge) -> None:
    assert judge.press(contact(closed=True), at(200)) is None, "nobody knows whether it just did"
    assert judge.press(contact(closed=False), at(201)) is None
    assert judge.press(contact(closed=True), at(202)) == Press("esphome:ban-6:goi", 202)
    assert judge.press(contact(closed=True), at(203)) is None
    judge.press(contact(closed=False), at(204))
    judge.lose_link()
    assert judge.press(contact(closed=True), at(205)) is None
    judge.take_link(206)


def test_a_contact_that_the_broker_kept_may_be_heard_before_the_link_counts(judge: Judge) -> None:
    judge.lose_link()
    judge.press(contact(closed=False), at(200, retained=True))
    judge.take_link(201)
    assert judge.press(contact(closed=True), at(202))


def test_without_a_link_nothing_proves_its_age(judge: Judge) -> None:
    judge.lose_link()
    assert judge.press(SINGLE, at(900)) is None
    assert judge.dropped == {Drop.LATE: 1}


def test_a_retained_contact_tells_only_how_it_is(judge: Judge) -> None:
    assert judge.press(contact(closed=False), at(200, retained=True)) is None
    assert judge.press(contact(closed=True), at(201, retained=True)) is None
    assert judge.press(contact(closed=True), at(202)) is None
    judge.press(contact(closed=False), at(203, retained=True))
    assert judge.press(contact(closed=True), at(204))


def test_an_unknown_button_waits_to_be_paired_and_never_acts(judge: Judge) -> None:
    for number in range(30):
        stranger = Pushed(f"tasmota:nut-{number}", "1", Gesture.HOLD)
        assert judge.press(stranger, at(200 + number)) is None
    assert len(judge.strangers) == 20
    assert list(judge.strangers)[-1] == "tasmota:nut-29:1"
    assert judge.strangers["tasmota:nut-29:1"] == Press("tasmota:nut-29:1", 229, Gesture.HOLD)
    assert judge.dropped == {Drop.UNIT: 30}


def test_who_is_there_is_told_of_all_its_buttons(judge: Judge) -> None:
    gone = {UNIT: UnitState.SILENT, "zigbee2mqtt:quay-4": UnitState.SILENT}
    assert judge.states(There("zigbee2mqtt", there=False)) == gone
    assert judge.states(There("zigbee2mqtt:quay-3", there=True)) == {UNIT: UnitState.READY}
    assert judge.states(There("zigbee2mqtt:quay", there=True)) == {}
