"""The banner of what staff should know or do."""

from dataclasses import dataclass

from bus.states import Alarm
from config.settings import Centre
from hall.counter import intents
from hall.counter.actions import Action
from hall.counter.choices import NO_CHOICE, Choice
from hall.counter.situation import Situation
from hall.counter.words import translate

_URGENCY = ("help", "unannounced", "printer", "board_behind", "device_offline", "sign")
_NAMED = 2
"""As many devices are named in a line; of more it says what kind they are."""


@dataclass(frozen=True, slots=True)
class Banner:
    """One alarm with its one action; an empty text when all is well."""

    text: str = ""
    choice: Choice = NO_CHOICE
    rings: bool = False
    """A person waits for help."""


def alarm_banner(at: Situation) -> Banner:
    """Return the most urgent alarm."""
    alarms = [alarm for alarm in (at.state.alarms if at.state else ()) if alarm.kind in _URGENCY]
    if not alarms:
        return Banner()
    alarm = min(alarms, key=lambda each: (_URGENCY.index(each.kind), each.at))
    place = device_place(at.centre, alarm.source, at.lang)
    match alarm.kind:
        case "help":
            text = translate("panel", "Có người cần giúp ở {0}").format(place)
            leads = intents.answer_help(at.counter) if Action.ANSWER_HELP in at.free() else None
            return Banner(text, Choice(translate("panel", "Tôi đến giúp"), leads=leads), rings=True)
        case "unannounced":
            return _unannounced(at, alarm)
        case _:
            return Banner(_device_trouble(alarm, place))


def silent_devices(at: Situation, alarm: Alarm) -> str:
    """Return who did not announce a call, as people call them."""
    places = [device_place(at.centre, device, at.lang) for device in alarm.devices]
    if 0 < len(places) <= _NAMED:
        return ", ".join(places)
    return translate("panel", "Màn hình/loa")


def device_place(centre: Centre | None, source: str, lang: str) -> str:
    """Return what people call a device; `source` itself when it has no name."""
    known = centre.device(source) if centre else None
    if known and known.place:
        return known.place(lang)
    kind, _, number = source.partition("-")
    names = {
        "kiosk": translate("panel", "Máy lấy số {0}"),
        "board": translate("panel", "Bảng gọi số {0}"),
        "announcer": translate("panel", "Loa {0}"),
        "counter": translate("panel", "Máy quầy {0}"),
        "keypad": translate("panel", "Bàn phím {0}"),
        "sign": translate("panel", "Bảng LED {0}"),
    }
    return names[kind].format(number) if number and kind in names else source


def printer_words(state: str | None) -> str:
    """Return what a printer's state means to the one who has to go there."""
    texts = {
        "paper_low": translate("panel", "sắp hết giấy"),
        "paper_out": translate("panel", "hết giấy"),
        "cover_open": translate("panel", "nắp máy in đang mở"),
        "cutter_error": translate("panel", "dao cắt giấy bị kẹt"),
        "overheated": translate("panel", "máy in quá nóng, tự nguội sau ít phút"),
        "offline": translate("panel", "không nối được máy in"),
        "wrong_baud": translate("panel", "máy in sai tốc độ cổng, xin báo kỹ thuật"),
    }
    return texts.get(state or "", translate("panel", "máy in có sự cố"))


def _device_trouble(alarm: Alarm, place: str) -> str:
    match alarm.kind:
        case "printer":
            return f"{place}: {printer_words(alarm.detail)}"
        case "sign":
            text = translate("panel", "Bảng LED quầy {0} không sáng số, kiểm tra nguồn và dây")
            return text.format(alarm.detail)
        case "board_behind":
            return translate("panel", "{0} đang hiện số cũ, xin tắt rồi bật lại").format(place)
        case _:
            text = translate("panel", "{0} mất kết nối, xin kiểm tra nguồn và dây mạng")
            return text.format(place)


def _unannounced(at: Situation, alarm: Alarm) -> Banner:
    """Say that the counter's number has to be called out, or later that devices need a look."""
    devices = silent_devices(at, alarm)
    if at.current is None or at.current.number != alarm.source:
        text = translate("panel", "{0} không phản hồi, xin kiểm tra nguồn và dây")
        return Banner(text.format(devices))
    text = translate("panel", "{0} không phản hồi. Xin mời số {1} bằng lời")
    text = text.format(devices, at.current.number)
    leads = None
    if Action.RECALL in at.free():
        leads = intents.recall(at.counter, at.current.ticket)
    return Banner(text, Choice(translate("panel", "Gọi lại"), leads=leads))
