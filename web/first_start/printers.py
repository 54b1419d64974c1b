"""The step "Máy in" in words: where a kiosk may print, and what became of the test ticket."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bus.health import FoundPrinter, KioskHealth, PrinterChoice, health_as
from bus.states import OrderProgress
from bus.vocabulary import OrderOutcome, PrinterLine
from config import Role
from config.address import host_and_port
from hall.model import HallState
from hall.words import N_, Words
from web.devices.condition import Condition, condition_of
from web.devices.outcomes import outcome_of
from web.view.names import device_name

RAW_PORT = 9100
KEPT, NETWORK, NONE = "kept", "network", "simulated"
"""The choices that are no line of the machine."""
DOTS: Mapping[int, str] = {
    576: N_("80 mm (576 chấm)"),
    512: N_("80 mm (512 chấm)"),
    384: N_("58 mm (384 chấm)"),
}
BAUDS = (9600, 19200, 38400, 57600, 115200, 230400)
FLOWS: Mapping[str, str] = {
    "rts_cts": N_("dây có RTS/CTS"),
    "dsr_dtr": N_("dây có DSR/DTR"),
    "none": N_("dây ba sợi, không báo bận"),
}
_TEST, _CHANGE = "print_test", "use_printer"
_PRINTED = (OrderOutcome.DONE, OrderOutcome.UNPROVEN)
_MOST_ADDRESS = 120
_REMEDIES: Mapping[str, str] = {
    "paper_out": N_("Mời lắp cuộn giấy mới, đóng nắp, rồi in lại."),
    "cover_open": N_("Mời đóng nắp máy in đến khi nghe tiếng khớp, rồi in lại."),
    "cutter_error": N_("Mời tắt máy in, mở nắp, gỡ giấy kẹt, bật lại, rồi in lại."),
    "overheated": N_("Mời chờ vài phút cho đầu in nguội, rồi in lại."),
    "offline": N_(
        "Mời xem máy in đã bật chưa, dây đã cắm chặt chưa, và có đúng máy in đã chọn không. "
        "Máy in qua mạng: xem địa chỉ trên phiếu tự kiểm tra của máy in."
    ),
    "wrong_baud": N_("Mời chọn tốc độ khác ở mục Giấy và dây: xem phiếu tự kiểm tra của máy in."),
    "device_fault": N_("Mời xem đèn trên máy in, tắt rồi bật lại, rồi in lại."),
    "interrupted": N_("Mời bỏ tờ in dở, xem giấy và dây, rồi in lại."),
    "not_found": N_("Mời xem dây và nguồn của máy in, bấm Tìm lại, rồi chọn lại."),
    "not_kept": N_("Mời xem chỗ trống trên đĩa của máy lấy số, rồi thử lại."),
    "fault": N_("Nhật ký của máy lấy số ghi rõ lỗi; xin báo người cài đặt."),
    "stopped": N_("Máy lấy số vừa khởi động lại. Mời in lại."),
}
_NO_ANSWER = N_("Mời xem máy lấy số có bật và có dây mạng không, rồi in lại.")


class WrongChoiceError(Exception):
    """What was chosen is no printer; the message says what to do, in the reader's words."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the choice."""

    value: str
    name: str
    note: str
    used: bool


@dataclass(frozen=True, slots=True)
class TestTicket:
    """What became of the test ticket on the printer that is used now."""

    state: str = ""
    """`info`, `good`, `warn` or `bad`; empty when none was printed."""
    words: str = ""
    remedy: str = ""
    printed: str = ""
    """The order that came out, so that somebody can say how it looked; else empty."""


