"""The step "Máy in" over a real socket: a choice, a test ticket, and an answer only after it."""

import io
import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest
from PIL import Image, ImageChops

from bus import commands, health
from bus.codec import encode
from bus.commands import AnyCommand, ChoosePrinter, Reply, decode_command
from bus.health import FoundPrinter, PrinterChoice
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.states import DevicesState, DeviceStatus, OrderProgress
from bus.topics import Topics
from bus.vocabulary import Error, OrderOutcome, PrinterLine, PrinterState
from config import load_centre
from paper import encode_ticket, render, ticket_for_test
from provisioning.first_start.steps import FirstSteps, Step
from provisioning.site_db import SiteDb

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
TOPICS = Topics("nhi-chieu")
Send = Callable[..., tuple[int, str, str]]
EPSON = FoundPrinter(line=PrinterLine.FILE, address="/dev/usb/lp0", name="EPSON TM-T82III")
SERIAL = FoundPrinter(line=PrinterLine.SERIAL, address="/dev/serial/by-id/usb-FTDI_A10K")
NOTHING = PrinterChoice(line=PrinterLine.SIMULATED)
ON_EPSON = PrinterChoice(line=EPSON.line, address=EPSON.address)
DISABLED = "<fieldset disabled>"


@dataclass
class Hall:
    """A service that takes commands, and a kiosk that says what it has."""

    bus: MemoryBus
    send: Send
    heard: list[AnyCommand] = field(default_factory=list)
    error: Error | None = None
    orders: list[OrderProgress] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bus.subscribe(TOPICS.command("web"), self._take)

    def _take(self, message: Incoming) -> None:
        command = decode_command(message.payload)
        self.heard.append(command)
        reply = Reply(id=command.id, ok=self.error is None, error=self.error)
        self.bus.publish(TOPICS.reply("web"), encode(reply))

    def kiosk(
        self, prints_on: PrinterChoice | None, *found: FoundPrinter, online: bool = True
    ) -> None:
        state = health.KioskHealth(printer=PrinterState.READY, found=found, prints_on=prints_on)
        status = DeviceStatus(online=online, kind="kiosk", at=NOW, health=state)
        self.bus.publish(TOPICS.status("kiosk-1"), encode(status), retain=True)

    def did(
        self,
        does: str,
        outcome: OrderOutcome | None = None,
        reason: str = "",
        device: str = "kiosk-1",
    ) -> str:
        """Say that a device was told to do something, and what became of it; return the order."""
        order = f"E-{len(self.orders)}"
        test = does == "print_test"
        progress = OrderProgress(
            order=order, device=device, does=does, test=test, at=NOW, outcome=outcome, reason=reason
        )
        self.orders.append(progress)
        state = DevicesState(epoch="E", rev=len(self.orders), at=NOW, orders=tuple(self.orders))
        self.bus.publish(TOPICS.devices(), encode(state), retain=True)
        return order

    def page(self, *wanted: str, without: str = "") -> str:
        """Return the page once it says everything wanted, and not what it must be without."""
        deadline, pause = time.monotonic() + 30, threading.Event()
        while True:
            text = self.send("/start/printer")[1]
            if all(each in text for each in wanted) and not (without and without in text):
                return text
            assert time.monotonic() < deadline, (wanted, without, text)
            pause.wait(0.02)


@pytest.fixture
def hall(send: Send, service_bus: MemoryBus) -> Hall:
    hall = Hall(service_bus, send)
    hall.kiosk(NOTHING, EPSON, SERIAL)
    return hall


def test_the_lines_of_the_kiosk_are_offered_and_the_used_one_is_ticked(hall: Hall) -> None:
    text = hall.page("EPSON TM-T82III", "/dev/usb/lp0", "usb-FTDI_A10K", "Máy in qua mạng")
    ticked = re.findall(r'value="([^"]+)" checked', text)
    assert ticked == ["simulated"]
    hall.kiosk(ON_EPSON, EPSON)
    text = hall.page('value="file:/dev/usb/lp0" checked', without="FTDI")
    assert text.count('type="radio"') == 3
    hall.kiosk(ON_EPSON)
    assert "không tìm thấy máy in nào" in hall.page("không tìm thấy máy in nào")
    assert 'value="file:/dev/usb/lp0" checked' in hall.page(), "it is used all the same"


