"""One citizen at the kiosk, as values: every step is a function of the session before it.

Times are seconds of the centre's monotonic clock.
"""

import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from bus.care import Care, Manner
from bus.codes import CODE_LENGTH, CODE_LETTERS
from bus.commands import AppointmentRefusal, CheckIn, IssuedTicket, IssueTicket
from bus.states import HelpCall, Visit
from bus.vocabulary import TicketClass
from config import Centre
from config.settings import Rules, SightBox
from hall.citizen.browsing import NOWHERE, Browsing

NOTICE_S = 12.0
"""How long a notice stands before the home screen returns."""
PRINTED_S = 12.0
"""How long a ticket stands untouched once its paper is proven printed."""
HELP_S = 60.0
"""How long "Đã báo cán bộ" stands when no state of the service speaks of the call."""
LONGEST_HELP_S = 300.0
"""How long an unanswered or stale call stands before help can be called again."""


VISIT_S = 180.0
"""How long the screen waits untouched for whom it was prepared, while somebody is on the way."""


class Page(StrEnum):
    """Which screen is shown."""

    HOME = "home"
    TAKING = "taking"
    """Between the touch and the number."""
    TICKET = "ticket"
    NOTICE = "notice"
    PROCEDURES = "procedures"
    APPOINTMENT = "appointment"
    """Where who has an appointment enters its code."""


class PageNotice(StrEnum):
    """What a notice says."""

    CLOSED = "closed"
    PAUSED = "paused"
    FULL = "full"
    ROLL = "roll"
    TOO_FAST = "too_fast"
    UNAVAILABLE = "unavailable"
    VOIDED = "voided"
    NOT_VOIDED = "not_voided"
    NO_HELP = "no_help"


class Paper(StrEnum):
    """Where the paper of the shown ticket is."""

    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The printer stopped in the middle: perhaps the paper is there."""
    UNPROVEN = "unproven"
    """The printer took everything and does not say what became of it."""
    COPYING = "copying"
    COPIED = "copied"


NOT_IN_HAND = frozenset({Paper.FAILED, Paper.UNKNOWN})
"""Nobody can count on the paper: the number is to be remembered."""
_DOUBTFUL = frozenset({Paper.UNKNOWN, Paper.UNPROVEN})
_PROVEN = frozenset({Paper.PRINTED, Paper.COPIED})


class Voiding(StrEnum):
    """How far giving the shown number back has come."""

    NO = "no"
    CONFIRMING = "confirming"
    """The screen asks whether it is meant."""
    SENT = "sent"


class Help(StrEnum):
    """Whether a person was called."""

    NONE = "none"
    CALLING = "calling"
    CALLED = "called"
    """The counters ring; nobody has answered yet."""
    COMING = "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTicket:
    """The ticket on the screen."""

    request: str
    """The id of the command, or of the delivery, that made it."""
    ticket: str | None
    """None while the service does not know a number of the offline book."""
    number: str
    service: str
    ahead: int | None
    wait_min: tuple[int, int] | None
    since: float
    ticket_class: TicketClass = TicketClass.NORMAL
    offline: bool = False
    paper: Paper = Paper.PRINTING
    paper_since: float = 0.0
    trouble: str = ""
    """Why the paper is missing, as `Reason` names it; empty when nobody knows."""
    voiding: Voiding = Voiding.NO
    fetch: bool = False
    """Somebody goes to this person when the number is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How the screen is set for one pair of eyes and hands."""

    large: bool = False
    """Text is 40 % larger; what does not fit is on the next page."""
    contrast: bool = False
    """White and yellow on black."""
    low: bool = False
    """Everything that can be touched is in the lower half: for wheelchairs and children."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What this citizen chose and what they see."""

    page: Page = Page.HOME
    lang: str = "vi"
    sight: Sight = Sight()
    usual: Sight = Sight()
    """How the next citizen finds the screen."""
    priority: bool = False
    turned: int = 0
    """To which page of the services this citizen has turned, where not all fit on one."""
    leaf: int = 0
    """To which page of a ticket or notice, where not all its words fit on one."""
    browsing: Browsing = NOWHERE
    """Where this citizen is among the procedures."""
    asking: str = ""
    """The service of which the screen asks whether its number is wanted all the same."""
    ahead: int = 0
    """How many people stand before it."""
    request: IssueTicket | CheckIn | None = None
    """The command that waits for its number."""
    code: str = ""
    """What was typed of an appointment's code."""
    no_code: AppointmentRefusal | None = None
    """Why the code that was sent gave no number."""
    ticket: ShownTicket | None = None
    notice: PageNotice | None = None
    about: str = ""
    """The service or number the notice is about."""
    help: Help = Help.NONE
    help_since: float = 0.0
    help_heard: bool = False
    """Whether a state of the service has spoken of this call."""
    helper: int | None = None
    """The counter that comes to help."""
    visit: str = ""
    """What somebody of the house has prepared here for this citizen, by its id."""
    visit_over: str = ""
    """What was prepared for the citizen before: never for another one."""
    visit_lasts: bool = False
    """Whether the service still speaks of it."""
    manner: Manner | None = None
    """How this citizen is to be called."""
    page_since: float = 0.0
    keys: bool = False
    """Whether the five keys are in use, so that a ring shows where they are."""
    spoken: bool = False
    """Whether the screen is read out."""
    curtain: bool = False
    """Whether the screen is black for privacy while everything goes on."""
    touched: float = 0.0
    left_s: int | None = None
    """Seconds left before the home screen returns by itself; None before the countdown."""

    @property
    def at_rest(self) -> bool:
        """Return whether this is the home screen as the next citizen should find it."""
        seen = self.sight != self.usual or self.turned
        chosen = seen or self.priority or self.asking or self.keys or self.visit
        plain = self.lang == "vi" and not chosen
        return self.page is Page.HOME and plain


