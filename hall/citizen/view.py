"""What a citizen's screen shows, as frozen views: QML, HTML or JSON only draw them.

Texts may hold `<b>…</b>` where a `Markup` is named; everything else is plain.
"""

from dataclasses import dataclass, replace

from bus.codes import CODE_LENGTH, CODE_LETTERS
from bus.commands import AppointmentRefusal
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
from hall.citizen.procedures import (
    ProceduresView,
    offers_procedures,
    on_page,
    procedures_view,
)
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
    idle_fraction,
    languages_of,
    next_language,
)
from hall.words import N_, Words

Markup = str


@dataclass(frozen=True, slots=True, kw_only=True)
class TileView:
    """One service: what it is called and how it stands."""

    code: str
    icon: str
    name: str
    detail: str
    open: bool
    status: tuple[Markup, ...]
    """Who waits and how long, or when it goes on: one or two short lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """The first screen."""

    centre: str = ""
    place: str = ""
    heading: str = ""
    hours: str = ""
    tiles: tuple[TileView, ...] = ()
    guidance: TileView | None = None
    guidance_note: Markup = ""
    banner: str = ""
    """What does not work now and what to do; mostly empty."""
    offers_priority: bool = False
    priority: bool = False
    priority_hint: str = ""
    priority_note: str = ""
    """That the next number is a priority one, for pages without the switch."""
    offers_appointments: bool = False
    offers_procedures: bool = False
    offers_speech: bool = False
    """Whether this kiosk can speak."""
    speaking: bool = False
    english: bool = False
    bilingual: bool = False
    other_language: str = ""
    """The name of the language that comes next."""
    help: str = Help.NONE.value
    help_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """The number that was given."""

    title: str = ""
    number: str = ""
    mark: str = ""
    """`ƯU TIÊN` as on the paper; empty for most."""
    service: str = ""
    ahead: str = ""
    """Empty while nobody can say."""
    wait: str = ""
    wait_label: str = ""
    trouble: str = ""
    """Why there may be no paper, and what to do."""
    paper_comes: bool = True
    can_copy: bool = False
    can_void: bool = False
    question: str = ""
    """Set while the screen asks whether the number is to be given back."""
    left: float = 1.0
    """How much of the time until the home screen returns is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """Why there is no number, or what became of it."""

    icon: str = "info"
    title: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    """Whether a number is wanted although many stand before it."""

    question: str = ""
    """Empty while nothing is asked."""
    service: str = ""
    wait: str = ""
    """How long it will take; empty when nobody can say."""
    yes: str = ""
    no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeView:
    """Where the code of an appointment is entered."""

    title: str = ""
    advice: str = ""
    letters: tuple[str, ...] = ()
    """One for each place of the code, empty where nothing was typed yet."""
    keys: tuple[str, ...] = ()
    said: str = ""
    """Why the code gave no number, and what to do."""
    complete: bool = False
    late: bool = False
    """Whether a normal number is offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenView:
    """Everything on the screen."""

    page: str = Page.HOME.value
    lang: str = "vi"
    large: bool = False
    contrast: bool = False
    low: bool = False
    seconds_left: int | None = None
    """Before the home screen returns; None before the countdown."""
    turned: int = 0
    """To which page of the services this citizen has turned, where not all fit on one."""
    leaf: int = 0
    """To which page of a ticket or notice, where not all its words fit on one."""
    keys: bool = False
    spoken: bool = False
    curtain: bool = False
    """Whether the screen is black for privacy."""
    home: HomeView = HomeView()
    ask: AskView = AskView()
    ticket: TicketView | None = None
    notice: NoticeView | None = None
    procedures: ProceduresView | None = None
    code: CodeView | None = None


def citizen_view(
    session: Session,
    known: HallSnapshot,
    offer: Offer,
    *,
    printer: PrinterState,
    rules: Rules,
    now: float,
    can_speak: bool = False,
) -> CitizenView:
    """Return what the screen of this citizen shows at `now`, on the session's clock."""
    t = Words(session.lang)
    shown = session.ticket
    return CitizenView(
        page=session.page.value,
        lang=session.lang,
        large=session.sight.large,
        contrast=session.sight.contrast,
        low=session.sight.low,
        seconds_left=session.left_s,
        turned=session.turned,
        leaf=session.leaf,
        keys=session.keys,
        spoken=session.spoken,
        curtain=session.curtain,
        home=replace(
            _home(session, known, offer, printer, t),
            offers_procedures=offers_procedures(known),
            offers_speech=can_speak,
            speaking=session.spoken,
        ),
        ask=_ask(session, offer, t) if session.asking else AskView(),
        ticket=_ticket(shown, session, known, t, rules=rules, now=now) if shown else None,
        notice=notice_view(session.notice, session.about, offer, t) if session.notice else None,
        procedures=procedures_view(session, known, offer, printer, t) if on_page(session) else None,
        code=_code(session, known, t) if session.page is Page.APPOINTMENT else None,
    )


