"""What a paper ticket says."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from bus.paper_code import code_of
from bus.vocabulary import Language, TicketClass
from config.settings import Centre, Service
from hall.slip import AppointmentSlip

_TEST_NUMBER = "0000"
_TEST_TITLE = "PHIẾU IN THỬ"
_TEST_LINES = (
    "Phiếu in thử, không phải số thứ tự.",
    "Test page, not a queue number.",
    "ĂÂĐÊÔƠƯ ăâđêôơư ắằẳẵặ ếềểễệ ốồổỗộ ứừửữự",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a list of what to bring."""

    heading: str
    lines: tuple[str, ...]
    listed: bool = False
    """Whether each line is a thing of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Everything one paper needs, as plain values in the ticket's own language."""

    number: str
    service: str
    ticket_class: TicketClass = TicketClass.NORMAL
    lang: str = Language.VIETNAMESE
    ahead: int | None
    """People before this one; None when nobody can say."""
    wait_min: tuple[int, int] | None
    issued_at: datetime
    """In the centre's own time zone: printed as it stands."""
    business_day: str
    centre: str
    place: str
    papers: tuple[str, ...] = ()
    """What to have ready, one paper each."""
    footer: tuple[str, ...] = ()
    hotline: str = ""
    qr: str | None = None
    """The web address behind the QR code; None prints none."""
    code: str = ""
    """What is typed beside the number where nothing scans it; empty prints none."""
    copy: bool = False
    large: bool = False
    """For somebody who reads large type."""
    fetch: bool = False
    """Somebody goes to this person; why, no paper says."""
    offline: bool = False
    """Given from an offline book while the service did not answer."""
    file: bool = False
    """The one that stays with the file."""
    notice: bool = False
    """No number: `service` says why there is none, and `footer` what to do."""
    sections: tuple[Section, ...] = ()
    """What a procedure needs, on a paper without a number."""
    slip: bool = False
    """Of an appointment: `number` is its code, and `sections` say when it is."""


def file_ticket(ticket: Ticket) -> Ticket:
    """Return the paper for the file: whose it is and when, and nothing for who waits."""
    return replace(
        ticket,
        file=True,
        ahead=None,
        wait_min=None,
        papers=(),
        footer=(),
        hotline="",
        qr=None,
        code="",
        large=False,
        fetch=False,
    )


def sample_ticket() -> Ticket:
    """Return a typical ticket: to warm up, to test a printer, to preview a layout."""
    return Ticket(
        number="2005",
        service="Hộ tịch",
        ahead=2,
        wait_min=(5, 10),
        issued_at=datetime(2026, 11, 23, 8, 24, tzinfo=timezone(timedelta(hours=7))),
        business_day="2026-11-23",
        centre="Trung tâm Phục vụ hành chính công",
        place="Phường Nhị Chiểu",
        papers=("Căn cước hoặc hộ chiếu", "Giấy tờ liên quan"),
        footer=(
            "Nếu lỡ lượt, mời quý vị báo cán bộ, không cần lấy số mới.",
            "Số chỉ có giá trị trong ngày.",
        ),
        hotline="02203.822.666",
    )


def centre_ticket(
    centre: Centre,
    *,
    number: str,
    service: str,
    ticket_class: TicketClass,
    lang: str,
    ahead: int | None,
    wait_min: tuple[int, int] | None,
    issued_at: datetime,
    business_day: str,
    token: str | None,
    copy: bool = False,
    large: bool = False,
    offline: bool = False,
    fetch: bool = False,
) -> Ticket:
    """Return the paper of a number; `token` leads to its web page, where the centre has one."""
    identity, offered = centre.identity, _offered(centre, service)
    return Ticket(
        number=number,
        service=offered.name(lang) if offered else service,
        ticket_class=ticket_class,
        lang=lang,
        ahead=ahead,
        wait_min=wait_min,
        issued_at=issued_at.astimezone(identity.zone),
        business_day=business_day,
        centre=identity.name(lang),
        place=identity.place(lang),
        papers=tuple(text(lang) for text in offered.papers) if offered else (),
        footer=tuple(line(lang) for line in centre.wording.ticket_footer),
        hotline=identity.hotline,
        qr=_address(identity.phone_url, token, lang),
        code=code_of(token) if token and identity.phone_url else "",
        copy=copy,
        large=large,
        offline=offline,
        fetch=fetch,
    )


def ticket_for_test(centre: Centre, at: datetime) -> Ticket:
    """Return a page as large as a ticket that says of itself, in both languages, what it is."""
    ticket = centre_ticket(
        centre,
        number=_TEST_NUMBER,
        service="",
        ticket_class=TicketClass.NORMAL,
        lang=Language.VIETNAMESE,
        ahead=None,
        wait_min=None,
        issued_at=at,
        business_day=at.astimezone(centre.identity.zone).date().isoformat(),
        token=None,
    )
    return replace(ticket, service=_TEST_TITLE, papers=(), footer=_TEST_LINES)


def notice_ticket(centre: Centre, title: str, advice: str, at: datetime) -> Ticket:
    """Return a short paper for who got no number: why, and when to come."""
    ticket = centre_ticket(
        centre,
        number="notice",
        service="",
        ticket_class=TicketClass.NORMAL,
        lang=Language.VIETNAMESE,
        ahead=None,
        wait_min=None,
        issued_at=at,
        business_day=at.astimezone(centre.identity.zone).date().isoformat(),
        token=None,
    )
    return replace(ticket, service=title, papers=(), footer=(advice,), notice=True)


def checklist_ticket(
    centre: Centre,
    name: str,
    sections: tuple[Section, ...],
    footer: tuple[str, ...],
    at: datetime,
    *,
    lang: str,
    large: bool = False,
) -> Ticket:
    """Return the paper with what a procedure needs; it has no number."""
    ticket = centre_ticket(
        centre,
        number="list",
        service="",
        ticket_class=TicketClass.NORMAL,
        lang=lang,
        ahead=None,
        wait_min=None,
        issued_at=at,
        business_day=at.astimezone(centre.identity.zone).date().isoformat(),
        token=None,
        large=large,
    )
    return replace(ticket, service=name, papers=(), sections=sections, footer=footer, notice=True)


def slip_ticket(slip: AppointmentSlip, at: datetime) -> Ticket:
    """Return the paper of an appointment."""
    return Ticket(
        number=slip.code,
        service=slip.service,
        lang=slip.lang,
        ahead=None,
        wait_min=None,
        issued_at=at,
        business_day=at.date().isoformat(),
        centre=slip.centre,
        place=slip.address,
        footer=slip.advice,
        sections=(Section(slip.time, (slip.day,)),),
        slip=True,
    )


def _offered(centre: Centre, code: str) -> Service | None:
    """Return a service; one that the centre gave up in between keeps only its code."""
    try:
        return centre.service(code)
    except KeyError:
        return None


def _address(phone_url: str, token: str | None, lang: str) -> str | None:
    """Return the page of a number; a language that only this site has is asked for by its name."""
    if not phone_url or token is None:
        return None
    query = "" if lang in tuple(Language) else f"?lang={lang}"
    return f"{phone_url.rstrip('/')}/t/{token}{query}"