def home(session: Session, now: float) -> Session:
    """Return to the home screen for the next citizen; a call for help goes on."""
    return Session(
        sight=session.usual,
        usual=session.usual,
        help=session.help,
        help_since=session.help_since,
        help_heard=session.help_heard,
        helper=session.helper,
        visit_over=session.visit or session.visit_over,
        page_since=now,
        touched=now,
    )


def back(session: Session, now: float) -> Session:
    """Return to the home screen for the same citizen."""
    return replace(
        session, page=Page.HOME, request=None, ticket=None, notice=None, page_since=now,
        left_s=None, asking="", leaf=0, browsing=NOWHERE, code="", no_code=None,
    )  # fmt: skip


def touched(session: Session, now: float) -> Session:
    """Note that somebody is there."""
    return replace(session, touched=now, left_s=None)


def with_priority(session: Session) -> Session:
    """Turn the priority switch on or off."""
    return replace(session, priority=not session.priority)


def languages_of(centre: Centre | None) -> dict[str, str]:
    """Return what a citizen may choose: language to its name in that language, in their order."""
    languages = {"vi": "Tiếng Việt"}
    if centre is None:
        return languages
    if "en" in centre.identity.languages:
        languages["en"] = "English"
    return languages | {other.code: other.name for other in centre.identity.other_languages}


def next_language(lang: str, languages: Iterable[str]) -> str:
    """Return the language after `lang`, around the end."""
    order = list(languages)
    return order[(order.index(lang) + 1) % len(order)] if lang in order else order[0]


def in_other_language(session: Session, languages: Iterable[str] = ("vi", "en")) -> Session:
    """Change to the next language."""
    return replace(session, lang=next_language(session.lang, languages))


def with_large_text(session: Session) -> Session:
    """Turn large text on or off."""
    return _seen_with(session, large=not session.sight.large)


def with_contrast(session: Session) -> Session:
    """Turn white and yellow on black on or off."""
    return _seen_with(session, contrast=not session.sight.contrast)


def with_low_layout(session: Session) -> Session:
    """Bring everything that can be touched into the lower half, or back."""
    return _seen_with(session, low=not session.sight.low)


def usual_sight(rules: Rules, box: SightBox) -> Sight:
    """Return how a kiosk of this centre begins; what the box says goes before the centre."""
    return Sight(
        large=rules.large_text if box.large_text is None else box.large_text,
        contrast=rules.high_contrast if box.high_contrast is None else box.high_contrast,
        low=box.low_layout,
    )