@dataclass(frozen=True, slots=True)
class KioskPrinter:
    """A kiosk of the page."""

    device: str
    name: str
    condition: Condition
    online: bool
    lines: tuple[Line, ...]
    asks: str
    """What was found, and what is to be chosen."""
    used: PrinterChoice | None
    """What it prints on; None where only its settings know."""
    test: TestTicket

    @property
    def choice(self) -> PrinterChoice:
        """Return what the fields begin with."""
        return self.used or PrinterChoice(line=PrinterLine.SIMULATED)

    @property
    def network_address(self) -> str:
        """Return the address that the field begins with."""
        return self.choice.address if self.choice.line is PrinterLine.NETWORK else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and cannot be."""

    device: str
    address: str
    wrong: str


@dataclass(frozen=True, slots=True)
class PrinterStep:
    """All kiosks, and what the fields offer."""

    kiosks: tuple[KioskPrinter, ...]
    dots: Mapping[int, str] = field(default_factory=lambda: DOTS)
    bauds: Sequence[int] = BAUDS
    flows: Mapping[str, str] = field(default_factory=lambda: FLOWS)
    typed: Typed | None = None


def printer_step(hall: HallState, t: Words, typed: Typed | None = None) -> PrinterStep:
    """Return what the step shows now."""
    known = hall.centre.devices if hall.centre else ()
    kiosks = [device.id for device in known if device.role is Role.KIOSK]
    return PrinterStep(tuple(_kiosk(hall, device, t) for device in kiosks), typed=typed)


def test_of(orders: Sequence[OrderProgress], device: str, hall: HallState, t: Words) -> TestTicket:
    """Return the newest test ticket of the printer that a kiosk uses now.

    One that came out before another printer was to be used is none of it.
    """
    ours = [o for o in orders if o.device == device and o.does in (_TEST, _CHANGE)]
    last_change = max((i for i, o in enumerate(ours) if o.does == _CHANGE), default=None)
    since = ours[last_change or 0 :]
    if since and since[0].does == _CHANGE:
        change, *since = since
        if change.outcome is not OrderOutcome.DONE:
            return _said(change, hall, t)
    return _said(since[-1], hall, t) if since else TestTicket()


def _said(order: OrderProgress, hall: HallState, t: Words) -> TestTicket:
    outcome = outcome_of(order, hall.zone, t)
    remedy = ""
    if order.outcome is OrderOutcome.UNANSWERED:
        remedy = t(_NO_ANSWER)
    elif order.outcome is OrderOutcome.FAILED:
        remedy = t(_REMEDIES.get(order.reason, _REMEDIES["device_fault"]))
    printed = order.order if order.does == _TEST and order.outcome in _PRINTED else ""
    return TestTicket(outcome.state, outcome.words, remedy, printed)


def chosen(
    kiosk: KioskPrinter, form: Mapping[str, Sequence[str]], t: Words
) -> PrinterChoice | None:
    """Return what was chosen, None to stay; raises WrongChoiceError."""
    value = form.get("printer", [""])[0]
    if value == KEPT:
        return None
    if value not in {line.value for line in kiosk.lines}:
        raise WrongChoiceError(t("Mời chọn một máy in."))
    line, _, address = value.partition(":")
    if line == NETWORK:
        address = form.get("address", [""])[0].strip()
        try:
            host_and_port(address[: _MOST_ADDRESS + 1], RAW_PORT)
        except ValueError:
            said = N_("Mời nhập địa chỉ của máy in, ví dụ 192.168.1.50 hoặc 192.168.1.50:9100.")
            raise WrongChoiceError(t(said)) from None
    dots, baud, flow = (form.get(name, [""])[0] for name in ("dots", "baud", "flow"))
    return PrinterChoice(
        line=PrinterLine(line),
        address=address,
        dots=int(dots) if dots in map(str, DOTS) else kiosk.choice.dots,  # type: ignore[arg-type]
        baud=int(baud) if baud in map(str, BAUDS) else kiosk.choice.baud,  # type: ignore[arg-type]
        flow=flow if flow in FLOWS else kiosk.choice.flow,  # type: ignore[arg-type]
    )


def _kiosk(hall: HallState, device: str, t: Words) -> KioskPrinter:
    status = hall.devices.get(device)
    online = bool(hall.linked and status and status.online)
    health = health_as(KioskHealth, status.health if status and online else None)
    used = health.prints_on
    lines = tuple(_lines(health.found, used, t)) if online else ()
    return KioskPrinter(
        device=device,
        name=device_name(device, t),
        condition=condition_of(hall, device, status, t),
        online=online,
        lines=lines,
        asks=_asks(len(health.found), t),
        used=used,
        test=test_of(hall.orders.orders if hall.orders else (), device, hall, t),
    )


def _asks(found: int, t: Words) -> str:
    if not found:
        return t(
            "Máy lấy số không tìm thấy máy in nào đang cắm. Mời cắm rồi bấm Tìm lại, hoặc chọn:"
        )
    return t.plural(
        "Máy lấy số tìm thấy {count} chỗ có thể có máy in. Mời chọn máy in phiếu.", found
    )


def _lines(found: Sequence[FoundPrinter], used: PrinterChoice | None, t: Words) -> Iterator[Line]:
    if used is None:
        yield Line(KEPT, t("Máy in đã khai báo"), t("ghi trong device.toml của máy lấy số"), True)
    on_machine = (PrinterLine.FILE, PrinterLine.SERIAL)
    there = [(each.line, each.address) for each in found]
    if used and used.line in on_machine and (used.line, used.address) not in there:
        found = (FoundPrinter(line=used.line, address=used.address), *found)
    for each in found:
        usb = each.line is PrinterLine.FILE
        name = each.name or (t("Máy in cổng USB") if usb else t("Máy in cổng nối tiếp"))
        note = t("cổng USB · {path}", path=each.address) if usb else each.address
        is_used = used is not None and (used.line, used.address) == (each.line, each.address)
        yield Line(f"{each.line}:{each.address}", name, note, is_used)
    if used is None and not found:
        return  # an older kiosk, which takes no choice
    line = used.line if used else None
    says = t("nhập địa chỉ trên phiếu tự kiểm tra của máy in")
    yield Line(NETWORK, t("Máy in qua mạng"), says, line is PrinterLine.NETWORK)
    says = t("số chỉ hiện trên màn hình; phiếu được ghi thành tệp")
    yield Line(NONE, t("Chưa có máy in"), says, line is PrinterLine.SIMULATED)
