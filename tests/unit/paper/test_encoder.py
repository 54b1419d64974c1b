from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from config import ConfigError
from config.settings import KioskBox, SerialPrinter, SimulatedPrinter, TicketLayouts
from hardware.printer import Printer
from paper import Ticket, encode_ticket, encoder_of

BOX = KioskBox(
    printers=(
        SimulatedPrinter(dots=384),
        SerialPrinter(name="old", url="/dev/ttyS0", baud=9600),
        SerialPrinter(name="new", url="/dev/ttyS1"),
    )
)


@dataclass(frozen=True)
class Named:
    """As much of a printer as an encoder sees."""

    name: str
    dots: int = 576


def printer(name: str, dots: int = 576) -> Printer:
    return cast("Printer", Named(name, dots))


def test_a_printer_on_a_slow_line_gets_the_short_ticket(ticket: Ticket) -> None:
    encode = encoder_of(BOX)
    assert encode(ticket, printer("old")) == encode_ticket(ticket, 576, slow=True)
    assert encode(ticket, printer("new")) == encode_ticket(ticket, 576)
    assert encode(ticket, printer("simulated", 384)) == encode_ticket(ticket, 384)


def test_large_type_and_a_copy_come_out_of_every_printer(ticket: Ticket) -> None:
    encode, large = encoder_of(BOX), replace(ticket, large=True)
    assert encode(large, printer("new")) != encode(ticket, printer("new"))
    assert encode(large, printer("old")) == encode(ticket, printer("old"))
    for name in ("old", "new"):
        copy = encode(replace(large, copy=True), printer(name))
        assert len(copy) > len(encode(large, printer(name)))


def test_a_box_prints_in_its_own_layout(ticket: Ticket, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    blocks = ("copy", "number", "time")
    path.write_text(
        "".join(f'[[blocks]]\nblock = "{name}"\nsize = {{ 384 = 48 }}\n' for name in blocks)
    )
    box = KioskBox(
        printers=(SimulatedPrinter(dots=384),), layouts=TicketLayouts(standard=str(path))
    )
    assert len(encoder_of(box)(ticket, printer("simulated", 384))) < 2000
    with pytest.raises(ConfigError, match=r"mine\.toml: no block 'number'"):
        encoder_of(KioskBox(layouts=TicketLayouts(standard=str(path))))