def usually(session: Session, usual: Sight) -> Session:
    """Note how citizens find the screen from now on; who has chosen otherwise keeps it."""
    sight = usual if session.at_rest else session.sight
    return replace(session, usual=usual, sight=sight)


def browsed(session: Session, browsing: Browsing, now: float) -> Session:
    """Go among the procedures, from the home screen or from where this citizen is there."""
    if session.page not in (Page.HOME, Page.PROCEDURES):
        return session
    same = session.browsing.chosen == browsing.chosen
    leaf = session.leaf if same and session.page is Page.PROCEDURES else 0
    return replace(
        session, page=Page.PROCEDURES, browsing=browsing, leaf=leaf, page_since=now, asking=""
    )


def turned_to(session: Session, page: int) -> Session:
    """Turn to a page of the services, or of what stands in their place."""
    page = max(0, page)
    if session.page is Page.HOME:
        return replace(session, turned=page)
    return replace(session, leaf=page)


def with_speech(session: Session) -> Session:
    """Read the screen out from now on, and let the keys move on it."""
    return replace(session, keys=True, spoken=True)


def with_keys(session: Session) -> Session:
    """Let the keys move on the screen, where nothing can be read out."""
    return replace(session, keys=True)


def heard(session: Session, *, aloud: bool) -> Session:
    """Read out, or no more, to who uses the keys: the sound output has come or gone."""
    return replace(session, spoken=aloud, curtain=session.curtain and aloud)


def without_speech(session: Session) -> Session:
    """Read no more, and show the screen."""
    return replace(session, keys=False, spoken=False, curtain=False)


def with_curtain(session: Session, *, drawn: bool) -> Session:
    """Make the screen black for who hears it, or show it again."""
    return replace(session, curtain=drawn and session.spoken)


def asked(session: Session, service: str, ahead: int) -> Session:
    """Ask whether a number is wanted although so many people stand before it."""
    return replace(session, asking=service, ahead=ahead)


def asks_first(session: Session, rules: Rules, waiting: int) -> bool:
    """Return whether a number behind `waiting` people is only given after a question.

    How many stand before somebody who has priority, a kiosk does not know.
    """
    limit = rules.ask_above_waiting
    return bool(limit) and waiting > limit and not session.priority


def taking(session: Session, request: IssueTicket, now: float) -> Session:
    """Wait for the number that `request` asks for; only from the home screen."""
    if session.page is not Page.HOME:
        return session
    return replace(session, page=Page.TAKING, request=request, page_since=now, asking="")


def with_appointment(session: Session, now: float) -> Session:
    """Ask for the code of an appointment."""
    if session.page is not Page.HOME:
        return session
    return replace(session, page=Page.APPOINTMENT, code="", no_code=None, page_since=now)


def typed(session: Session, letter: str) -> Session:
    """Take one more letter of a code."""
    if session.page is not Page.APPOINTMENT or letter not in CODE_LETTERS or len(letter) != 1:
        return session
    if session.no_code is not None:
        session = replace(session, code="", no_code=None)
    return replace(session, code=(session.code + letter)[:CODE_LENGTH])


def erased(session: Session) -> Session:
    """Take back the last letter; of a code that was refused all of them."""
    code = "" if session.no_code is not None else session.code[:-1]
    return replace(session, code=code, no_code=None)


def checking(session: Session, request: CheckIn, now: float) -> Session:
    """Wait for the number of an appointment; only from where its code was entered."""
    if session.page is not Page.APPOINTMENT or len(session.code) != CODE_LENGTH:
        return session
    return replace(session, page=Page.TAKING, request=request, page_since=now)


def not_appointed(session: Session, why: AppointmentRefusal, now: float) -> Session:
    """Say why the code gave no number, where it was entered."""
    return replace(
        session, page=Page.APPOINTMENT, request=None, no_code=why, page_since=now, touched=now
    )


