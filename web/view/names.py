"""How services, classes, devices and instants are called on the page."""

from datetime import datetime

from config import Text
from hall.model import HallState
from hall.words import N_, Words

_DEVICES = {
    "service": N_("Dịch vụ gọi số"),
    "kiosk": N_("Máy lấy số {number}"),
    "board": N_("Bảng gọi số {number}"),
    "announcer": N_("Loa {number}"),
    "counter": N_("Máy quầy {number}"),
    "keypad": N_("Bàn phím gọi {number}"),
    "sign": N_("Bảng LED {number}"),
    "web": N_("Trang quản lý"),
}

_PRINTER_FAULT = N_("Máy in có sự cố")
_PRINTER_TROUBLES = {
    "paper_low": N_("Sắp hết giấy"),
    "paper_out": N_("Hết giấy"),
    "cover_open": N_("Nắp máy in đang mở"),
    "cutter_error": N_("Dao cắt giấy bị kẹt"),
    "overheated": N_("Máy in quá nóng"),
    "offline": N_("Không nối được máy in"),
    "wrong_baud": N_("Máy in sai tốc độ cổng"),
}


def service_name(hall: HallState, code: str, t: Words) -> str:
    """Return the name of a service; its code while nobody knows the name."""
    try:
        return hall.centre.service(code).name(t.lang) if hall.centre else code
    except KeyError:
        return code


def class_name(hall: HallState, ticket_class: str, t: Words) -> str:
    """Return the name of a class of tickets."""
    return hall.centre.classes[ticket_class].name(t.lang) if hall.centre else ticket_class


def device_name(device: str, t: Words) -> str:
    """Return what a device is to people; its id when it is of no known kind."""
    kind, number = split_device(device)
    return devices_name(kind, str(number or ""), t) if kind in _DEVICES else device


def devices_name(kind: str, numbers: str, t: Words) -> str:
    """Return what some devices of one kind are to people, such as Bảng gọi số 1–2."""
    words = t(_DEVICES[kind], number=numbers) if kind in _DEVICES else f"{kind} {numbers}"
    return words.strip()


def printer_words(state: str, t: Words) -> str:
    """Return what is wrong with a printer."""
    return t(_PRINTER_TROUBLES.get(state, _PRINTER_FAULT))


def sign_trouble(counters: str, t: Words) -> str:
    """Return what to do about the LED signs of `counters`; empty without any."""
    if not counters:
        return ""
    return t("Bảng LED quầy {counters} không sáng số, kiểm tra nguồn và dây", counters=counters)


def split_device(device: str) -> tuple[str, int]:
    """Return a device's kind and number, such as ("board", 2); 0 without a number."""
    kind, dash, number = device.rpartition("-")
    return (kind, int(number)) if dash and number.isdecimal() else (device, 0)


def device_kinds() -> list[str]:
    """Return the known kinds of devices in the order in which they are shown."""
    return list(_DEVICES)


def localised(text: str, options: tuple[Text, ...], t: Words) -> str:
    """Return `text` in the page's language if it is one of the configured `options`."""
    return next((option(t.lang) for option in options if text in (option.vi, option.en)), text)


def clock(at: datetime, hall: HallState) -> str:
    """Return the local time of day."""
    return f"{at.astimezone(hall.zone):%H:%M}"
