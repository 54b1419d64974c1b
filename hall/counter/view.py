"""What the window shows, as plain values made from the situation."""

from dataclasses import dataclass, fields, is_dataclass

from bus.codec import plain as plain_message
from bus.commands import Command, EndOutage, OpenCounter, Undo
from bus.states import ListedTicket
from bus.vocabulary import CounterStatus, TicketState
from hall.counter.alarms import Health, alarm_banner, health_of, sounds
from hall.counter.current import Buttons, Current, present_buttons, present_current
from hall.counter.situation import NO_CHOICE, Banner, Choice, Menu, Sheet, Situation, Toast
from hall.counter.ticket_sheets import late_choice, listed_words
from hall.counter.words import class_name, minutes, minutes_since, service_name, undo_text

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Header:
    """The line at the top: who this is and whether it serves."""

    live: bool
    lost: str
    """What is missing, while the link or the service is."""
    status: str
    counter: str
    services: str
    presence: Choice


@dataclass(frozen=True, slots=True)
class Outage:
    """The button that reports trouble of other people's systems, and what is being recorded."""

    report: Choice
    recording: str = ""
    end: Choice = NO_CHOICE


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists."""

    key: str
    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket of the list that is shown."""

    ticket: str
    number: str
    service: str
    chip: str
    waited: str
    late: bool
    call: Choice = NO_CHOICE
    """The one press for a person who comes late."""


@dataclass(frozen=True, slots=True)
class Footer:
    """The day's figures, and how the devices are."""

    figures: str
    health: Health


@dataclass(frozen=True, slots=True)
class View:
    """The whole window."""

    header: Header
    current: Current
    buttons: Buttons
    undo: Choice
    outage: Outage
    alarm: Banner
    tabs: tuple[Tab, ...]
    rows: tuple[Row, ...]
    below: str
    """What stands under the list: that it is empty, or how many more there are."""
    waiting: str
    footer: Footer
    notice: Toast
    sheet: Sheet | None = None
    sounds: str = ""
    """When there was last something to hear: a sound is made whenever this grows."""


def present(at: Situation, sheet: Sheet | None = None) -> View:
    """Return what the window shows in this situation."""
    rows = tuple(_row(at, listed) for listed in _listed(at))
    return View(
        header=_header(at),
        current=present_current(at),
        buttons=present_buttons(at),
        undo=_undo(at),
        outage=_outage(at),
        alarm=alarm_banner(at),
        tabs=_tabs(at),
        rows=rows,
        below=_below(at, len(rows)),
        waiting=at.t("chờ {0}", at.state.waiting_total if at.state else 0),
        footer=_footer(at),
        notice=at.notice or Toast(""),
        sheet=sheet,
        sounds=sounds(at),
    )