def given(session: Session, issued: IssuedTicket, now: float) -> Session:
    """Show the number that answers the request."""
    if session.request is None:
        return session
    ticket = ShownTicket(
        request=session.request.id,
        ticket=issued.ticket,
        number=issued.number,
        service=issued.service,
        ahead=issued.ahead,
        wait_min=issued.wait_min,
        since=now,
        ticket_class=issued.ticket_class,
        fetch=_is_fetched(session),
    )
    return _with_ticket(session, ticket, now)


def given_offline(session: Session, delivery: IssueTicket, now: float) -> Session:
    """Show a number of the offline book in place of the unanswered one."""
    ticket = ShownTicket(
        request=delivery.id,
        ticket=None,
        number=delivery.number or "",
        service=delivery.service,
        ahead=None,
        wait_min=None,
        since=now,
        ticket_class=delivery.ticket_class,
        offline=True,
        fetch=_is_fetched(session),
    )
    return _with_ticket(session, ticket, now)


def delivered(session: Session, delivery: str, ticket: str) -> Session:
    """Note the id under which the service took the shown number."""
    shown = session.ticket
    if shown is None or shown.request != delivery:
        return session
    return replace(session, ticket=replace(shown, ticket=ticket))


def noticed(session: Session, notice: PageNotice, now: float, about: str = "") -> Session:
    """Show a notice, which returns by itself."""
    return replace(
        session, page=Page.NOTICE, notice=notice, about=about, request=None, ticket=None,
        page_since=now, touched=now, left_s=None, asking="", leaf=0,
    )  # fmt: skip


def shows(session: Session, keys: AbstractSet[str | None]) -> bool:
    """Return whether one of `keys` is the shown ticket or its request."""
    shown = session.ticket
    return shown is not None and bool(({shown.request, shown.ticket} - {None}) & keys)


def printed(
    session: Session, keys: AbstractSet[str | None], paper: Paper, now: float, trouble: str = ""
) -> Session:
    """Note what became of a paper, if one of `keys` is the shown ticket or its request."""
    shown = session.ticket
    if shown is None or not shows(session, keys):
        return session
    after = replace(shown, paper=paper, paper_since=now, trouble=trouble)
    return replace(session, ticket=after)


def copying(session: Session) -> Session:
    """Note that a marked copy was asked for, which is offered once the end is unknown."""
    shown = session.ticket
    if shown is None or not can_copy(session):
        return session
    return replace(session, ticket=replace(shown, paper=Paper.COPYING))


def voiding(session: Session, how: Voiding) -> Session:
    """Note how far giving the shown ticket back has come."""
    shown = session.ticket
    return replace(session, ticket=replace(shown, voiding=how)) if shown else session


def helped(session: Session, state: Help, now: float) -> Session:
    """Note where a call for help stands."""
    return replace(session, help=state, help_since=now, help_heard=False, helper=None)


def help_heard(
    session: Session, call: HelpCall | None, now: float, visit: Visit | None = None
) -> Session:
    """Note what the service says of the call from this place; None when it names no call.

    A service before 0.4 speaks of calls alone; a newer one says in the visit who comes, who may
    have no counter.
    """
    if call is None:
        return helped(session, Help.NONE, now) if session.help_heard else session
    comes = call.answered_by is not None or (visit is not None and visit.answered_at is not None)
    state = Help.COMING if comes else Help.CALLED
    since = session.help_since if session.help is state else now
    return replace(session, help=state, help_since=since, help_heard=True, helper=call.answered_by)


def visit_heard(session: Session, visit: Visit | None, now: float, *, speaks: bool) -> Session:
    """Take what the house prepares here for whoever stands at the kiosk.

    It is for one citizen: who has a number already, and who comes later, gets nothing of it.
    `speaks` says whether the screen can be read out.
    """
    if visit is None or visit.care is None:
        return replace(session, visit_lasts=False)
    if visit.id in (session.visit, session.visit_over):
        return replace(session, visit_lasts=visit.id == session.visit)
    if session.page in (Page.TAKING, Page.TICKET):
        return replace(session, visit_over=visit.id)
    fresh = home(session, now) if session.visit else back(touched(session, now), now)
    return _prepared(fresh, visit.id, visit.care, speaks=speaks)


