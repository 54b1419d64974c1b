import pytest

from bus.vocabulary import UnitState
from config.settings.keypads import Meaning
from hardware.keypad import Gesture, Press
from hardware.keypad.buttons.forms import (
    ButtonMessage,
    ButtonPresence,
    ButtonPress,
    Contact,
    Forms,
    Unread,
)
from hardware.keypad.buttons.judge import DEBOUNCE_S, LATE_AFTER_S, Arrival, Drop, Judge
from hardware.keypad.presses import HELD_S

UNIT = "zigbee2mqtt:quay-3"
WALL = 1764000000.0
LINKED = 100.0
SETTLED = LINKED + LATE_AFTER_S
SINGLE = ButtonPress(UNIT, "", Meaning.SINGLE)
SHELLY = "shelly:s-1"


@pytest.fixture
def judge() -> Judge:
    judge = Judge([UNIT, "zigbee2mqtt:quay-4", f"{SHELLY}:0", "esphome:ban-6:goi"])
    judge.take_link(LINKED)
    return judge


def at(at_s: float, *, retained: bool = False) -> Arrival:
    """Return an arrival; the real clock runs along with the monotonic one."""
    return Arrival(at_s, WALL + at_s, retained)


def shelly(pressed_at: float, count: int | None = None) -> ButtonPress:
    return ButtonPress(SHELLY, "0", Meaning.SINGLE, WALL + pressed_at, count)


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
    kept = ButtonPress(SHELLY, "0", Meaning.SINGLE, stamp, None if stamp else 7)
    assert judge.press(kept, at(200, retained=True)) is None
    assert judge.press(kept, at(202)) is None
    assert judge.dropped == {Drop.RETAINED: 1, Drop.REPEAT: 1}


def test_a_kept_message_does_not_silence_the_second_topic(judge: Judge) -> None:
    again = ButtonPress(UNIT, "", Meaning.SINGLE, second_hand=True)
    assert judge.press(SINGLE, at(200, retained=True)) is None
    assert judge.press(again, at(202))


def test_a_bouncing_button_is_pressed_once(judge: Judge) -> None:
    times = [200, 200.1, 200.35, 200.35 + DEBOUNCE_S]
    assert [bool(judge.press(SINGLE, at(each))) for each in times] == [True, False, False, True]
    assert judge.dropped == {Drop.BOUNCE: 2}


def test_buttons_bounce_each_for_itself(judge: Judge) -> None:
    other = ButtonPress("zigbee2mqtt:quay-4", "", Meaning.SINGLE)
    assert judge.press(SINGLE, at(200))
    assert judge.press(other, at(200))


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (shelly(200), shelly(200)),
        (
            ButtonPress(SHELLY, "0", Meaning.SINGLE, count=7),
            ButtonPress(SHELLY, "0", Meaning.SINGLE, count=7),
        ),
        (SINGLE, ButtonPress(UNIT, "", Meaning.SINGLE, second_hand=True)),
    ],
)
def test_the_same_press_once_more_is_none(
    judge: Judge, first: ButtonMessage, again: ButtonMessage
) -> None:
    assert judge.press(first, at(200.5))
    assert judge.press(again, at(203)) is None
    assert judge.dropped == {Drop.REPEAT: 1}


def test_the_next_press_is_another_by_its_number(judge: Judge) -> None:
    for count, time in ((7, 200), (8, 201), (9, 202), (7, 203)):
        assert judge.press(ButtonPress(SHELLY, "0", Meaning.SINGLE, count=count), at(time))


def test_the_second_topic_alone_is_believed(judge: Judge) -> None:
    assert judge.press(ButtonPress(UNIT, "", Meaning.SINGLE, second_hand=True), at(200))


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
    judge.press(ButtonPresence("zigbee2mqtt", there=False), at(200))
    assert judge.press(SINGLE, at(210)) is None
    judge.press(ButtonPresence("zigbee2mqtt", there=True), at(220))
    assert judge.press(SINGLE, at(224)) is None
    assert judge.press(shelly(224), at(224)), "other families are not held back"
    assert judge.press(SINGLE, at(226))
    judge.press(ButtonPresence("zigbee2mqtt", there=True), at(230, retained=True))
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
        stranger = ButtonPress(f"tasmota:nut-{number}", "1", Meaning.HOLD)
        assert judge.press(stranger, at(200 + number)) is None
    assert len(judge.unknown_buttons) == 20
    assert list(judge.unknown_buttons)[-1] == "tasmota:nut-29:1"
    assert judge.unknown_buttons["tasmota:nut-29:1"] == Press("tasmota:nut-29:1", 229, Gesture.HOLD)
    assert judge.dropped == {Drop.UNIT: 30}


