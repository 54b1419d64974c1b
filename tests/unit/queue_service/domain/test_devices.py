"""What managers have devices do: what each can, and how often."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bus import codec
from bus import commands as c
from bus.health import PrinterChoice
from bus.vocabulary import Error, Language, OrderOutcome, PrinterLine, Role
from queue_service.domain import events as e
from queue_service.domain.rules import Rules
from queue_service.domain.values import Refusal

DEVICES = {
    "kiosk-1": Role.KIOSK,
    "board-1": Role.BOARD,
    "announcer-1": Role.ANNOUNCER,
    "announcer-2": Role.ANNOUNCER,
    "sign-1": Role.SIGN,
    "counter-3": Role.COUNTER,
    "keypad-1": Role.KEYPAD,
    "web": Role.WEB,
    "service": Role.SERVICE,
}


@pytest.fixture
def house(make_hall: Callable[[Rules], SimpleNamespace], rules: Rules) -> SimpleNamespace:
    return make_hall(replace(rules, devices=DEVICES, voices=("announcer-1", "announcer-2")))


def refusal(house: SimpleNamespace, command: c.Command) -> Error:
    with pytest.raises(Refusal) as refused:
        house.do(command, "web", by_web=True)
    return refused.value.error


def ask(house: SimpleNamespace, command: c.Command) -> list[e.DeviceOrdered]:
    return list(house.do(command, "web", by_web=True))


@pytest.mark.parametrize(
    ("device", "does"),
    [
        ("kiosk-1", "print_test"),
        ("announcer-1", "speak"),
        ("board-1", "blink"),
        ("sign-1", "blink"),
        ("counter-3", "blink"),
    ],
)
def test_each_kind_of_device_is_tested_by_what_it_can(
    house: SimpleNamespace, device: str, does: str
) -> None:
    (order,) = ask(house, c.TestDevice(device=device))
    assert (order.device, order.does, order.test) == (device, does, True)
    (kept,) = house.state.orders
    assert (kept.device, kept.does, kept.outcome) == (device, does, None)


@pytest.mark.parametrize("device", ["keypad-1", "web", "service"])
def test_what_cannot_show_anything_is_not_tested(house: SimpleNamespace, device: str) -> None:
    assert refusal(house, c.TestDevice(device=device)) is Error.NOT_ALLOWED


def test_nobody_is_asked_who_is_not_of_the_centre(house: SimpleNamespace) -> None:
    assert refusal(house, c.TestDevice(device="kiosk-9")) is Error.UNKNOWN
    assert refusal(house, c.SpeakText(text="x", device="announcer-9")) is Error.UNKNOWN
    assert refusal(house, c.SpeakText(text="x", device="kiosk-1")) is Error.UNKNOWN
    assert refusal(house, c.SetDeviceVolume(device="board-1", volume=0.5)) is Error.NOT_ALLOWED


def test_one_test_at_a_time_and_a_dozen_a_minute(house: SimpleNamespace) -> None:
    for _ in range(12):
        (order,) = ask(house, c.TestDevice(device="kiosk-1"))
        assert refusal(house, c.TestDevice(device="kiosk-1")) is Error.TOO_FAST
        seq = house.state.orders[-1].seq
        answer = e.DeviceAnswered(order=seq, device=order.device, outcome=OrderOutcome.DONE)
        house.commit([answer])
    assert refusal(house, c.TestDevice(device="kiosk-1")) is Error.TOO_FAST
    assert ask(house, c.TestDevice(device="board-1"))
    house.advance(61)
    assert ask(house, c.TestDevice(device="kiosk-1"))


NETWORK = PrinterChoice(line=PrinterLine.NETWORK, address="192.168.1.50", dots=384)


def test_a_kiosk_is_told_which_printer_to_print_on(house: SimpleNamespace) -> None:
    (order,) = ask(house, c.ChoosePrinter(device="kiosk-1", printer=NETWORK))
    assert (order.device, order.does, order.test) == ("kiosk-1", "use_printer", False)
    assert codec.decode(PrinterChoice, order.text.encode()) == NETWORK
    assert ask(house, c.TestDevice(device="kiosk-1")), "a test follows at once"


@pytest.mark.parametrize(
    ("device", "choice", "error"),
    [
        ("board-1", NETWORK, Error.NOT_ALLOWED),
        ("kiosk-9", NETWORK, Error.UNKNOWN),
        ("kiosk-1", PrinterChoice(line=PrinterLine.SERIAL), Error.INVALID),
        ("kiosk-1", PrinterChoice(line=PrinterLine.SIMULATED, address="x"), Error.INVALID),
    ],
)
def test_no_printer_is_chosen_for_what_prints_nothing_or_without_an_address(
    house: SimpleNamespace, device: str, choice: PrinterChoice, error: Error
) -> None:
    assert refusal(house, c.ChoosePrinter(device=device, printer=choice)) is error


def test_a_kiosk_gets_a_dozen_printers_a_minute_at_most(house: SimpleNamespace) -> None:
    for _ in range(12):
        assert ask(house, c.ChoosePrinter(device="kiosk-1", printer=NETWORK))
    over = c.ChoosePrinter(device="kiosk-1", printer=NETWORK)
    assert refusal(house, over) is Error.TOO_FAST


def test_a_text_goes_to_the_first_loudspeaker_of_each_zone_or_to_one(
    house: SimpleNamespace,
) -> None:
    both = ask(house, c.SpeakText(text="Xe 15A", lang=Language.ENGLISH))
    assert [order.device for order in both] == ["announcer-1", "announcer-2"]
    assert {(order.text, order.lang, order.test) for order in both} == {("Xe 15A", "en", False)}
    (one,) = ask(house, c.SpeakText(text="Xe 15A", device="announcer-2"))
    assert one.device == "announcer-2"
    assert refusal(house, c.SpeakText(text=" \u00a0")) is Error.INVALID
    house.rules = replace(house.rules, voices=())
    assert refusal(house, c.SpeakText(text="x")) is Error.UNKNOWN


def test_a_loudspeaker_speaks_six_texts_a_minute_at_most(house: SimpleNamespace) -> None:
    for _ in range(6):
        ask(house, c.SpeakText(text="x", device="announcer-1"))
    assert refusal(house, c.SpeakText(text="x", device="announcer-1")) is Error.TOO_FAST
    assert refusal(house, c.SpeakText(text="x")) is Error.TOO_FAST
    assert len(house.state.orders) == 6
    house.advance(61)
    assert ask(house, c.SpeakText(text="x"))


def test_the_orders_of_a_day_are_bounded(house: SimpleNamespace) -> None:
    for index in range(205):
        ask(house, c.SetDeviceVolume(device="announcer-1", volume=index / 205))
    assert len(house.state.orders) == 200