def _code(session: Session, known: HallSnapshot, t: Words) -> CodeView:
    why = session.no_code
    return CodeView(
        title=t("Nhập mã hẹn"),
        advice=t("Mã có 6 chữ và số, do cán bộ cấp khi đặt hẹn"),
        letters=tuple(session.code.ljust(CODE_LENGTH)),
        keys=(*CODE_LETTERS, "erase"),
        said=_no_code(why, known, t) if why else "",
        complete=len(session.code) == CODE_LENGTH and why is None,
        late=why is not None and why.why is WhyNoAppointment.LATE,
    )


_NO_CODE = {
    WhyNoAppointment.WRONG_CODE: N_(
        "Không có lịch hẹn với mã này. Mời quý vị nhập lại hoặc hỏi cán bộ."
    ),
    WhyNoAppointment.PAST: N_("Lịch hẹn này đã qua hoặc đã hủy. Mời quý vị hỏi cán bộ."),
    WhyNoAppointment.CANCELLED: N_("Lịch hẹn này đã qua hoặc đã hủy. Mời quý vị hỏi cán bộ."),
    WhyNoAppointment.EARLY: N_("Giờ hẹn của quý vị là {time}. Mời quý vị quay lại từ {from_}."),
    WhyNoAppointment.OTHER_DAY: N_("Giờ hẹn của quý vị là {time}. Mời quý vị quay lại từ {from_}."),
    WhyNoAppointment.LATE: N_("Đã quá giờ hẹn lúc {time}. Mời quý vị lấy số thường."),
    WhyNoAppointment.USED: N_("Lịch hẹn này đã được lấy số {number}."),
    WhyNoAppointment.TRIES: N_("Đã nhập sai mã nhiều lần. Mời đợi một phút rồi nhập lại."),
}
_UNCHECKED = N_("Chưa kiểm tra được mã. Mời quý vị hỏi cán bộ.")


def _no_code(why: AppointmentRefusal, known: HallSnapshot, t: Words) -> str:
    form = "%H:%M, %d/%m" if why.why is WhyNoAppointment.OTHER_DAY else "%H:%M"
    zone = known.centre.identity.zone if known.centre else None
    times = {
        name: f"{at.astimezone(zone):{form}}" if at else ""
        for name, at in (("time", why.at), ("from_", why.opens_at))
    }
    return t(_NO_CODE.get(why.why, _UNCHECKED), number=why.number or "", **times)


def _home(
    session: Session, known: HallSnapshot, offer: Offer, printer: PrinterState, t: Words
) -> HomeView:
    centre, lang = known.centre, session.lang
    languages = languages_of(centre)
    return HomeView(
        centre=centre.identity.name(lang) if centre else "",
        place=centre.identity.place(lang) if centre else "",
        heading=_heading(known, offer, t),
        hours=offer.closed_hours,
        tiles=tuple(_tile(tile, t) for tile in offer.tiles),
        guidance=_tile(offer.guidance, t) if offer.guidance else None,
        guidance_note=_guidance_note(offer.guidance, t) if offer.guidance else "",
        banner=_banner(known, printer, t),
        offers_priority=known.reach is not Reach.NOWHERE and not offer.closed_hours,
        offers_appointments=offers_appointments(known, offer),
        priority=session.priority,
        priority_hint=centre.wording.priority_hint(lang) if centre else "",
        priority_note=t("Đã chọn diện ưu tiên") if session.priority else "",
        english=lang == "en",
        bilingual=len(languages) > 1,
        other_language=languages[next_language(lang, languages)],
        help=session.help.value,
        help_words=_help_words(session, t),
    )


def _ask(session: Session, offer: Offer, t: Words) -> AskView:
    tile = offer.tile(session.asking)
    question = t.plural("Trước quý vị có {count} người, quý vị vẫn lấy số?", session.ahead)
    wait = t("Chờ khoảng {wait}", wait=_minutes(tile.wait_min, t)) if tile and tile.wait_min else ""
    return AskView(
        question=question,
        service=tile.name if tile else session.asking,
        wait=wait,
        yes=t.of("button", "Lấy số"),
        no=t("Không lấy số"),
    )


def _guidance_note(tile: Tile, t: Words) -> Markup:
    standing = (words[:1].lower() + words[1:] for words in _status(tile, t))
    return " · ".join((t("Lấy số đến bàn hướng dẫn"), *standing))


