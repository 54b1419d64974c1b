"""The banner of what staff should know or do."""

from dataclasses import dataclass

from config.settings import Centre
from counter_caller.panel import intents
from counter_caller.panel.actions import Action
from counter_caller.panel.choices import NO_CHOICE, Choice
from counter_caller.panel.situation import Situation
from counter_caller.panel.words import translate

_URGENCY = ("help", "unannounced", "printer", "device_offline", "sign")


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
            return _unannounced(at)
        case "printer":
            return Banner(f"{place}: {printer_trouble(alarm.detail)}")
        case "sign":
            text = translate("panel", "Bảng LED quầy {0} không sáng số, kiểm tra nguồn và dây")
            return Banner(text.format(alarm.detail))
        case _:
            return Banner(translate("panel", "{0} mất kết nối").format(place))


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


def printer_trouble(state: str | None) -> str:
    """Return what a printer's state means to the one who has to go there."""
    match state:
        case "paper_out":
            return translate("panel", "hết giấy")
        case "cover_open":
            return translate("panel", "nắp máy in đang mở")
        case "offline":
            return translate("panel", "không nối được máy in")
        case _:
            return translate("panel", "máy in có sự cố")


def _unannounced(at: Situation) -> Banner:
    number = at.current.number if at.current else ""
    text = translate("panel", "Màn hình hoặc loa không phản hồi")
    if number:
        text = translate("panel", "Chưa báo được số {0}, xin mời bằng lời").format(number)
    leads = None
    if at.current and Action.RECALL in at.free():
        leads = intents.recall(at.counter, at.current.ticket)
    return Banner(text, Choice(translate("panel", "Gọi lại"), leads=leads))