def test_a_printer_is_chosen_and_prints_the_test_ticket(hall: Hall, site_db: SiteDb) -> None:
    hall.page("EPSON")
    answer = hall.send(
        "/start/printer",
        device="kiosk-1",
        do="print",
        printer=f"serial:{SERIAL.address}",
        dots="384",
        baud="19200",
        flow="none",
    )
    assert answer[2] == "/start/printer?said=sent"
    choice = PrinterChoice(
        line=PrinterLine.SERIAL, address=SERIAL.address, dots=384, baud=19200, flow="none"
    )
    chosen, printed = hall.heard
    assert isinstance(chosen, ChoosePrinter)
    assert (chosen.device, chosen.printer, chosen.by) == ("kiosk-1", choice, "administrator")
    assert isinstance(printed, commands.TestDevice)
    rows = site_db.read("SELECT action, detail FROM audit WHERE action = 'choose_printer'")
    assert [row["detail"] for row in rows] == [f"kiosk-1 serial {SERIAL.address}"]
    hall.kiosk(choice, EPSON, SERIAL)
    hall.page('usb-FTDI_A10K" checked')
    hall.heard.clear()
    hall.send("/start/printer", device="kiosk-1", do="print", printer=f"serial:{SERIAL.address}")
    assert [type(command) for command in hall.heard] == [commands.TestDevice], "it is used already"


@pytest.mark.parametrize(
    "address", ["192.168.1.50", "192.168.1.50:9100", "may-in.lan", "[fd00::5]"]
)
def test_an_address_of_the_network_is_typed(hall: Hall, address: str) -> None:
    hall.page("EPSON")
    fields = {"printer": "network", "address": f" {address} "}
    assert hall.send("/start/printer", device="kiosk-1", do="print", **fields)[0] == 303
    command = hall.heard[0]
    assert isinstance(command, ChoosePrinter)
    assert (command.printer.line, command.printer.address) == (PrinterLine.NETWORK, address)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"printer": "network", "address": ""}, "Mời nhập địa chỉ"),
        ({"printer": "network", "address": "192.168.1..50"}, "Mời nhập địa chỉ"),
        ({"printer": "network", "address": "x" * 5000}, "Mời nhập địa chỉ"),
        ({"printer": "file:/etc/passwd"}, "Mời chọn một máy in"),
        ({"printer": "serial:/dev/ttyS9"}, "Mời chọn một máy in"),
        ({"printer": ""}, "Mời chọn một máy in"),
        ({}, "Mời chọn một máy in"),
    ],
)
def test_what_is_no_printer_is_refused_and_nothing_is_sent(
    hall: Hall, fields: dict[str, str], said: str
) -> None:
    hall.page("EPSON")
    status, text, _ = hall.send("/start/printer", device="kiosk-1", do="print", **fields)
    assert status == 422
    assert said in text
    assert hall.heard == []


def test_what_was_typed_wrong_stands_there_again(hall: Hall) -> None:
    hall.page("EPSON")
    fields = {"printer": "network", "address": '192.168.1..50"><b>'}
    text = hall.send("/start/printer", device="kiosk-1", do="print", **fields)[1]
    assert "192.168.1..50&#34;&gt;&lt;b&gt;" in text
    assert 'value="network" checked' in text


@pytest.mark.parametrize("do", ["good", "bad", "nothing"])
def test_nobody_says_how_it_looked_before_it_was_printed(
    hall: Hall, site_db: SiteDb, do: str
) -> None:
    assert DISABLED in hall.page("EPSON", DISABLED)
    for order in ("", "E-0", "made-up"):
        status, text, _ = hall.send("/start/printer", device="kiosk-1", do=do, order=order)
        assert status == 422
        assert "Mời in phiếu thử trước" in text
    assert FirstSteps(site_db).answers() == {}


