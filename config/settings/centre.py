"""What a centre is: identity, hours, services, counters, rules, wording, devices."""

import datetime as dt
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta

from bus.care import Care
from bus.vocabulary import Language, Role
from config.settings.base import (
    Code,
    CounterNumber,
    Minutes,
    Name,
    Settings,
    Text,
    Window,
    Windows,
)
from config.settings.voice import VoiceHours


class OtherLanguage(Settings, frozen=True, kw_only=True):
    """A language that a site adds; the site's own texts stay Vietnamese in it."""

    code: Annotated[str, Meta(pattern=r"^(?!vi$|en$)[a-z]{2,3}$")]
    name: Annotated[str, Meta(min_length=1, max_length=30)]
    """In that language, as on the kiosk's button."""


class Identity(Settings, frozen=True, kw_only=True):
    """Who the centre is."""

    site: Name
    name: Text
    place: Text
    city: Text
    hotline: str = ""
    website: str = ""
    public_url: str = ""
    """The web address that citizens' phones open; none is printed until one has."""
    reached_url: str = ""
    """The address that somebody opened on a phone in the hall, and confirmed; another voids it."""
    reached_on: dt.date | None = None
    reached_trusted: bool = False
    """Its certificate is one that every phone trusts."""
    time_zone: str = "Asia/Ho_Chi_Minh"
    languages: tuple[Literal["vi", "en"], ...] = ("vi", "en")
    other_languages: Annotated[tuple[OtherLanguage, ...], Meta(max_length=4)] = ()
    """More languages of the hall; each needs a catalogue and a voice."""

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which days open and hours are shown."""
        return ZoneInfo(self.time_zone)

    @property
    def phone_url(self) -> str:
        """Return the address for phones, if it is one that a phone has opened; else nothing."""
        return self.public_url if self.reached_url == self.public_url else ""

    @property
    def phone_url_trusted(self) -> bool:
        """Return whether what phones open is proven by a certificate that all of them trust."""
        return self.reached_trusted and self.phone_url.startswith("https://")


class Holiday(Settings, frozen=True, kw_only=True):
    """A day on which the centre is closed."""

    date: dt.date
    name: Text


class Hours(Settings, frozen=True, kw_only=True):
    """When counters serve and when numbers are given."""

    mon: Windows = ()
    tue: Windows = ()
    wed: Windows = ()
    thu: Windows = ()
    fri: Windows = ()
    sat: Windows = ()
    sun: Windows = ()
    issue_before_open_min: Minutes = 30
    last_ticket_before_close_min: Minutes = 15
    holidays: tuple[Holiday, ...] = ()
    always_open: bool = False
    """Set by the demonstration; a real centre has hours."""

    def on(self, date: dt.date) -> tuple[Window, ...]:
        """Return the service hours of `date`, empty when closed."""
        if any(holiday.date == date for holiday in self.holidays):
            return ()
        days = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)
        return tuple(Window.parse(text) for text in days[date.weekday()])


class Service(Settings, frozen=True, kw_only=True):
    """One kind of business citizens come for."""

    code: Code
    digit: Annotated[int, Meta(ge=0, le=99)]
    """What its numbers begin with; with the letter style, `letter` takes its place."""
    letter: Annotated[str, Meta(pattern=r"^[A-Z]{0,2}$")] = ""
    name: Text
    detail: Text
    icon: Name
    papers: Annotated[tuple[Text, ...], Meta(max_length=4)] = ()
    """What to have ready, printed on the ticket as a short list."""
    mean_service_min: Annotated[float, Meta(gt=0, le=240)] = 10.0
    """The pace assumed until the day has taught a better one."""
    issue: Windows = ()
    """Own hours of issue (local, every open day); empty follows the centre's hours."""
    last_ticket_before_close_min: Minutes | None = None
    daily_cap: Annotated[int, Meta(ge=1)] | None = None
    number_first: Annotated[int, Meta(ge=0)] | None = None
    """Where its numbers begin; None begins like all of them."""
    number_last: Annotated[int, Meta(ge=1)] | None = None
    """Where its numbers end; None ends where no more can be written."""
    number_step: Annotated[int, Meta(ge=1, le=100)] = 1
    roll_first: Annotated[int, Meta(ge=0)] = 1
    """The first number of its printed roll, if it has one."""
    roll_last: Annotated[int, Meta(ge=1)] | None = None
    """The last number of the printed roll from which people tear theirs; None has no roll."""
    file_paper: bool = False
    """Whether a second paper is printed that stays with the file."""
    appointment_hours: Windows = ()
    """Local times between which people come by appointment, on open days; empty makes none."""
    appointment_min: Annotated[int, Meta(ge=10, le=240)] = 30
    """How long a slot is."""
    appointment_seats: Annotated[int, Meta(ge=1, le=20)] = 1
    """How many people may be appointed to one slot."""
    appointment_days_ahead: Annotated[int, Meta(ge=0, le=60)] = 14
    """How many days ahead of today seats are given."""
    guidance: bool = False
    """Shown as the kiosk's "Tôi chưa biết chọn ô nào" instead of a tile."""
    collects_result: bool = False
    """Spoken as "… nhận kết quả"."""

    @property
    def has_roll(self) -> bool:
        """Return whether its numbers are torn from a printed roll: nobody gives them."""
        return self.roll_last is not None

    @property
    def makes_appointments(self) -> bool:
        """Return whether people can be appointed to a time."""
        return bool(self.appointment_hours)


