""""""

import random

import pytest
from PIL import Image

from config.settings import NetworkPrinter, SerialPrinter, UsbPrinter
from paper import Ticket, encode_ticket, expected_seconds, is_slow
from paper.reading import (
    Action,
    Align,
    Characters,
    Code,
    Cut,
    Feed,
    Raster,
    Reset,
    first_command,
    read_job,
)
from paper.rendering import render

QR = b"\x1d(k\x03\x001C\x04\x1d(k\x08\x001P0https\x1d(k\x03\x001Q0"


@pytest.mark.parametrize(
    ("job", "actions"),
    [
        (b"\x1b@\x1ba\x01\x1ba2", [Reset(), Align(1), Align(2)]),
        (b"\x1bJ\x10\x1bd\x02\n", [Feed(16), Feed(60), Feed(30)]),
        (b"\x1dVA\x05\x1dV\x00\x1dV1", [Feed(5), Cut(), Cut(), Cut()]),
        (b"\x1dv0\x03\x01\x00\x02\x00\xff\x0f", [Raster(8, 2, b"\xff\x0f", 2, 2)]),
        (b"\x1dv0\x01\x01\x00\x01\x00\xff", [Raster(8, 1, b"\xff", 2, 1)]),
        (QR, [Code("https", 4)]),
        (b"\x10\x04\x04\x1dr\x01\x1dL\x10\x00\x1bt\x1eOK", [Characters("OK")]),
        (b"\x00\x00\x00", []),
        (b"\x1dv0\x00\x48\x00\x10\x00\xff", []),
        (b"\x1b", []),
    ],
)
def test_reads_commands(job: bytes, actions: list[Action]) -> None:
    assert list(read_job(job)) == actions


def test_dots_stand_where_the_alignment_says() -> None:
    dot_row = b"\x1dv0\x00\x01\x00\x01\x00\xff"
    paper = render(b"\x1ba\x00" + dot_row + b"\x1ba\x01" + dot_row + b"\x1ba\x02" + dot_row, 24)
    assert paper.image.size == (24, 3)
    assert paper.image.tobytes() == b"\x00\xff\xff\xff\x00\xff\xff\xff\x00"


def test_a_code_is_drawn() -> None:
    assert render(QR, 200).image.size == (200, 21 * 4)


def test_stray_characters_show_on_the_paper() -> None:
    assert render(b"hello", 200).image.getextrema() == (0, 255)


def test_no_bytes_give_no_error() -> None:
    assert render(b"", 384).image.size == (384, 1)


@pytest.mark.parametrize("seed", range(4))
def test_garbage_is_drawn_without_an_error(seed: int, ticket: Ticket) -> None:
    rng = random.Random(seed)
    job = encode_ticket(ticket, 384)
    for _ in range(60):
        render(rng.randbytes(rng.randrange(300)), 384)
        damaged = bytearray(job)
        for _ in range(5):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        paper = render(bytes(damaged[: rng.randrange(len(damaged))]), 384)
        assert isinstance(paper.image, Image.Image)


def test_ten_thousand_random_strings_are_read_to_their_end() -> None:
    rng = random.Random(7)
    for _ in range(10_000):
        job = rng.randbytes(rng.randrange(64))
        for action in read_job(job):
            assert isinstance(action, Action)
        assert 0 <= first_command(job or b"\x00") <= max(1, len(job))


@pytest.mark.parametrize(
    ("stream", "length"),
    [
        (b"\x1b@rest", 2),
        (b"\x1b", 0),
        (b"\x1dr\x01\x1d", 3),
        (b"\x1d(H\x06\x00\x30\x30AAAB\x1b@", 11),
        (b"\x1dv0\x00\x01\x00\x02\x00\xff", 0),
        (b"\x1dv0\x00\x01\x00\x02\x00\xff\xff\x00", 10),
        (b"text\n", 4),
    ],
)
def test_finds_the_end_of_a_command(stream: bytes, length: int) -> None:
    assert first_command(stream) == length


BAUDS = (9600, 19200, 38400, 57600, 115200, 230400)


def test_a_slow_line_decides() -> None:
    job = b"\x1bJ\x78" * 320
    assert expected_seconds(job, 9600) == pytest.approx(1.0, abs=31)
    assert expected_seconds(b"\x1d\x56\x01" * 320, 9600) == 1.0


def test_paper_decides_where_the_line_is_fast() -> None:
    six_hundred_rows = b"\x1bJ\xc8" * 3
    assert expected_seconds(six_hundred_rows, None) == 0.5
    assert expected_seconds(six_hundred_rows, 115200) == 0.5


@pytest.mark.parametrize("baud", BAUDS)
def test_every_line_prints_its_ticket_in_time(ticket: Ticket, baud: int) -> None:
    printer = SerialPrinter(url="/dev/ttyS0", baud=baud)  # type: ignore[arg-type]
    job = encode_ticket(ticket, printer.dots, slow=is_slow(printer))
    assert expected_seconds(job, baud) <= 5


def test_only_serial_lines_can_be_slow() -> None:
    slow = [is_slow(SerialPrinter(url="/dev/ttyS0", baud=baud)) for baud in BAUDS]  # type: ignore[arg-type]
    assert slow == [True, True, False, False, False, False]
    assert not is_slow(UsbPrinter(vendor=0x04B8, product=0x0202))
    assert not is_slow(NetworkPrinter(host="printer"))
