"""People at kiosks who need a hand: who goes, what is prepared for them, and their number."""

from dataclasses import dataclass
from datetime import datetime

from bus.care import Care, Manner, Measure
from bus.commands import EndVisit, IssueTicket, PrepareVisit
from bus.states import Visit
from bus.vocabulary import Language
from config.settings import Role
from hall.counter.situation import AtKiosk, Banner, Choice, Sheet, Situation
from hall.counter.words import device_place, within
from hall.words import N_, Words

_MEASURES = {
    Measure.PRIORITY: N_("diện ưu tiên"),
    Measure.LARGE_PAPER: N_("phiếu chữ lớn"),
    Measure.SPOKEN_CALL: N_("đọc gọi chậm"),
    Measure.FETCH: N_("mời tận nơi"),
}
_SCREEN_WAYS = {
    "large": N_("chữ to"),
    "spoken": N_("máy đọc thành tiếng"),
    "low": N_("nút ở tầm thấp"),
    "contrast": N_("tương phản cao"),
}


def visit_banners(at: Situation) -> list[tuple[datetime, Banner]]:
    """Return the visits to which somebody of this counter goes; of others there are enough."""
    t = at.t
    found: list[tuple[datetime, Banner]] = []
    for visit in at.state.visits if at.state else ():
        if visit.answered_at is not None and visit.counter == at.counter:
            text = t("Đang giúp người ở {0}", within(device_place(at, visit.kiosk)))
            banner = Banner(text, Choice(t("Hỗ trợ…"), leads=AtKiosk(visit.kiosk)))
            found.append((visit.since, banner))
    return found


def visit_choices(at: Situation) -> list[Choice]:
    """Return the ways to help at each kiosk, also where nobody has called."""
    if not at.may("prepare_visit"):
        return []
    known = at.centre.devices if at.centre else ()
    return [
        Choice(
            at.t("Hỗ trợ người ở {0}…", within(device_place(at, device.id))),
            leads=AtKiosk(device.id),
        )
        for device in known
        if device.role is Role.KIOSK
    ]


def visit_sheet(at: Situation, kiosk: str) -> Sheet:
    """Return what can be done for the person at a kiosk: one press each."""
    t, visit, place = at.t, _visit(at, kiosk), within(device_place(at, kiosk))
    scenarios = at.centre.assistance.scenarios if at.centre and at.may("prepare_visit") else ()
    choices = []
    if scenarios:
        choices.append(Choice(t("Một lần bấm: máy và phiếu sẵn cho người này"), heading=True))
    choices += [
        Choice(
            scenario.name(at.lang),
            care_words(scenario.care, t),
            PrepareVisit(kiosk=kiosk, scenario=scenario.id, counter=at.counter),
        )
        for scenario in scenarios
    ]
    care = visit.care if visit and visit.care else Care()
    if at.may("prepare_visit"):
        choices.append(Choice(t("Hoặc chỉ một việc; bấm thêm để làm thêm"), heading=True))
        choices += [
            Choice(
                press.words,
                press.note,
                PrepareVisit(kiosk=kiosk, measures=press.measures, counter=at.counter),
            )
            for press in measure_presses(care, t)
        ]
    if at.may("issue_ticket"):
        choices.append(Choice(t("Lấy số thay"), heading=True))
        choices.append(
            Choice(
                t("Lấy số, in phiếu ở {0}…", place),
                care_words(care, t),
                leads=_services(at, kiosk, care),
            )
        )
    if visit is not None:
        end = EndVisit(kiosk=kiosk, counter=at.counter) if at.may("end_visit") else None
        choices.append(Choice(t("Đã giúp xong, hoặc người đã về"), leads=end))
    return Sheet(t("Hỗ trợ người ở {0}", place), tuple(choices), note=_note(visit, t), columns=2)


def care_words(care: Care, t: Words) -> str:
    """Return what is done, in a few words each; never for whom."""
    words = [t(_MEASURES[measure]) for measure in care.measures]
    if care.lang is Language.ENGLISH:
        words.append(t("tiếng Anh"))
    words += [t(_SCREEN_WAYS[way]) for way in care.screen if way in _SCREEN_WAYS]
    return ", ".join(words)


@dataclass(frozen=True, slots=True)
class MeasurePress:
    """A press for a single measure, or one that takes it back."""

    words: str
    note: str
    """Says so where the measure is chosen already."""
    measures: tuple[Measure, ...]
    """All that are done after the press."""


def measure_presses(care: Care, t: Words) -> list[MeasurePress]:
    """Return a press for each measure: nothing but that one, or added to what was chosen."""
    chosen = set(care.measures)
    return [
        MeasurePress(
            _sentence(t(text)),
            t("đã chọn, bấm để bỏ") if measure in chosen else "",
            tuple(each for each in Measure if each in chosen ^ {measure}),
        )
        for measure, text in _MEASURES.items()
    ]


def care_note(visit: Visit, care: Care, t: Words) -> str:
    """Return whether a kiosk is ready for this person, and what is done."""
    done = care_words(care, t) or t("như mọi người")
    if visit.taken_up:
        return t("Máy đã sẵn sàng: {0}", done)
    return t("Đã gửi, máy chưa nhận: {0}. Nếu máy không đổi, xin lấy số thay.", done)


def fetch_words(at: Situation) -> str:
    """Return to whom somebody has to go; empty for a person who comes when called."""
    current = at.current
    if current is None or current.fetch_from is None:
        return ""
    place = within(device_place(at, current.fetch_from))
    return at.t("Mời tận nơi: xin đến gần {0} mời người có số này", place)


def _note(visit: Visit | None, t: Words) -> str:
    if visit is None or visit.care is None:
        return t("Không ghi vì sao người này cần giúp: chỉ đếm số lượt trong ngày.")
    return care_note(visit, visit.care, t)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _services(at: Situation, kiosk: str, care: Care) -> Sheet:
    services = at.centre.services if at.centre else ()
    manner = Manner(
        large_paper=care.manner.large_paper,
        spoken_call=care.manner.spoken_call,
        fetch=care.manner.fetch,
        place=kiosk,
    )
    choices = tuple(
        Choice(
            service.name(at.lang),
            leads=IssueTicket(
                service=service.code,
                ticket_class=care.ticket_class,
                lang=care.lang or Language.VIETNAMESE,
                print_on=kiosk,
                manner=manner,
            ),
        )
        for service in services
        if not service.has_roll
    )
    return Sheet(at.t("Lấy số thay"), choices, note=care_words(care, at.t), columns=2)


def _visit(at: Situation, kiosk: str) -> Visit | None:
    visits = at.state.visits if at.state else ()
    return next((visit for visit in visits if visit.kiosk == kiosk), None)