class Counter(Settings, frozen=True, kw_only=True):
    """One desk and what it serves."""

    number: CounterNumber
    name: Text | None = None
    serves: dict[Code, Minutes]
    """Service code to penalty in minutes: 0 for its own work, more for helping out."""


class PriorityClass(Settings, frozen=True, kw_only=True):
    """How much earlier a ticket of this class counts as come."""

    head_start_min: Minutes = 0
    name: Text


class Classes(Settings, frozen=True, kw_only=True):
    """The three classes of tickets."""

    normal: PriorityClass
    priority: PriorityClass
    appointment: PriorityClass

    def __getitem__(self, ticket_class: str) -> PriorityClass:
        found: PriorityClass = getattr(self, ticket_class)
        return found


class OfflineBook(Settings, frozen=True, kw_only=True):
    """The numbers a kiosk may give while the service does not answer."""

    kiosk: Name
    first: Annotated[int, Meta(ge=1)] = 901
    last: Annotated[int, Meta(ge=1)] = 949


class Numbering(Settings, frozen=True, kw_only=True):
    """How numbers look."""

    style: Literal["digits", "letter"] = "digits"
    digits: Annotated[int, Meta(ge=2, le=5)] = 3
    """Digits after the service's own: 3 gives 2005 or A005."""
    first: Annotated[int, Meta(ge=0)] = 1
    books: tuple[OfflineBook, ...] = ()


class Rules(Settings, frozen=True, kw_only=True):
    """The seconds and counts the service decides by."""

    choice_s: Annotated[int, Meta(ge=0, le=600)] = 20
    """How long after a call was announced a next call asks whether its person came."""
    kiosk_void_within_s: Annotated[int, Meta(ge=0, le=600)] = 60
    kiosk_tickets_per_minute: Annotated[int, Meta(ge=0)] = 0
    """0 sets no limit."""
    speak_max_age_s: Annotated[int, Meta(ge=1, le=600)] = 60
    flash_s: Annotated[int, Meta(ge=1, le=120)] = 20
    pair_within_s: Annotated[int, Meta(ge=0, le=60)] = 5
    """Two calls nearer than this share the board's big panel."""
    spoken_times: Annotated[int, Meta(ge=1, le=3)] = 2
    accepted_within_s: Annotated[int, Meta(ge=1, le=120)] = 10
    idle_s: Annotated[int, Meta(ge=10, le=600)] = 45
    countdown_s: Annotated[int, Meta(ge=5, le=120)] = 15
    absent_after_recalls: Annotated[int, Meta(ge=0, le=9)] = 0
    """Who does not come to so many repeated calls is absent by itself; 0 leaves it to officers."""
    late_after_numbers: Annotated[int, Meta(ge=0, le=99)] = 0
    """Who comes back later than so many numbers of the service goes to the end; 0 lets all in."""
    ask_above_waiting: Annotated[int, Meta(ge=0, le=999)] = 0
    """A kiosk asks before it gives a number behind more people; 0 never asks."""
    appointment_early_min: Annotated[int, Meta(ge=0, le=480)] = 30
    """How long before an appointment its number is given."""
    appointment_late_min: Annotated[int, Meta(ge=0, le=480)] = 15
    """How long after its time an appointment still counts."""
    large_text: bool = False
    """Kiosks begin with "Chữ to"; each box may say otherwise."""
    high_contrast: bool = False
    """Kiosks begin with white and yellow on black; each box may say otherwise."""
    tell_arrivals: bool = True
    """A free counter rings when somebody comes to an empty line."""
    show_accounts: bool = False
    """Managers see which account did what at a counter; off, they see the counter alone."""


