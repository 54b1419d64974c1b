"""What the maintenance menu shows, as a frozen view: the screen only draws it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bus.vocabulary import PrinterState
from hall.maintenance.menu import (
    CODE_LENGTH,
    CODE_LETTERS,
    SHORTEST_PIN,
    Menu,
    Note,
    Page,
)
from hall.words import N_, Words
from hall.words.remedies import PRINTER


@dataclass(frozen=True, slots=True)
class VoiceFacts:
    """A loudspeaker of the hall: where it stands, how loud it is; None while it is not heard."""

    device: str
    place: str
    volume: float | None


@dataclass(frozen=True, slots=True)
class TrialPage:
    """The last test page: whether it is on its way, printed (None: nobody knows), and why not."""

    printing: bool = False
    printed: bool | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFacts:
    """What is true of this machine now."""

    device: str = ""
    version: str = ""
    voices: tuple[VoiceFacts, ...] = ()
    printers: Mapping[str, PrinterState] | None = None
    test: TrialPage | None = None
    addresses: tuple[str, ...] = ()
    broker: str = ""
    connected: bool = False
    service: bool = False
    contact: datetime | None = None
    """When the service was heard last, in the time of the hall."""
    wait_s: float = 0.0
    """How long no PIN is taken after wrong ones."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to touch: what it does, and what it says."""

    does: str
    text: str
    icon: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One fact; `good` None where there is nothing to judge."""

    label: str
    value: str
    good: bool | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceView:
    """The whole page."""

    open: bool = False
    page: str = Page.CLOSED.value
    title: str = ""
    text: str = ""
    note: str = ""
    troubled: bool = False
    typed: str = ""
    keys: tuple[str, ...] = ()
    key_columns: int = 3
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    close: str = ""
    back: str = ""
    """Empty where closing is the only way back."""


def maintenance_view(menu: Menu, box: BoxFacts, t: Words) -> MaintenanceView:
    """Return what is shown of `menu` on the machine `box`."""
    if not menu.open:
        return MaintenanceView()
    inside = menu.admitted and menu.page is not Page.MENU
    return replace(
        _PAGES[menu.page](menu, box, t),
        open=True,
        page=menu.page.value,
        title=t(_TITLES[menu.page]),
        close=t("Đóng"),
        back=t("Quay lại") if inside else "",
    )


def _unset(_menu: Menu, _box: BoxFacts, t: Words) -> MaintenanceView:
    return MaintenanceView(
        text=t(
            "Máy này chưa có mã PIN bảo trì, nên chưa ai mở được. Người quản trị đặt mã bằng lệnh "
            "sau, trên chính máy này hoặc qua SSH:"
        ),
        lines=(Line("", "sudo denluot pin"),),
    )


def _pin(menu: Menu, box: BoxFacts, t: Words) -> MaintenanceView:
    wait = round(box.wait_s + 0.499)
    note = ""
    if wait:
        note = t("Đã sai nhiều lần. Mời thử lại sau {time}.", time=t.duration(wait))
    elif menu.note is Note.WRONG_PIN:
        note = t("Mã chưa đúng. Mời nhập lại.")
    elif menu.note is Note.TOO_SHORT:
        note = t("Mã có ít nhất {count} chữ số.", count=SHORTEST_PIN)
    digits = tuple("123456789")
    return MaintenanceView(
        text=t("Dành cho cán bộ kỹ thuật. Mời nhập mã PIN bảo trì."),
        note=note,
        troubled=bool(note),
        typed="●" * len(menu.typed),
        keys=() if wait else (*digits, "erase", "0", "enter"),
    )


def _menu(_menu: Menu, box: BoxFacts, t: Words) -> MaintenanceView:
    return MaintenanceView(
        text=t("{device} · phiên bản {version}", device=box.device, version=box.version),
        buttons=(
            Button("volume", t("Âm lượng loa"), "volume-2"),
            Button("printer", t("Thử máy in"), "printer"),
            Button("network", t("Mạng"), "monitor"),
            Button("pairing", t("Ghép với máy chủ"), "shield-check"),
            Button("restart", t("Khởi động lại"), "rotate-ccw"),
        ),
    )


def _volume(menu: Menu, box: BoxFacts, t: Words) -> MaintenanceView:
    note, troubled = _sent(menu, t)
    quieter, louder = t("Nhỏ hơn"), t("To hơn")
    lines = tuple(
        Line(
            voice.place or t("Loa {0}", voice.device.rpartition("-")[2]),
            t("không nối được") if voice.volume is None else f"{round(100 * voice.volume)} %",
            None if voice.volume is not None else False,
            ()
            if voice.volume is None
            else (
                Button(f"quieter:{voice.device}", quieter),
                Button(f"louder:{voice.device}", louder),
            ),
        )
        for voice in box.voices
    )
    text = "" if lines else t("Phòng này chưa có loa nào, hoặc máy chưa nghe được máy chủ.")
    return MaintenanceView(text=text, note=note, troubled=troubled, lines=lines)


def _printer(_menu: Menu, box: BoxFacts, t: Words) -> MaintenanceView:
    printers = tuple(
        Line(
            name,
            _printer_words(state, t),
            _GOOD.get(state, False),
        )
        for name, state in (box.printers or {}).items()
    )
    test, note, troubled = box.test, "", False
    if test and test.printing:
        note = t("Đang in phiếu thử…")
    elif test and test.printed:
        note = t("Máy in xác nhận đã in phiếu thử.")
    elif test and test.printed is None:
        note = t("Đã gửi phiếu thử. Máy in không xác nhận, mời nhìn giấy.")
    elif test:
        note, troubled = t("Phiếu thử không in được: {why}", why=_why(test.trouble, t)), True
    return MaintenanceView(
        text=t("Phiếu thử không phải là số thứ tự."),
        note=note,
        troubled=troubled,
        lines=printers,
        buttons=(Button("test", t("In phiếu thử"), "printer", main=True),),
    )


_GOOD = {PrinterState.READY: True, PrinterState.PAPER_LOW: None, PrinterState.UNKNOWN: None}


def _printer_words(state: PrinterState, t: Words) -> str:
    texts = {
        PrinterState.READY: t("sẵn sàng"),
        PrinterState.OFFLINE: t("không nối được máy in"),
        PrinterState.UNKNOWN: t("chưa rõ, mời in phiếu thử"),
    }
    return texts[state] if state in texts else t(PRINTER[state])


def _why(trouble: str, t: Words) -> str:
    try:
        return _printer_words(PrinterState(trouble), t)
    except ValueError:
        return t("máy in có sự cố")


def _network(_menu: Menu, box: BoxFacts, t: Words) -> MaintenanceView:
    contact = f"{box.contact:%H:%M:%S}" if box.contact else t("chưa lần nào")
    return MaintenanceView(
        lines=(
            Line(
                t("Địa chỉ của máy này"),
                ", ".join(box.addresses) or t("không có, mời kiểm tra dây mạng"),
                bool(box.addresses),
            ),
            Line(t("Máy chủ"), box.broker),
            Line(
                t("Kết nối tới máy chủ"),
                t("đang nối") if box.connected else t("không nối được"),
                box.connected,
            ),
            Line(
                t("Dịch vụ xếp hàng"),
                t("đang chạy") if box.service else t("không trả lời"),
                box.service,
            ),
            Line(t("Nghe được lần cuối lúc"), contact),
        ),
    )


def _pairing(menu: Menu, _box: BoxFacts, t: Words) -> MaintenanceView:
    if menu.note is Note.JOINED:
        return MaintenanceView(
            text=t("Đã ghép với máy chủ. Mời khởi động lại chương trình để dùng."),
            buttons=(Button("ask_program", t("Khởi động lại chương trình"), main=True),),
        )
    note, troubled = "", False
    if menu.note is Note.JOINING:
        note = t("Đang tìm máy chủ và ghép…")
    elif menu.note is Note.NOT_JOINED:
        note, troubled = t("Chưa ghép được: {why}", why=menu.why), True
    elif menu.note is Note.TOO_SHORT:
        note, troubled = t("Mã ghép có {count} ký tự.", count=CODE_LENGTH), True
    letters = menu.typed.ljust(CODE_LENGTH, "·")
    return MaintenanceView(
        text=t("Người quản trị thêm máy này ở trang Thiết bị và đọc mã ghép gồm 8 ký tự."),
        note=note,
        troubled=troubled,
        typed=f"{letters[:4]} {letters[4:]}",
        keys=() if menu.note is Note.JOINING else (*CODE_LETTERS, "erase", "enter"),
        key_columns=8,
    )


def _restart(menu: Menu, _box: BoxFacts, t: Words) -> MaintenanceView:
    note, troubled = "", False
    if menu.note is Note.NO_SYSTEMD:
        note = t("Chương trình này không do systemd khởi động, nên phải khởi động lại bằng tay.")
        troubled = True
    elif menu.note is Note.NOT_SENT:
        note, troubled = t("Chưa làm được: {why}", why=menu.why), True
    elif menu.note is Note.RESTARTING:
        note = t("Đang khởi động lại…")
    return MaintenanceView(
        text=t("Số đã cấp và phiếu đang in không mất khi khởi động lại."),
        note=note,
        troubled=troubled,
        buttons=(
            Button("ask_program", t("Khởi động lại chương trình"), "rotate-ccw"),
            Button("ask_machine", t("Khởi động lại cả máy"), "monitor"),
        ),
    )


def _ask_program(_menu: Menu, _box: BoxFacts, t: Words) -> MaintenanceView:
    return MaintenanceView(
        text=t("Màn hình tối vài giây rồi trở lại trang đầu."),
        buttons=(
            Button("keep", t("Không, quay lại"), main=True),
            Button("restart_program", t("Khởi động lại chương trình")),
        ),
    )


def _ask_machine(_menu: Menu, _box: BoxFacts, t: Words) -> MaintenanceView:
    return MaintenanceView(
        text=t("Trong khoảng một phút không ai lấy được số ở máy này."),
        buttons=(
            Button("keep", t("Không, quay lại"), main=True),
            Button("restart_machine", t("Khởi động lại cả máy")),
        ),
    )


def _sent(menu: Menu, t: Words) -> tuple[str, bool]:
    """Return what became of a command to a device, and whether it failed."""
    if menu.note is Note.NOT_SENT:
        return t("Chưa gửi được. Mời thử lại."), True
    return "", False


_TITLES = {
    Page.UNSET: N_("Bảo trì máy lấy số"),
    Page.PIN: N_("Bảo trì máy lấy số"),
    Page.MENU: N_("Bảo trì máy lấy số"),
    Page.VOLUME: N_("Âm lượng loa"),
    Page.PRINTER: N_("Thử máy in"),
    Page.NETWORK: N_("Mạng"),
    Page.PAIRING: N_("Ghép với máy chủ"),
    Page.RESTART: N_("Khởi động lại"),
    Page.ASK_PROGRAM: N_("Khởi động lại chương trình?"),
    Page.ASK_MACHINE: N_("Khởi động lại cả máy?"),
}
_PAGES: Mapping[Page, Callable[[Menu, BoxFacts, Words], MaintenanceView]] = {
    Page.UNSET: _unset,
    Page.PIN: _pin,
    Page.MENU: _menu,
    Page.VOLUME: _volume,
    Page.PRINTER: _printer,
    Page.NETWORK: _network,
    Page.PAIRING: _pairing,
    Page.RESTART: _restart,
    Page.ASK_PROGRAM: _ask_program,
    Page.ASK_MACHINE: _ask_machine,
}