def _heading(known: HallSnapshot, offer: Offer, t: Words) -> str:
    if known.reach is Reach.NOWHERE:
        return t("Máy lấy số đang kết nối")
    return t("Ngoài giờ lấy số") if offer.closed_hours else t("Mời quý vị chọn việc cần làm")


def _banner(known: HallSnapshot, printer: PrinterState, t: Words) -> str:
    if known.reach is Reach.NOWHERE:
        return t("Nếu cần ngay, mời quý vị liên hệ quầy hoặc bàn hướng dẫn.")
    if not printer.can_print:
        trouble = _printer_trouble(printer.value, t)
        return trouble + " " + t("Quý vị vẫn lấy được số, xin ghi nhớ số trên màn hình.")
    if known.reach is Reach.BOOK:
        return t("Hệ thống đang tạm gián đoạn. Quý vị vẫn lấy được số.")
    if printer is PrinterState.TICKET_PRESENT:
        return t("Còn phiếu ở khe in, mời quý vị nhận phiếu.")
    return ""


def _help_words(session: Session, t: Words) -> str:
    match session.help:
        case Help.CALLING:
            return t("Đang gọi cán bộ…")
        case Help.CALLED:
            return t("Đã báo cán bộ, xin chờ")
        case Help.COMING:
            if session.helper is None:
                return t("Cán bộ đang đến")
            return t("Cán bộ quầy {counter} đang đến", counter=session.helper)
    return t("Gọi người giúp")


def _tile(tile: Tile, t: Words) -> TileView:
    return TileView(
        code=tile.code,
        icon=tile.icon,
        name=tile.name,
        detail=tile.detail,
        open=tile.open,
        status=_status(tile, t),
    )


_STANDINGS = {
    Standing.NOBODY: N_("Chưa có người chờ"),
    Standing.PAUSED: N_("Tạm nghỉ"),
    Standing.FULL: N_("Hết số hôm nay"),
    Standing.LAST_TICKET: N_("Hết giờ lấy số"),
    Standing.CLOSED: N_("Chưa mở"),
    Standing.ROLL: N_("Lấy số ở cuộn giấy"),
}
_STANDINGS_UNTIL = {
    Standing.PAUSED: N_("Tạm nghỉ, tiếp tục từ {at}"),
    Standing.LAST_TICKET: N_("Hết giờ lấy số, mở lại {at}"),
    Standing.CLOSED: N_("Lấy số từ {at}"),
}


def _status(tile: Tile, t: Words) -> tuple[Markup, ...]:
    if tile.standing is Standing.WAITING:
        people = t("{count} người chờ", count=_bold(tile.waiting))
        return people, _bold(_minutes(tile.wait_min, t)) if tile.wait_min else t("Quầy chưa mở")
    if tile.at and tile.standing in _STANDINGS_UNTIL:
        return (t(_STANDINGS_UNTIL[tile.standing], at=_bold(tile.at)),)
    words = _STANDINGS.get(tile.standing)
    return (t(words),) if words else ()


def _bold(words: object) -> Markup:
    return f"<b>{words}</b>"


def _minutes(wait_min: tuple[int, int], t: Words) -> str:
    low, high = wait_min
    return t.minutes_range((low, max(high, 1)))


_TAKE_PAPER = N_("Mời quý vị nhận phiếu")
_TITLES = {
    Paper.FAILED: N_("Xin quý vị ghi nhớ số này"),
    Paper.UNKNOWN: N_("Xin quý vị ghi nhớ số này"),
    Paper.COPYING: N_("Đang in lại phiếu…"),
    Paper.COPIED: N_("Mời quý vị nhận bản in lại"),
}
_MARKS = {TicketClass.PRIORITY: N_("ƯU TIÊN"), TicketClass.APPOINTMENT: N_("CÓ HẸN")}


def _ticket(
    shown: ShownTicket, session: Session, known: HallSnapshot, t: Words, *, rules: Rules, now: float
) -> TicketView:
    services = known.centre.services if known.centre else ()
    names = {service.code: service.name(session.lang) for service in services}
    mark = _MARKS.get(shown.ticket_class)
    wait, label = _expected(shown, t)
    asks = shown.voiding is Voiding.CONFIRMING
    return TicketView(
        title=t(_TITLES.get(shown.paper, _TAKE_PAPER)),
        number=shown.number,
        mark=t(mark) if mark else "",
        service=names.get(shown.service, shown.service),
        ahead="" if shown.ahead is None else str(shown.ahead),
        wait=wait,
        wait_label=label,
        trouble=_trouble(shown, t),
        paper_comes=shown.paper not in NOT_IN_HAND,
        can_copy=can_copy(session),
        can_void=can_void(session, rules, now) and shown.voiding is not Voiding.SENT,
        question=t("Hủy số {number}?", number=shown.number) if asks else "",
        left=idle_fraction(session, rules, now),
    )


