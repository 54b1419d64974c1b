import pytest
from msgspec import json

from bus.codec import encode
from bus.health import (
    AnyHealth,
    BoardHealth,
    KeypadHealth,
    KeypadUnit,
    KioskHealth,
    PrinterHealth,
    ServiceHealth,
    SignHealth,
    health_as,
)
from bus.vocabulary import PrinterState, SignState, UnitState

READY, PAPER_OUT = PrinterState.READY, PrinterState.PAPER_OUT


def kiosk(printer: PrinterState, *printers: PrinterState) -> KioskHealth:
    each = {f"printer-{n}": PrinterHealth(state=state) for n, state in enumerate(printers)}
    return KioskHealth(printer=printer, printers=each)


@pytest.mark.parametrize(
    ("health", "trouble"),
    [
        (KioskHealth(), None),
        (kiosk(READY), None),
        (kiosk(PrinterState.TICKET_PRESENT), None),
        (kiosk(PrinterState.PAPER_LOW), PrinterState.PAPER_LOW),
        (kiosk(READY, READY, PrinterState.UNKNOWN), None),
        (kiosk(READY, PAPER_OUT, READY), PAPER_OUT),
        (kiosk(PrinterState.OFFLINE, PrinterState.COVER_OPEN), PrinterState.OFFLINE),
    ],
)
def test_names_the_first_printer_that_somebody_has_to_see_to(
    health: KioskHealth, trouble: PrinterState | None
) -> None:
    assert health.trouble is trouble


def test_names_the_counters_whose_sign_does_not_work() -> None:
    signs = {5: SignState.DEAD, 3: SignState.FAULT, 7: SignState.OK}
    assert SignHealth(signs=signs).troubled == "3, 5"


@pytest.mark.parametrize(
    "health",
    [
        kiosk(READY, PAPER_OUT),
        BoardHealth(counters=(6, 7), epoch="E", rev=3),
        SignHealth(signs={3: SignState.DEAD}),
        KeypadHealth(units={"line-3": KeypadUnit(counter=3, state=UnitState.READY)}),
        ServiceHealth(),
    ],
)
def test_each_kind_is_told_apart_on_the_wire(health: AnyHealth) -> None:
    assert json.decode(encode(health), type=AnyHealth) == health


def test_a_device_that_says_nothing_is_as_usual() -> None:
    assert health_as(KioskHealth, None) == KioskHealth()
    assert health_as(KioskHealth, BoardHealth(stale=True)) == KioskHealth()