class Targets(Settings, frozen=True, kw_only=True):
    """Waiting times in minutes that staff and managers see coloured."""

    target_min: Minutes = 15
    warn_min: Minutes = 20
    breach_min: Minutes = 30


class Wording(Settings, frozen=True, kw_only=True):
    """Texts of this centre that are not part of a screen."""

    priority_hint: Text
    marquee: Text
    pause_reasons: tuple[Text, ...]
    systems: tuple[Text, ...]
    """Systems whose outage staff can record."""
    ticket_footer: tuple[Text, ...]


class Term(Settings, frozen=True, kw_only=True):
    """An entry of a short list; `id` stands in the log and stays, whatever its name becomes."""

    id: Name
    name: Text


def term_name(terms: tuple[Term, ...], term_id: str, lang: str) -> str:
    """Return the name of an entry; one that the list no longer has is called by its id."""
    return next((term.name(lang) for term in terms if term.id == term_id), term_id)


def _term(term_id: str, vi: str, en: str) -> Term:
    return Term(id=term_id, name=Text(vi=vi, en=en))


class Matters(Settings, frozen=True, kw_only=True):
    """The short lists from which officers say what a matter comes to; nothing is typed."""

    outcomes: Annotated[tuple[Term, ...], Meta(max_length=8)] = (
        _term("received", "Tiếp nhận hồ sơ", "Application received"),
        _term("result", "Trả kết quả", "Result handed over"),
        _term("guidance", "Hướng dẫn", "Guidance"),
        _term("incomplete", "Thiếu giấy tờ", "Papers missing"),
        _term("not-ours", "Không thuộc thẩm quyền", "Not our authority"),
    )
    """How a service ended."""
    park_reasons: Annotated[tuple[Term, ...], Meta(max_length=12)] = (
        _term("signature", "Chờ ký, đóng dấu", "Signature and seal"),
        _term("copies", "Đi phô tô, bổ sung giấy tờ", "Getting copies or papers"),
        _term("fee", "Đi nộp phí, lệ phí", "Paying the fee"),
        _term("system", "Chờ hệ thống", "Waiting for a system"),
    )
    """Why a person waits and comes back."""
    notes: Annotated[tuple[Term, ...], Meta(max_length=12)] = (
        _term("complete", "Hồ sơ đã đủ", "Papers are complete"),
        _term("copy-missing", "Còn thiếu bản sao", "A copy is missing"),
        _term("see-original", "Cần xem bản chính", "Look at the original"),
        _term("fee-paid", "Đã thu phí", "Fee is paid"),
        _term("slowly", "Cần hướng dẫn kỹ", "Explain step by step"),
    )
    """What an officer may leave for the next one."""
    rating_reasons: Annotated[tuple[Term, ...], Meta(max_length=6)] = (
        _term("wait", "Thời gian chờ", "Waiting time"),
        _term("manner", "Thái độ phục vụ", "How I was treated"),
        _term("guidance", "Hướng dẫn, giải thích", "Guidance and explanation"),
        _term("papers", "Giấy tờ, thủ tục", "Papers and procedure"),
    )
    """What a person may touch after a vote; each fits praise and complaint. Empty asks nothing."""


class Scenario(Settings, frozen=True, kw_only=True):
    """What is done for a person who needs a hand; the site's own words and its own choice.

    What ships are samples, called so until somebody edits them; they follow from no rule.
    """

    id: Name
    name: Text
    does: tuple[Literal["priority", "large_paper", "spoken_call", "fetch"], ...] = ()
    """`spoken_call`: twice in full and slowly; `fetch` (mời tận nơi): somebody goes there."""
    kiosk: tuple[Literal["large", "spoken", "low", "contrast"], ...] = ()
    """How the kiosk shows itself to this person."""
    lang: Literal["", "vi", "en"] = ""
    """The language of screen, paper and call; empty leaves it to the person."""

    @property
    def care(self) -> Care:
        """Return what kiosk, paper, loudspeaker and counter do for this person."""
        lang = Language(self.lang) if self.lang else None
        return Care(lang=lang, screen=self.kiosk).with_measures(self.does)