def _expected(shown: ShownTicket, t: Words) -> tuple[str, str]:
    if shown.ahead is None:
        return "", ""
    if shown.wait_min is None:
        return t("Quầy chưa mở"), t("thời gian chờ")
    words = _minutes(shown.wait_min, t)
    return words, t("thời gian chờ") if shown.wait_min[0] == 0 else t("chờ khoảng")


_STOPPED = frozenset({"paper_out", "cover_open", "cutter_error", "overheated", "offline"})


def _trouble(shown: ShownTicket, t: Words) -> str:
    if shown.paper is Paper.UNPROVEN:
        return t("Nếu chưa thấy phiếu, xin ghi nhớ số này hoặc lấy bản in lại.")
    if shown.paper not in NOT_IN_HAND:
        return ""
    if shown.trouble in _STOPPED:
        why = _printer_trouble(shown.trouble, t)
        return why + " " + t("Xin ghi nhớ số này hoặc báo cán bộ.")
    return t("Chưa in được phiếu. Xin ghi nhớ số này hoặc báo cán bộ.")


_PRINTER_STOPPED = N_("Máy in tạm ngừng.")
_PRINTER_TROUBLES = {
    "paper_out": N_("Máy in hết giấy."),
    "cover_open": N_("Nắp máy in đang mở."),
    "cutter_error": N_("Dao cắt giấy của máy in bị kẹt."),
    "overheated": N_("Máy in đang quá nóng."),
    "offline": N_("Chưa kết nối được máy in."),
}


def _printer_trouble(state: str, t: Words) -> str:
    return t(_PRINTER_TROUBLES.get(state, _PRINTER_STOPPED))


_NOTICES = {
    PageNotice.CLOSED: ("clock", N_("Ngoài giờ lấy số"), N_("Mời quý vị hỏi quầy hướng dẫn.")),
    PageNotice.PAUSED: (
        "clock",
        N_("{about} đang tạm nghỉ"),
        N_("Mời quý vị chọn việc khác hoặc hỏi quầy hướng dẫn."),
    ),
    PageNotice.FULL: (
        "info",
        N_("{about} đã hết số hôm nay"),
        N_("Mời quý vị liên hệ quầy để được hướng dẫn."),
    ),
    PageNotice.ROLL: (
        "info",
        N_("{about} lấy số ở cuộn giấy"),
        N_("Mời quý vị xé một số ở cuộn giấy của lĩnh vực này, rồi chờ gọi số."),
    ),
    PageNotice.TOO_FAST: (
        "clock",
        N_("Mời quý vị chờ một lát"),
        N_("Máy vừa cấp nhiều số liên tiếp. Mời quý vị thử lại sau ít phút."),
    ),
    PageNotice.UNAVAILABLE: (
        "info",
        N_("Chưa lấy được số"),
        N_("Mời quý vị liên hệ quầy để được lấy số."),
    ),
    PageNotice.VOIDED: (
        "check",
        N_("Đã hủy số {about}"),
        N_("Phiếu cũ không còn giá trị. Mời quý vị chọn lại việc cần làm."),
    ),
    PageNotice.NOT_VOIDED: (
        "info",
        N_("Chưa hủy được số {about}"),
        N_("Số này vẫn có giá trị. Nếu không dùng, xin quý vị báo cán bộ."),
    ),
    PageNotice.NO_HELP: ("info", N_("Chưa gọi được cán bộ"), N_("Mời quý vị đến quầy gần nhất.")),
}
_ADVICE_UNTIL = {
    PageNotice.CLOSED: N_("{about} lấy số từ {at}."),
    PageNotice.PAUSED: N_("Tiếp tục từ {at}. Mời quý vị quay lại sau hoặc hỏi quầy hướng dẫn."),
}


def notice_view(notice: PageNotice, subject: str, offer: Offer, t: Words) -> NoticeView:
    """Return what a notice says about a service or number."""
    tile = offer.tile(subject)
    about, at = (tile.name, tile.at) if tile else (subject, "")
    icon, title, advice = _NOTICES[notice]
    if at:
        advice = _ADVICE_UNTIL.get(notice, advice)
    if notice is PageNotice.CLOSED and offer.closed_hours:
        return NoticeView(icon=icon, title=t(title), advice=offer.closed_hours)
    words = {"about": about, "at": at}
    return NoticeView(icon=icon, title=t(title, **words), advice=t(advice, **words))