def test_who_is_there_is_told_of_all_its_buttons(judge: Judge) -> None:
    gone = {UNIT: UnitState.SILENT, "zigbee2mqtt:quay-4": UnitState.SILENT}
    assert judge.states(ButtonPresence("zigbee2mqtt", there=False)) == gone
    assert judge.states(ButtonPresence("zigbee2mqtt:quay-3", there=True)) == {UNIT: UnitState.READY}
    assert judge.states(ButtonPresence("zigbee2mqtt:quay", there=True)) == {}


FORMS = Forms()
HUE = "zigbee2mqtt:hue"
"""Button `on` of a Hue dimmer 324131092621, which says `on_press` before all it says."""


def presses(judge: Judge, *said: tuple[float, str], topic: str = "hue") -> list[str]:
    """Return unit and gesture of the presses that actions at these times become."""
    found = []
    for at_s, action in said:
        for each in FORMS.said(f"zigbee2mqtt/{topic}", f'{{"action":"{action}"}}'.encode()):
            press = judge.press(each, at(200 + at_s))
            found += [f"{press.unit} {press.gesture}"] if press else []
    return found


@pytest.fixture
def remotes() -> Judge:
    judge = Judge([f"{HUE}:on", "zigbee2mqtt:somrig:1", "zigbee2mqtt:tay", "zigbee2mqtt:quay-3"])
    judge.take_link(LINKED)
    return judge


HOLDS = [(0.8 * n, "on_hold") for n in range(1, 4)]


def test_a_hold_that_is_said_over_and_over_is_one_press(remotes: Judge) -> None:
    held = presses(remotes, (0, "on_press"), *HOLDS, (2.5, "on_hold_release"))
    assert held == [f"{HUE}:on hold"]
    assert presses(remotes, (3.0, "on_press"), (3.8, "on_hold")) == [f"{HUE}:on hold"]


def test_a_hold_whose_end_was_lost_ends_after_two_seconds_of_silence(remotes: Judge) -> None:
    held = presses(remotes, *HOLDS, (2.4 + HELD_S - 0.1, "on_hold"), (9, "on_hold"))
    assert held == [f"{HUE}:on hold"] * 2


def test_a_short_press_of_such_a_remote_is_one_press(remotes: Judge) -> None:
    short = presses(remotes, (0, "on_press"), (0.2, "on_press_release"), (1, "on_press"))
    assert short == [f"{HUE}:on single"]


@pytest.mark.parametrize(
    ("topic", "said", "press"),
    [
        ("somrig", [(0, "1_initial_press"), (0.2, "1_short_release")], "somrig:1 single"),
        ("somrig", [(0, "1_initial_press"), (0.4, "1_double_press")], "somrig:1 double"),
        (
            "somrig",
            [(0, "1_initial_press"), (0.9, "1_long_press"), (2, "1_long_release")],
            "somrig:1 hold",
        ),
        ("tay", [(0, "on")], "tay single"),
        ("tay", [(0, "off")], "tay double"),
        ("tay", [(0, "toggle")], "tay single"),
        ("tay", [(0, "brightness_move_up"), (2, "brightness_stop")], "tay hold"),
        ("tay", [(0, "press"), (0.2, "release")], "tay single"),
        ("tay", [(0, "press"), (0.8, "hold"), (1.6, "hold"), (2, "release")], "tay hold"),
        ("quay-3", [(0, "hold"), (2, "release")], "quay-3 hold"),
    ],
)
def test_one_movement_of_a_finger_is_one_press(
    remotes: Judge, topic: str, said: list[tuple[float, str]], press: str
) -> None:
    assert presses(remotes, *said, topic=topic) == [f"zigbee2mqtt:{press}"]


def test_two_words_within_one_second_of_a_coarse_clock_are_two(judge: Judge) -> None:
    down = ButtonPress(UNIT, "", Meaning.DOWN, WALL + 200, action="press")
    up = ButtonPress(UNIT, "", Meaning.UP, WALL + 200, action="release")
    assert judge.press(down, at(200.1)) is None
    assert judge.press(up, at(200.4))
    assert not judge.dropped


def test_words_that_nobody_knows_are_listed_to_be_paired(remotes: Judge) -> None:
    assert remotes.press(Unread("shelly:s-9", "triple_push"), at(200)) is None
    assert remotes.press(Unread("zigbee2mqtt:somrig", "1_quadruple"), at(201)) is None
    assert remotes.press(Unread("shelly:s-8", "x"), at(202, retained=True)) is None
    assert [press.name for press in remotes.unknown_buttons.values()] == ["triple_push"]
    assert remotes.states(Unread("shelly:s-9", "x")) == {}
    assert remotes.dropped == {Drop.UNIT: 1, Drop.ACTION: 1, Drop.RETAINED: 1}


def test_a_button_that_says_only_how_the_finger_moves_can_be_paired(remotes: Judge) -> None:
    assert presses(remotes, (0, "dots_1_initial_press"), topic="moi") == []
    assert list(remotes.unknown_buttons) == ["zigbee2mqtt:moi:dots_1"]