class Assistance(Settings, frozen=True, kw_only=True):
    """How people are helped who cannot get or follow a number alone."""

    scenarios: Annotated[tuple[Scenario, ...], Meta(max_length=12)] = (
        Scenario(
            id="elderly",
            name=Text(vi="Người cao tuổi (mẫu)", en="Elderly person (sample)"),
            does=("priority", "large_paper"),
            kiosk=("large",),
        ),
        Scenario(
            id="blind",
            name=Text(vi="Người không nhìn thấy (mẫu)", en="Person who cannot see (sample)"),
            does=("priority", "spoken_call", "fetch"),
            kiosk=("spoken",),
        ),
        Scenario(
            id="deaf",
            name=Text(vi="Người không nghe được (mẫu)", en="Person who cannot hear (sample)"),
            does=("priority", "large_paper", "fetch"),
        ),
        Scenario(
            id="wheelchair",
            name=Text(vi="Người đi xe lăn (mẫu)", en="Person in a wheelchair (sample)"),
            does=("priority", "fetch"),
            kiosk=("low",),
        ),
        Scenario(
            id="foreign",
            name=Text(vi="Người nước ngoài (mẫu)", en="Visitor from abroad (sample)"),
            does=("spoken_call",),
            lang="en",
        ),
        Scenario(
            id="unlettered",
            name=Text(vi="Người không đọc được chữ (mẫu)", en="Person who cannot read (sample)"),
            does=("spoken_call",),
            kiosk=("spoken",),
        ),
    )

    def scenario(self, scenario_id: str) -> Scenario | None:
        """Return a scenario, None for one that the list does not have."""
        return next((one for one in self.scenarios if one.id == scenario_id), None)


class KnownDevice(Settings, frozen=True, kw_only=True):
    """A device the service listens to, and what it may do."""

    id: Name
    role: Role
    counters: tuple[CounterNumber, ...] = ()
    """Counters it may act for, or an announcer speaks for; empty on these two means all."""
    place: Text | None = None


class Centre(Settings, frozen=True, kw_only=True):
    """Everything a centre is."""

    identity: Identity
    hours: Hours
    services: Annotated[tuple[Service, ...], Meta(min_length=1, max_length=40)]
    counters: Annotated[tuple[Counter, ...], Meta(min_length=1, max_length=99)]
    classes: Classes
    wording: Wording
    devices: tuple[KnownDevice, ...]
    numbering: Numbering = Numbering()
    rules: Rules = Rules()
    targets: Targets = Targets()
    voice: VoiceHours = VoiceHours()
    matters: Matters = Matters()
    assistance: Assistance = Assistance()

    @property
    def makes_appointments(self) -> bool:
        """Return whether people can be appointed to a time for any service."""
        return any(service.makes_appointments for service in self.services)

    def service(self, code: str) -> Service:
        """Return the service `code`; raises KeyError."""
        for service in self.services:
            if service.code == code:
                return service
        raise KeyError(code)

    def counter(self, number: int) -> Counter:
        """Return the counter `number`; raises KeyError."""
        for counter in self.counters:
            if counter.number == number:
                return counter
        raise KeyError(number)

    def device(self, device: str) -> KnownDevice | None:
        """Return what is known of `device`, or None."""
        return next((known for known in self.devices if known.id == device), None)

    def announcers_of(self, counter: int) -> tuple[KnownDevice, ...]:
        """Return who may speak the calls of `counter`: the first does, the others stand by."""
        return tuple(
            known
            for known in self.devices
            if known.role is Role.ANNOUNCER and (not known.counters or counter in known.counters)
        )

    def number_text(self, code: str, serial: int) -> str:
        """Return a number as people read it, such as 2005 or A005."""
        service = self.service(code)
        head = service.letter if self.numbering.style == "letter" else str(service.digit)
        return f"{head}{serial:0{self.numbering.digits}d}"
