"""What the window shows, as plain values made from the situation."""

from dataclasses import dataclass

from bus.states import ListedTicket
from bus.vocabulary import CounterStatus, TicketState
from hall.counter import intents
from hall.counter.actions import Action
from hall.counter.alarms import Banner, alarm_banner
from hall.counter.buttons import Buttons, present_buttons
from hall.counter.choices import NO_CHOICE, Choice, Menu, Sheet
from hall.counter.current_view import Current, present_current
from hall.counter.health import Health, health_of
from hall.counter.situation import Notice, Situation
from hall.counter.words import (
    class_name,
    minutes,
    minutes_since,
    service_name,
    translate,
    undo_text,
)

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
    """The button that records trouble of other people's systems."""

    choice: Choice
    on: bool


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


@dataclass(frozen=True, slots=True)
class Footer:
    """The day's figures, the way back, and how the devices are."""

    figures: str
    undo: Choice
    health: Health


@dataclass(frozen=True, slots=True)
class View:
    """The whole window."""

    header: Header
    current: Current
    buttons: Buttons
    outage: Outage
    alarm: Banner
    tabs: tuple[Tab, ...]
    rows: tuple[Row, ...]
    below: str
    """What stands under the list: that it is empty, or how many more there are."""
    waiting: str
    footer: Footer
    notice: Notice
    sheet: Sheet | None = None


def present(at: Situation, sheet: Sheet | None = None) -> View:
    """Return what the window shows in this situation."""
    rows = _rows(at)
    total = at.state.waiting_total if at.state else 0
    return View(
        header=_header(at),
        current=present_current(at),
        buttons=present_buttons(at),
        outage=_outage(at),
        alarm=alarm_banner(at),
        tabs=_tabs(at),
        rows=rows,
        below=_below(at, len(rows), total),
        waiting=translate("panel", "chờ {0}").format(total),
        footer=_footer(at),
        notice=at.notice or Notice(""),
        sheet=sheet,
    )


def _header(at: Situation) -> Header:
    lost = ""
    if not at.linked:
        lost = translate("panel", "Mất kết nối")
    elif at.service_gone:
        lost = translate("panel", "Máy chủ chưa trả lời")
    status = at.state.status if at.state else CounterStatus.CLOSED
    return Header(
        live=at.live,
        lost=lost,
        status=status.value,
        counter=translate("panel", "Quầy {0}").format(at.counter),
        services=_services(at),
        presence=_presence(at, status),
    )


def _services(at: Situation) -> str:
    for counter in at.centre.counters if at.centre else ():
        if counter.number == at.counter:
            return " · ".join(service_name(at.centre, code, at.lang) for code in counter.serves)
    return ""


def _presence(at: Situation, status: CounterStatus) -> Choice:
    free = at.free()
    if status is CounterStatus.OPEN:
        text = translate("panel", "Tạm nghỉ…")
        return Choice(text, leads=Menu.PAUSE if Action.PAUSE in free else None)
    leads = intents.open_counter(at.counter) if Action.OPEN in free else None
    return Choice(translate("panel", "Mở quầy"), leads=leads)


def _outage(at: Situation) -> Outage:
    systems = at.centre.wording.systems if at.centre else ()
    if not systems:
        return Outage(NO_CHOICE, on=False)
    leads = Menu.OUTAGE if Action.REPORT_OUTAGE in at.free() else None
    down = at.state.outages if at.state else ()
    if not down:
        text = translate("panel", "{0} đang chậm").format(systems[0](at.lang))
        return Outage(Choice(text, translate("panel", "bấm để ghi nhận"), leads), on=False)
    longest = min(down, key=lambda outage: outage.since)
    names = {system.vi: system(at.lang) for system in systems}
    text = translate("panel", "{0} đang chậm").format(names.get(longest.system, longest.system))
    if len(down) > 1:
        text = translate("panel", "{0} hệ thống đang chậm").format(len(down))
    since = minutes(minutes_since(longest.since, at.now))
    return Outage(Choice(text, translate("panel", "đã {0}").format(since), leads), on=True)


def _tabs(at: Situation) -> tuple[Tab, ...]:
    state = at.state
    texts = (
        (TicketState.WAITING, translate("panel", "Đang chờ {0}"), state and state.waiting_total),
        (TicketState.PARKED, translate("panel", "Chờ ký {0}"), state and len(state.parked)),
        (TicketState.ABSENT, translate("panel", "Vắng {0}"), state and len(state.absent)),
    )
    return tuple(
        Tab(key.value, text.format(count or 0), selected=key is at.tab)
        for key, text, count in texts
    )


def _listed(at: Situation) -> tuple[ListedTicket, ...]:
    if at.state is None:
        return ()
    if at.tab is TicketState.PARKED:
        return at.state.parked
    return at.state.absent if at.tab is TicketState.ABSENT else at.state.waiting


def _rows(at: Situation) -> tuple[Row, ...]:
    return tuple(_row(at, listed) for listed in _listed(at))


def _row(at: Situation, listed: ListedTicket) -> Row:
    waited = minutes_since(listed.since, at.now)
    target = at.centre.targets.target_min if at.centre else waited
    service = service_name(at.centre, listed.service, at.lang)
    if listed.to_counter is not None:
        to_counter = translate("panel", "đến quầy {0}").format(listed.to_counter)
        service = f"{service} · {to_counter}"
    return Row(
        ticket=listed.ticket,
        number=listed.number,
        service=service,
        chip=class_name(at.centre, listed.ticket_class, at.lang),
        waited=minutes(waited),
        late=at.tab is TicketState.WAITING and waited > target,
    )


def _below(at: Situation, shown: int, total: int) -> str:
    if at.state is None:
        return ""
    match at.tab:
        case TicketState.WAITING if shown and total > shown:
            return translate("panel", "và {0} người nữa").format(total - shown)
        case _ if shown:
            return ""
        case TicketState.PARKED:
            return translate("panel", "Không có số nào chờ ký")
        case TicketState.ABSENT:
            return translate("panel", "Không có số nào vắng")
        case _:
            return translate("panel", "Chưa có người chờ")


def _footer(at: Situation) -> Footer:
    state = at.state
    figures = translate("panel", "{0} lượt").format(state.served_today if state else 0)
    if state and state.mean_service_s is not None:
        mean = minutes(round(state.mean_service_s / _MINUTE_S))
        figures += " · " + translate("panel", "bình quân {0}").format(mean)
    undo = Choice(undo_text(None))
    if state and state.undoable and Action.UNDO in at.free():
        undo = Choice(
            undo_text(state.undoable.takes_back), leads=intents.undo(state.undoable.event)
        )
    return Footer(figures, undo, health_of(at))
