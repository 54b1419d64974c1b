"""Each page as a line of stops, for who cannot see or touch it: what is read, and what can be done.

A stop has the id of the thing on the screen (its `objectName`), so that a ring can be drawn around
it and a test can walk the screen for things that no stop reaches.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bus.codes import CODE_LENGTH, CODE_LETTERS
from bus.vocabulary import PrinterState, TicketClass, WhyNoAppointment
from config.settings import Rules
from hall.citizen.offering import (
    HallSnapshot,
    Offer,
    Reach,
    Standing,
    Tile,
    offers_appointments,
)
from hall.citizen.phrases import Phrase
from hall.citizen.procedures import offers_procedures, read_stops
from hall.citizen.session import (
    NOT_IN_HAND,
    Help,
    Page,
    PageNotice,
    Paper,
    Session,
    ShownTicket,
    Voiding,
    can_copy,
    can_void,
    languages_of,
)
from hall.citizen.speech import (
    REST,
    Digits,
    Number,
    SiteText,
    Spoken,
    minutes_range,
    people_ahead,
    people_waiting,
    sentences,
)

CHOOSE = "choose"
"""The control of a stop whose value is a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One thing on a page."""

    id: str
    says: Spoken
    control: str = ""
    """What choosing it does, as the screen's `act` names it; empty reads it again."""
    value: str = ""
    """What it is done with, such as a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page says when it opens, what it says when that changes, and its stops."""

    page: str = ""
    """Tells one page, or the question over it, from another."""
    intro: Spoken = ()
    news: Spoken = ()
    """Said before `intro` when the page opens, and by itself whenever it has changed."""
    again: bool = False
    """Whether a change of `news` has `intro` said once more, as when no paper bears the number."""
    stops: tuple[Stop, ...] = ()

    def stop(self, stop_id: str) -> Stop | None:
        """Return a stop by its id."""
        return next((stop for stop in self.stops if stop.id == stop_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a page says depends on, beside the citizen's own choices."""

    known: HallSnapshot
    offer: Offer
    printer: PrinterState
    rules: Rules
    now: float
    """On the session's clock."""


PageStops = Callable[[Session, Circumstances], Reading]


def reading_of(session: Session, around: Circumstances) -> Reading:
    """Return what is read of the page that this citizen sees."""
    reading = _reader(session)(session, around)
    if not session.spoken or not reading.stops or session.left_s is not None:
        return reading
    return replace(reading, stops=reading.stops + tuple(_speech_stops(session)))


def _reader(session: Session) -> PageStops:
    shown = session.ticket
    if session.left_s is not None:
        return _countdown
    if session.page is Page.HOME and session.asking:
        return _question
    if shown and shown.voiding is Voiding.CONFIRMING:
        return _void_question
    return _PAGES[session.page]


def _countdown(_session: Session, _around: Circumstances) -> Reading:
    return Reading(
        page="countdown",
        intro=sentences((Phrase.MORE_TIME_QUESTION,), (Phrase.MORE_TIME_ADVICE,)),
        stops=(Stop(id="moreTime", says=(Phrase.MORE_TIME,), control="moreTime"),),
    )


def _speech_stops(session: Session) -> Iterator[Stop]:
    """Yield what who listens can do on every page, beside the volume."""
    yield Stop(id="repeat", says=(Phrase.REPEAT,), control="repeat")
    yield Stop(id="pause", says=(Phrase.PAUSE,), control="pause")
    yield Stop(id="curtain", says=_switch(Phrase.CURTAIN, session.curtain), control="curtain")
    yield Stop(id="speech", says=(Phrase.SPEECH_OFF,), control="speech")


# The home screen ---------------------------------------------------------------------------------


def _home(session: Session, around: Circumstances) -> Reading:
    centre = around.known.centre
    welcome: Spoken = ()
    if centre:
        welcome = (Phrase.WELCOME, SiteText(centre.identity.name(session.lang)))
    return Reading(
        page="home",
        intro=sentences(welcome, _heading(around), around.offer.hours_spoken, (Phrase.HOW_TO,)),
        news=sentences(_banner(around), _help(session) if session.help is not Help.NONE else ()),
        stops=tuple(_home_stops(session, around)),
    )


def _priority_stop(session: Session, around: Circumstances) -> Iterator[Stop]:
    """Yield the switch above the services, where numbers are given."""
    centre = around.known.centre
    if around.known.reach is not Reach.NOWHERE and not around.offer.closed_hours:
        hint = SiteText(centre.wording.priority_hint(session.lang)) if centre else None
        state = Phrase.ON if session.priority else Phrase.OFF
        says = sentences((Phrase.PRIORITY, state), (hint,) if hint else ())
        yield Stop(id="priority", says=says, control="priority")


def _home_stops(session: Session, around: Circumstances) -> Iterator[Stop]:
    offer = around.offer
    banner = _banner(around)
    if banner:
        yield Stop(id="banner", says=banner)
    if offer.hours_spoken:
        yield Stop(id="hours", says=sentences((Phrase.OUT_OF_HOURS,), offer.hours_spoken))
    yield from _priority_stop(session, around)
    for tile in offer.tiles:
        yield _tile_stop(f"service-{tile.code}", (SiteText(tile.name),), tile)
    if offer.guidance:
        name: Spoken = (Phrase.GUIDANCE, REST, Phrase.GUIDANCE_DESK)
        yield _tile_stop("guidance", name, offer.guidance)
    if offers_appointments(around.known, offer):
        yield Stop(id="appointments", says=(Phrase.APPOINTMENT,), control="appointments")
    if offers_procedures(around.known):
        yield Stop(id="procedures", says=(Phrase.PROCEDURES,), control="procedures")
    yield from _bar_stops(session, around)


def _bar_stops(session: Session, around: Circumstances) -> Iterator[Stop]:
    """Yield what stands at the bottom of the home screen and of the procedures."""
    languages = languages_of(around.known.centre)
    if len(languages) > 1:
        pair = set(languages) == {"vi", "en"}
        says = (Phrase.LANGUAGE if pair else Phrase.NEXT_LANGUAGE,)
        yield Stop(id="language", says=says, control="language")
    sight = session.sight
    yield Stop(id="large", says=_switch(Phrase.LARGE, sight.large), control="large")
    yield Stop(id="contrast", says=_switch(Phrase.CONTRAST, sight.contrast), control="contrast")
    yield Stop(id="low", says=_switch(Phrase.LOW, sight.low), control="low")
    yield Stop(id="help", says=_help(session), control="help")


def _tile_stop(stop_id: str, name: Spoken, tile: Tile) -> Stop:
    detail: Spoken = (SiteText(tile.detail),) if tile.detail and tile.open else ()
    says = sentences(name, standing_spoken(tile), detail)
    return Stop(id=stop_id, says=says, control=CHOOSE, value=tile.code)


_STANDINGS = {
    Standing.NOBODY: Phrase.NOBODY_WAITING,
    Standing.PAUSED: Phrase.BREAK,
    Standing.FULL: Phrase.FULL,
    Standing.LAST_TICKET: Phrase.LAST_TICKET,
    Standing.CLOSED: Phrase.NOT_YET,
    Standing.ROLL: Phrase.ROLL,
}
_STANDINGS_UNTIL = {
    Standing.PAUSED: Phrase.BREAK_UNTIL,
    Standing.LAST_TICKET: Phrase.REOPENS_AT,
    Standing.CLOSED: Phrase.OPENS_AT,
}


def standing_spoken(tile: Tile) -> Spoken:
    """Return who waits and how long, or when the service goes on."""
    if tile.standing is Standing.WAITING:
        return sentences(people_waiting(tile.waiting), minutes_range(tile.wait_min))
    if tile.at_spoken and tile.standing in _STANDINGS_UNTIL:
        return (_STANDINGS_UNTIL[tile.standing], *tile.at_spoken)
    phrase = _STANDINGS.get(tile.standing)
    return (phrase,) if phrase else ()


def _heading(around: Circumstances) -> Spoken:
    if around.known.reach is Reach.NOWHERE:
        return (Phrase.CONNECTING,)
    return (Phrase.OUT_OF_HOURS if around.offer.closed_hours else Phrase.CHOOSE_SERVICE,)


def _banner(around: Circumstances) -> Spoken:
    if around.known.reach is Reach.NOWHERE:
        return (Phrase.GO_TO_COUNTER,)
    if not around.printer.can_print:
        return sentences(_printer(around.printer.value), (Phrase.STILL_GIVES,))
    if around.known.reach is Reach.BOOK:
        return (Phrase.INTERRUPTED,)
    left = around.printer is PrinterState.TICKET_PRESENT
    return (Phrase.TAKE_LEFT_PAPER,) if left else ()


def _help(session: Session) -> Spoken:
    match session.help:
        case Help.CALLING:
            return (Phrase.HELP_CALLING,)
        case Help.CALLED:
            return (Phrase.HELP_CALLED,)
        case Help.COMING:
            if session.helper is None:
                return (Phrase.HELPER, Phrase.HELP_COMING)
            return (Phrase.HELP_COUNTER, Number(session.helper), Phrase.HELP_COMING)
    return (Phrase.HELP,)


def _switch(phrase: Phrase, on: bool) -> Spoken:
    return (phrase, Phrase.ON if on else Phrase.OFF)


def _question(session: Session, around: Circumstances) -> Reading:
    tile = around.offer.tile(session.asking)
    ahead = people_ahead(session.ahead)
    service: Spoken = (SiteText(tile.name),) if tile else ()
    wait = minutes_range(tile.wait_min) if tile and tile.wait_min else ()
    return Reading(
        page="home/ask",
        intro=sentences(service, ahead, wait, (Phrase.STILL_WANTED,)),
        stops=(
            Stop(id="takeAsked", says=(Phrase.TAKE_NUMBER,), control="takeAsked"),
            Stop(id="leaveAsked", says=(Phrase.TAKE_NO_NUMBER,), control="leaveAsked"),
        ),
    )


# From the touch to the paper ---------------------------------------------------------------------


def _taking(_session: Session, _around: Circumstances) -> Reading:
    return Reading(page="taking", intro=(Phrase.TAKING,))


_TITLES = {
    **dict.fromkeys(NOT_IN_HAND, Phrase.REMEMBER_NUMBER),
    Paper.COPYING: Phrase.COPYING,
    Paper.COPIED: Phrase.TAKE_COPY,
}
_MARKS = {
    TicketClass.PRIORITY: Phrase.PRIORITY_MARK,
    TicketClass.APPOINTMENT: Phrase.APPOINTMENT_MARK,
}


def _ticket(session: Session, around: Circumstances) -> Reading:
    shown = session.ticket
    if shown is None:
        return Reading(page="ticket")
    number = number_twice(shown.number)
    stops = [
        Stop(id="number", says=number),
        Stop(id="ticketCard", says=_whole_ticket(session, shown, around)),
    ]
    if can_copy(session):
        stops.append(Stop(id="copy", says=(Phrase.PRINT_COPY,), control="copy"))
    if can_void(session, around.rules, around.now) and shown.voiding is not Voiding.SENT:
        stops.append(Stop(id="askVoid", says=(Phrase.WRONG_CHOICE,), control="askVoid"))
    stops.append(Stop(id="finish", says=(Phrase.FINISH,), control="finish"))
    title: Spoken = (_TITLES.get(shown.paper, Phrase.TAKE_PAPER),)
    return Reading(
        page=f"ticket:{shown.request}",
        intro=sentences(number, _whole_ticket(session, shown, around)),
        news=sentences(title, _trouble(shown)),
        again=shown.paper in NOT_IN_HAND,
        stops=tuple(stops),
    )


def number_twice(number: str) -> Spoken:
    """Return a ticket's number, digit by digit, and again."""
    return (Phrase.YOUR_NUMBER, Digits(number), REST, Phrase.AGAIN, REST, Digits(number))


def _whole_ticket(session: Session, shown: ShownTicket, around: Circumstances) -> Spoken:
    centre, lang = around.known.centre, session.lang
    services = centre.services if centre else ()
    name = next((one.name(lang) for one in services if one.code == shown.service), shown.service)
    mark = _MARKS.get(shown.ticket_class)
    ahead: Spoken = ()
    wait: Spoken = ()
    if shown.ahead is not None:
        ahead = people_ahead(shown.ahead)
        wait = minutes_range(shown.wait_min)
    return sentences(
        (mark,) if mark else (),
        (SiteText(name),),
        ahead,
        wait,
        (Phrase.WILL_COME if shown.fetch else Phrase.WILL_BE_CALLED,),
        *((SiteText(line(lang)),) for line in (centre.wording.ticket_footer if centre else ())),
    )


_STOPPED = frozenset({"paper_out", "cover_open", "cutter_error", "overheated", "offline"})
_PRINTERS = {
    "paper_out": Phrase.PAPER_OUT,
    "cover_open": Phrase.COVER_OPEN,
    "cutter_error": Phrase.CUTTER_ERROR,
    "overheated": Phrase.OVERHEATED,
    "offline": Phrase.PRINTER_OFFLINE,
}


def _printer(state: str) -> Spoken:
    return (_PRINTERS.get(state, Phrase.PRINTER_STOPPED),)


def _trouble(shown: ShownTicket) -> Spoken:
    if shown.paper is Paper.UNPROVEN:
        return (Phrase.MAYBE_NO_PAPER,)
    if shown.paper not in NOT_IN_HAND:
        return ()
    if shown.trouble in _STOPPED:
        return sentences(_printer(shown.trouble), (Phrase.REMEMBER_OR_TELL,))
    return (Phrase.NO_PAPER,)


def _void_question(session: Session, _around: Circumstances) -> Reading:
    shown = session.ticket
    if shown is None:
        return Reading(page="ticket")
    return Reading(
        page=f"ticket:{shown.request}/void",
        intro=sentences((Phrase.VOID_NUMBER, Digits(shown.number)), (Phrase.VOID_MEANS,)),
        stops=(
            Stop(id="keepNumber", says=(Phrase.KEEP,), control="keepNumber"),
            Stop(id="void", says=(Phrase.VOID,), control="void"),
        ),
    )


# Notices -----------------------------------------------------------------------------------------

_ADVICE = {
    PageNotice.CLOSED: Phrase.GO_TO_COUNTER,
    PageNotice.PAUSED: Phrase.CHOOSE_OTHER,
    PageNotice.FULL: Phrase.GO_TO_COUNTER,
    PageNotice.ROLL: Phrase.ROLL_ADVICE,
    PageNotice.TOO_FAST: Phrase.TOO_FAST_ADVICE,
    PageNotice.UNAVAILABLE: Phrase.NO_NUMBER_ADVICE,
    PageNotice.VOIDED: Phrase.VOIDED_ADVICE,
    PageNotice.NOT_VOIDED: Phrase.NOT_VOIDED_ADVICE,
    PageNotice.NO_HELP: Phrase.NO_HELP_ADVICE,
}
_NOTICES = {
    PageNotice.TOO_FAST: Phrase.TOO_FAST,
    PageNotice.UNAVAILABLE: Phrase.NO_NUMBER,
    PageNotice.NO_HELP: Phrase.NO_HELP,
}
_ABOUT_NUMBERS = {
    PageNotice.VOIDED: Phrase.VOIDED,
    PageNotice.NOT_VOIDED: Phrase.NOT_VOIDED,
}


def _notice(session: Session, around: Circumstances) -> Reading:
    notice = session.notice
    if notice is None:
        return Reading(page="notice")
    return Reading(
        page=f"notice:{notice.value}",
        intro=sentences(_notice_title(notice, session.about, around), (_ADVICE[notice],)),
        stops=(Stop(id="closeNotice", says=(Phrase.TO_FIRST_PAGE,), control="closeNotice"),),
    )


def _notice_title(notice: PageNotice, about: str, around: Circumstances) -> Spoken:
    if notice in _ABOUT_NUMBERS:
        return (_ABOUT_NUMBERS[notice], Digits(about))
    if notice in _NOTICES:
        return (_NOTICES[notice],)
    if notice is PageNotice.CLOSED and around.offer.hours_spoken:
        return sentences((Phrase.OUT_OF_HOURS,), around.offer.hours_spoken)
    tile = around.offer.tile(about)
    if tile is None:
        return (Phrase.OUT_OF_HOURS,)
    return sentences((SiteText(tile.name),), standing_spoken(tile))


def _procedures(session: Session, around: Circumstances) -> Reading:
    page, intro, found = read_stops(session, around.known, around.offer, around.printer)
    stops = [Stop(id=e.id, says=e.says, control=e.control, value=e.value) for e in found]
    ways = not (session.browsing.field or session.browsing.letter or session.browsing.chosen)
    first = tuple(_priority_stop(session, around)) if ways else ()
    return Reading(page=page, intro=intro, stops=(*first, *stops, *_bar_stops(session, around)))


# The code of an appointment ---------------------------------------------------------------------

_NO_CODE = {
    WhyNoAppointment.WRONG_CODE: Phrase.WRONG_CODE,
    WhyNoAppointment.EARLY: Phrase.CODE_EARLY,
    WhyNoAppointment.OTHER_DAY: Phrase.CODE_OTHER_DAY,
    WhyNoAppointment.LATE: Phrase.CODE_LATE,
    WhyNoAppointment.USED: Phrase.CODE_USED,
    WhyNoAppointment.TRIES: Phrase.CODE_TRIES,
}


def _appointment(session: Session, _around: Circumstances) -> Reading:
    so_far: Spoken = ()
    if session.code:
        so_far = (Phrase.CODE_SO_FAR, *letters(session.code))
    why: Spoken = ()
    if session.no_code:
        why = (_NO_CODE.get(session.no_code.why, Phrase.CODE_PAST),)
    return Reading(
        page="appointment",
        intro=(Phrase.ENTER_CODE,),
        news=sentences(why, so_far if not why else ()),
        stops=tuple(_appointment_stops(session, so_far)),
    )


def _appointment_stops(session: Session, so_far: Spoken) -> Iterator[Stop]:
    if session.no_code and session.no_code.why is WhyNoAppointment.LATE:
        yield Stop(id="takeLate", says=(Phrase.NORMAL_NUMBER,), control="takeLate")
    if len(session.code) == CODE_LENGTH and session.no_code is None:
        yield Stop(id="checkIn", says=(Phrase.TAKE_APPOINTED,), control="checkIn")
    if so_far:
        yield Stop(id="code", says=so_far)
    yield Stop(id="key-erase", says=(Phrase.ERASE,), control="eraseLetter")
    for letter in CODE_LETTERS:
        yield Stop(id=f"key-{letter}", says=letters(letter), control="typeLetter", value=letter)
    yield Stop(id="leaveCode", says=(Phrase.TO_FIRST_PAGE,), control="leaveCode")


def letters(code: str) -> Spoken:
    """Return the letters and digits of a code, one by one."""
    return tuple(
        Digits(letter) if letter.isdigit() else Phrase(f"letter_{letter.lower()}")
        for letter in code
    )


_PAGES: dict[Page, PageStops] = {
    Page.APPOINTMENT: _appointment,
    Page.HOME: _home,
    Page.TAKING: _taking,
    Page.TICKET: _ticket,
    Page.NOTICE: _notice,
    Page.PROCEDURES: _procedures,
}