def plain(value: object) -> object:
    """Return a part of the view as JSON and QML read it: dicts, lists and scalars.

    A choice says whether it can be pressed; its command is what a page sends as it is.
    """
    match value:
        case Choice():
            return {
                "text": value.text,
                "note": value.note,
                "enabled": value.enabled,
                "heading": value.heading,
                "leads": _plain_leads(value.leads),
            }
        case tuple():
            return [plain(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def _plain_leads(leads: object) -> object:
    """Return a command as on the wire but for its stamp, a menu by its name."""
    if isinstance(leads, Command):
        stamp = Command.__struct_fields__
        return {name: part for name, part in plain_message(leads).items() if name not in stamp}
    if isinstance(leads, Menu):
        return leads.value
    return plain(leads)


def _header(at: Situation) -> Header:
    t, lost = at.t, ""
    if not at.hall.linked:
        lost = t("Mất kết nối")
    elif not at.live:
        lost = t("Máy chủ chưa trả lời")
    status = at.state.status if at.state else CounterStatus.CLOSED
    return Header(
        live=at.live,
        lost=lost,
        status=status.value,
        counter=t("Quầy {0}", at.counter),
        services=_services(at),
        presence=_presence(at, status),
    )


def _services(at: Situation) -> str:
    for counter in at.centre.counters if at.centre else ():
        if counter.number == at.counter:
            return " · ".join(service_name(at, code) for code in counter.serves)
    return ""


def _presence(at: Situation, status: CounterStatus) -> Choice:
    if status is CounterStatus.OPEN:
        leads = Menu.PAUSE if at.may("pause_counter") else None
        return Choice(at.t("Tạm nghỉ…"), leads=leads)
    opens = OpenCounter(counter=at.counter) if at.may("open_counter") else None
    return Choice(at.t("Mở quầy"), leads=opens)


def _undo(at: Situation) -> Choice:
    step = at.state.undoable if at.state else None
    leads = Undo(event=step.event) if step and at.may("undo") else None
    return Choice(undo_text(step, at.t), leads=leads)


def _outage(at: Situation) -> Outage:
    t = at.t
    systems = at.centre.wording.systems if at.centre else ()
    if not systems:
        return Outage(NO_CHOICE)
    may = at.may("report_outage") or at.may("end_outage")
    report = Choice(t("Báo hệ thống chậm…"), leads=Menu.OUTAGE if may else None)
    down = at.state.outages if at.state else ()
    if not down:
        return Outage(report)
    longest = min(down, key=lambda outage: outage.since)
    if len(down) > 1:
        text = t("Đang ghi nhận: {0} hệ thống chậm từ {1}", len(down), at.clock(longest.since))
        return Outage(report, text, Choice(t("Kết thúc…"), leads=Menu.OUTAGE if may else None))
    end = EndOutage(system=longest.system) if at.may("end_outage") else None
    text = t("Đang ghi nhận: chậm từ {0}", at.clock(longest.since))
    return Outage(report, text, Choice(t("Kết thúc"), leads=end))


def _tabs(at: Situation) -> tuple[Tab, ...]:
    t, state = at.t, at.state
    waiting = state.waiting_total if state else 0
    parked = max(state.parked_total, len(state.parked)) if state else 0
    absent = max(state.absent_total, len(state.absent)) if state else 0
    texts = (
        (TicketState.WAITING, t("Đang chờ {0}", waiting)),
        (TicketState.PARKED, t("Chờ ký {0}", parked)),
        (TicketState.ABSENT, t("Vắng {0}", absent)),
    )
    return tuple(Tab(key.value, text, selected=key is at.tab) for key, text in texts)


def _listed(at: Situation) -> tuple[ListedTicket, ...]:
    if at.state is None:
        return ()
    if at.tab is TicketState.PARKED:
        return at.state.parked
    return at.state.absent if at.tab is TicketState.ABSENT else at.state.waiting


def _row(at: Situation, listed: ListedTicket) -> Row:
    waited = minutes_since(listed.since, at.now)
    target = at.centre.targets.target_min if at.centre else waited
    return Row(
        ticket=listed.ticket,
        number=listed.number,
        service=listed_words(at, listed),
        chip=class_name(at, listed.ticket_class),
        waited=minutes(waited, at.t),
        late=at.tab is TicketState.WAITING and waited > target,
        call=late_choice(at, listed) if at.tab is TicketState.ABSENT else NO_CHOICE,
    )


def _below(at: Situation, shown: int) -> str:
    if at.state is None:
        return ""
    t, total = at.t, at.state.waiting_total
    match at.tab:
        case TicketState.WAITING if shown and total > shown:
            return t("và {0} người nữa", total - shown)
        case _ if shown:
            return ""
        case TicketState.PARKED:
            return t("Không có số nào chờ ký")
        case TicketState.ABSENT:
            return t("Không có số nào vắng")
        case _:
            return t("Chưa có người chờ")


def _footer(at: Situation) -> Footer:
    t, state = at.t, at.state
    figures = t("{0} lượt", state.served_today if state else 0)
    if state and state.mean_service_s is not None:
        mean = minutes(round(state.mean_service_s / _MINUTE_S), t)
        figures += " · " + t("bình quân {0}", mean)
    return Footer(figures, health_of(at))