def _prepared(session: Session, visit: str, care: Care, *, speaks: bool) -> Session:
    ways = frozenset(care.screen)
    sight = Sight(
        large=session.sight.large or "large" in ways,
        contrast=session.sight.contrast or "contrast" in ways,
        low=session.sight.low or "low" in ways,
    )
    session = replace(
        session,
        visit=visit,
        visit_lasts=True,
        lang=care.lang or session.lang,
        priority=session.priority or care.ticket_class is TicketClass.PRIORITY,
        sight=sight,
        manner=care.manner if care.manner.matters else None,
        turned=0,
    )
    return with_speech(session) if "spoken" in ways and speaks else session


def _is_fetched(session: Session) -> bool:
    return session.manner is not None and session.manner.fetch


def can_copy(session: Session) -> bool:
    """Return whether a copy is on offer: nobody knows whether the paper came out."""
    shown = session.ticket
    return shown is not None and shown.paper in _DOUBTFUL and shown.ticket is not None


def can_void(session: Session, rules: Rules, now: float) -> bool:
    """Return whether the shown ticket may still be given back here."""
    shown = session.ticket
    if shown is None or shown.ticket is None:
        return False
    return now - shown.since < rules.kiosk_void_within_s


def idle_fraction(session: Session, rules: Rules, now: float) -> float:
    """Return how much of the time until the home screen returns is left, 1 to 0."""
    since, whole = session.touched, float(rules.idle_s + rules.countdown_s)
    if _needs_nothing_more(session):
        since, whole = _untouched_since(session), PRINTED_S
    return max(0.0, min(1.0, 1.0 - (now - since) / whole))


def ticked(session: Session, rules: Rules, now: float) -> Session:
    """Return what the passing of time makes of the session."""
    session = _help_ticked(session, now)
    if session.page is Page.NOTICE and now - session.page_since >= NOTICE_S:
        return back(session, now)
    if session.at_rest or session.page in (Page.TAKING, Page.NOTICE):
        return session
    if _needs_nothing_more(session):
        over = now - _untouched_since(session) >= PRINTED_S
        return home(session, now) if over else replace(session, left_s=None)
    if _asks(session) and not can_void(session, rules, now):
        session = voiding(session, Voiding.NO)
    idle_s, rest_s = now - session.touched, float(rules.idle_s)
    if session.visit_lasts and session.page is Page.HOME:
        rest_s = max(rest_s, VISIT_S)
    if idle_s < rest_s:
        return session
    left_s = math.ceil(rest_s + rules.countdown_s - idle_s)
    return replace(session, left_s=left_s) if left_s > 0 else home(session, now)


def _needs_nothing_more(session: Session) -> bool:
    """Return whether the paper is in the citizen's hand, so that the next may come soon.

    Who has chosen large text or listens, who has a number that only the kiosk knows, and who is
    giving a number back keeps the page longer.
    """
    shown = session.ticket
    chose_large = session.sight.large and not session.usual.large
    return (
        session.page is Page.TICKET
        and shown is not None
        and shown.paper in _PROVEN
        and shown.voiding is Voiding.NO
        and not (shown.offline or chose_large or session.keys)
    )


def _untouched_since(session: Session) -> float:
    return max(session.touched, session.ticket.paper_since if session.ticket else 0.0)


def _asks(session: Session) -> bool:
    return session.ticket is not None and session.ticket.voiding is Voiding.CONFIRMING


def _help_ticked(session: Session, now: float) -> Session:
    if session.help in (Help.NONE, Help.CALLING):
        return session
    longest = LONGEST_HELP_S if session.help_heard else HELP_S
    return helped(session, Help.NONE, now) if now - session.help_since >= longest else session


def _with_ticket(session: Session, ticket: ShownTicket, now: float) -> Session:
    return replace(
        session, page=Page.TICKET, ticket=ticket, request=None, page_since=now, touched=now,
        leaf=0,
    )  # fmt: skip


def _seen_with(session: Session, **choice: bool) -> Session:
    return replace(session, sight=replace(session.sight, **choice), turned=0, leaf=0)