@pytest.mark.parametrize("outcome", [OrderOutcome.DONE, OrderOutcome.UNPROVEN])
def test_once_it_came_out_the_answer_is_taken(
    hall: Hall, site_db: SiteDb, outcome: OrderOutcome
) -> None:
    hall.did("use_printer", OrderOutcome.DONE)
    order = hall.did("print_test", outcome)
    hall.page(f'value="{order}"', without=DISABLED)
    for do, said in (("bad", "khổ giấy"), ("nothing", "đúng máy in")):
        status, text, _ = hall.send("/start/printer", device="kiosk-1", do=do, order=order)
        assert (status, said in text) == (200, True)
    assert FirstSteps(site_db).answers() == {}
    answer = hall.send("/start/printer", device="kiosk-1", do="good", order=order)
    assert answer[2] == "/start/boards"
    assert FirstSteps(site_db).answers() == {Step.PRINTER: "good"}


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ([("print_test", None, "")], "Đang in thử"),
        ([("use_printer", None, ""), ("print_test", None, "")], "Đang đổi máy in"),
        ([("print_test", OrderOutcome.FAILED, "paper_out")], "Mời lắp cuộn giấy mới"),
        ([("print_test", OrderOutcome.FAILED, "wrong_baud")], "Mời chọn tốc độ khác"),
        ([("print_test", OrderOutcome.FAILED, "a_new_one")], "Mời xem đèn trên máy in"),
        ([("print_test", OrderOutcome.UNANSWERED, "")], "Mời xem máy lấy số có bật"),
        (
            [
                ("use_printer", OrderOutcome.FAILED, "not_found"),
                ("print_test", OrderOutcome.DONE, ""),
            ],
            "Mời xem dây và nguồn của máy in",
        ),
        (
            [("print_test", OrderOutcome.DONE, ""), ("use_printer", OrderOutcome.DONE, "")],
            "Mời in phiếu thử trước",
        ),
    ],
)
def test_what_went_wrong_is_said_with_what_to_do_and_is_no_proof(
    hall: Hall, history: list[tuple[str, OrderOutcome | None, str]], said: str
) -> None:
    """A paper of another printer, or of the one before, proves nothing of this one."""
    orders = [hall.did(does, outcome, reason) for does, outcome, reason in history]
    hall.did("blink", OrderOutcome.DONE, device="board-1")
    text = hall.page(said, DISABLED)
    assert f'name="order" value="{orders[-1]}"' not in text
    status, text, _ = hall.send("/start/printer", device="kiosk-1", do="good", order=orders[-1])
    assert status == 422


def test_an_answer_to_an_older_paper_is_none(hall: Hall) -> None:
    first = hall.did("print_test", OrderOutcome.DONE)
    hall.page(f'value="{first}"')
    second = hall.did("print_test", OrderOutcome.DONE)
    hall.page(f'value="{second}"')
    assert hall.send("/start/printer", device="kiosk-1", do="good", order=first)[0] == 422


def test_a_refusal_of_the_service_is_said(hall: Hall) -> None:
    hall.page("EPSON")
    hall.error = Error.TOO_FAST
    where = hall.send("/start/printer", device="kiosk-1", do="print", printer="file:/dev/usb/lp0")[
        2
    ]
    assert where == "/start/printer?refused=too_fast"
    assert [type(command) for command in hall.heard] == [ChoosePrinter]
    assert "Việc trước chưa xong" in hall.send(where)[1]


def test_a_kiosk_of_the_version_before_is_tested_as_it_is(hall: Hall) -> None:
    hall.kiosk(None)
    text = hall.page("Máy in đã khai báo", without="Máy in qua mạng")
    assert 'value="kept" checked' in text
    hall.send("/start/printer", device="kiosk-1", do="print", printer="kept")
    assert [type(command) for command in hall.heard] == [commands.TestDevice]


def test_a_kiosk_that_is_away_is_waited_for(hall: Hall) -> None:
    hall.kiosk(ON_EPSON, EPSON, online=False)
    hall.page("Máy lấy số 1 chưa kết nối", without="EPSON")
    status, text, _ = hall.send("/start/printer", device="kiosk-1", do="print", printer="kept")
    assert status == 422
    assert "chưa kết nối" in text
    for device in ("board-1", "kiosk-9", ""):
        assert hall.send("/start/printer", device=device, do="print", printer="kept")[0] == 422
    assert hall.heard == []
    assert hall.send("/start/printer", do="later")[2] == "/start/boards"


def test_the_picture_is_made_of_the_bytes_that_a_printer_gets(
    hall: Hall, listener: socket.socket, log_in: Callable[[], str]
) -> None:
    hall.page("EPSON")
    cookie, (host, port) = log_in(), listener.getsockname()
    for query, dots, slow in (
        ("", 576, False),
        ("?dots=384", 384, False),
        ("?dots=9", 576, False),
        ("?slow=yes", 576, True),
    ):
        with closing(HTTPConnection(host, port, timeout=60)) as connection:
            connection.request(
                "GET", f"/start/printer/ticket.png{query}", headers={"Cookie": cookie}
            )
            answer = connection.getresponse()
            assert answer.getheader("Content-Type") == "image/png"
            shown = Image.open(io.BytesIO(answer.read()))
        job = encode_ticket(ticket_for_test(load_centre(), NOW), dots, slow=slow)
        printed = render(job, dots).image
        assert shown.size == printed.size
        assert ImageChops.difference(shown.convert("L"), printed.convert("L")).getbbox() is None
