"""All that the page "Nhật ký lượt" shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bus.vocabulary import TicketClass, TicketState
from hall.model import HallState
from hall.words import N_, Words
from wait_log.figures import Doubt, Origin
from wait_log.rows import TicketRow
from wait_log.story import TicketStory
from wait_log.ticket_log import LogPage
from web.ticket_log.chain_watch import ChainProof
from web.ticket_log.query import LogQuery
from web.ticket_log.story_view import StoryStep, exact_duration, story_steps
from web.view.names import class_name, clock, service_name

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATES = {
    TicketState.WAITING: ("wait", N_("Đang chờ")),
    TicketState.CALLED: ("wait", N_("Đang gọi")),
    TicketState.SERVING: ("wait", N_("Đang phục vụ")),
    TicketState.PARKED: ("warn", N_("Chờ ký")),
    TicketState.ABSENT: ("bad", N_("Vắng mặt")),
    TicketState.FINISHED: ("ok", N_("Đã phục vụ")),
    TicketState.VOID: ("off", N_("Đã hủy")),
}
_CHIPS = (
    (N_("Tất cả"), ()),
    (N_("Đang chờ"), (TicketState.WAITING,)),
    (N_("Tại quầy"), (TicketState.CALLED, TicketState.SERVING)),
    (N_("Đã phục vụ"), (TicketState.FINISHED,)),
    (N_("Chờ ký"), (TicketState.PARKED,)),
    (N_("Vắng mặt"), (TicketState.ABSENT,)),
    (N_("Đã hủy"), (TicketState.VOID,)),
)
_ORIGINS = {
    Origin.KIOSK: N_("Máy lấy số"),
    Origin.COUNTER: N_("Cán bộ cấp"),
    Origin.OFFLINE: N_("Sổ dự phòng"),
}
_DOUBTS = {
    Doubt.CLOCK: N_("Đồng hồ không chắc chắn"),
    Doubt.UNFINISHED: N_("Không ai bấm Xong"),
    Doubt.LONG_SERVICE: N_("Phục vụ quá 4 giờ"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A group of states, as a link."""

    words: str
    count: str
    """Empty where they are too many to be counted."""
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class TicketLink:
    """One row of the list."""

    address: str
    number: str
    service: str
    priority: bool
    day: str
    """Empty where all are of one day."""
    issued: str
    counter: str
    state: str
    words: str
    wait: str
    suspect: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class StoryView:
    """The ticket whose story is told."""

    number: str
    service: str
    ticket_class: str
    """Empty for an ordinary one."""
    day: str
    state: str
    words: str
    waited: str
    served: str
    notes: tuple[str, ...]
    steps: list[StoryStep]
    records: str
    hashes: tuple[str, str] | None
    broken: bool


@dataclass(frozen=True, slots=True)
class ProofView:
    """How far the log is proven."""

    state: str
    """`ok`, `busy`, `bad` or `unknown`."""
    words: str
    checked: str
    """When, empty where it was not."""


@dataclass(frozen=True, slots=True)
class LogView:
    """All that the page shows."""

    first: str
    last: str
    find: str
    wrong: tuple[str, ...]
    only: str
    """Which hour of the week is listed; empty for all."""
    trouble: str
    """Why there is no list, or what of it is missing; empty when all is as expected."""
    chips: list[Chip]
    services: list[Choice]
    counters: list[Choice]
    classes: list[Choice]
    origins: list[Choice]
    doubts: list[Choice]
    filtered: bool
    """Whether one of the filters that are folded away is in use."""
    rows: list[TicketLink]
    many_days: bool
    total: str
    newer: str
    older: str
    looked: str
    """Up to which day was looked, where that was not all."""
    csv: str
    story: StoryView | None
    story_trouble: str
    proof: ProofView


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for an address of the log."""

    query: LogQuery
    page: LogPage = field(default_factory=LogPage)
    counts: Mapping[str, int] | None = None
    story: TicketStory | None = None
    there: bool = True
    """False while there is no store."""
    readable: bool = True


def log_view(hall: HallState, found: Found, proof: ChainProof, now: datetime, t: Words) -> LogView:
    """Return the page of what was found."""
    query, page, counts, story = found.query, found.page, found.counts, found.story
    trouble = _trouble(found, t)
    chosen = query.search.selection
    many_days = query.period.days > 1
    return LogView(
        first=query.period.first.isoformat(),
        last=query.period.last.isoformat(),
        find=query.find or query.search.number,
        wrong=query.wrong,
        only=_only(query, t),
        trouble=trouble,
        chips=list(_chips(query, counts, t)),
        services=_services(hall, chosen.services, t),
        counters=_counters(hall, chosen.counters, t),
        classes=[
            Choice(str(kind), class_name(hall, kind, t), str(kind) in chosen.classes)
            for kind in TicketClass
        ],
        origins=[Choice(str(o), t(words), o in chosen.origins) for o, words in _ORIGINS.items()],
        doubts=[Choice(str(d), t(words), d in query.search.doubts) for d, words in _DOUBTS.items()],
        filtered=any(
            (chosen.services, chosen.counters, chosen.classes, chosen.origins, query.search.doubts)
        ),
        rows=[_row(hall, row, query, now, t, many_days=many_days) for row in page.rows],
        many_days=many_days,
        total=_total(page, query, counts, t),
        newer=query.address(start=page.newer, newer=True) if page.newer else "",
        older=query.address(start=page.older) if page.older else "",
        looked=_looked(page, t),
        csv=query.address(path="/log.csv"),
        story=_story(hall, story, now, t) if story else None,
        story_trouble=_story_trouble(found, t),
        proof=proof_view(hall, proof, t),
    )


def proof_view(hall: HallState, proof: ChainProof, t: Words) -> ProofView:
    """Return what is known of the log's chain."""
    proven = proof.proven
    checked = ""
    if proof.at:
        checked = t("kiểm tra lúc {time}", time=f"{proof.at.astimezone(hall.zone):%H:%M:%S}")
    if not proof.there:
        return ProofView("unknown", t("Chưa có nhật ký"), checked)
    if not proof.readable:
        return ProofView("unknown", t("Chưa đọc được nhật ký để kiểm tra, sẽ tự thử lại"), checked)
    if proven.broken_at is not None:
        seq = t.count(proven.broken_at)
        return ProofView(
            "bad", t("Nhật ký không khớp ở số {seq}. Xin báo kỹ thuật", seq=seq), checked
        )
    if proof.at is None or not proven.whole:
        words = t(
            "Đang kiểm tra nhật ký: đến số {seq} trên {newest}",
            seq=t.count(proven.seq),
            newest=t.count(proven.newest),
        )
        return ProofView("busy", words, checked)
    return ProofView("ok", t("Nhật ký nguyên vẹn đến số {seq}", seq=t.count(proven.seq)), checked)


def ticket_state(row: TicketRow, t: Words) -> tuple[str, str]:
    """Return the colour and the words of a ticket's state."""
    state, words = _STATES[TicketState(row.state)]
    if row.day_closed:
        return ("off", t("Hết ngày")) if row.state == TicketState.VOID else ("warn", t("Hết ngày"))
    return state, t(words)


def _only(query: LogQuery, t: Words) -> str:
    wanted = query.search.issued_in
    if wanted is None:
        return ""
    return t(
        "Chỉ gồm số lấy trong khoảng {hour} giờ, {weekday}.",
        hour=f"{wanted.hour}–{wanted.hour + 1}",
        weekday=t.weekdays[wanted.weekday],
    )


def _trouble(found: Found, t: Words) -> str:
    if not found.there:
        return t("Chưa có nhật ký: nhật ký bắt đầu với số đầu tiên được cấp.")
    if not found.readable:
        return t("Chưa đọc được nhật ký. Xin thử lại sau ít phút; nếu vẫn vậy, xin báo kỹ thuật.")
    if found.page.rows or found.page.looked_to:
        return ""
    if found.query.start:
        return t("Không còn lượt nào ở phía này.")
    return t("Không có lượt nào như vậy trong những ngày này.")


def _chips(query: LogQuery, counts: Mapping[str, int] | None, t: Words) -> Iterable[Chip]:
    for words, states in _CHIPS:
        wanted = frozenset(states)
        number = None
        if counts is not None:
            number = sum(n for state, n in counts.items() if not wanted or state in wanted)
        yield Chip(
            words=t(words),
            count="" if number is None else t.count(number),
            address=query.of_states(wanted).address(),
            chosen=query.search.states == wanted,
        )


def _services(hall: HallState, chosen: frozenset[str], t: Words) -> list[Choice]:
    codes = [service.code for service in hall.centre.services] if hall.centre else []
    every = dict.fromkeys((*codes, *sorted(chosen)))
    return [Choice(code, service_name(hall, code, t), code in chosen) for code in every]


def _counters(hall: HallState, chosen: frozenset[int], t: Words) -> list[Choice]:
    known = [counter.number for counter in hall.centre.counters] if hall.centre else []
    return [
        Choice(str(number), t("Quầy {0}", number), number in chosen)
        for number in sorted({*known, *chosen})
    ]


def _row(
    hall: HallState, row: TicketRow, query: LogQuery, now: datetime, t: Words, *, many_days: bool
) -> TicketLink:
    state, words = ticket_state(row, t)
    issued = _at(row.issued_us)
    return TicketLink(
        address=query.address(row.id, query.start, newer=query.newer),
        number=row.number,
        service=service_name(hall, row.service, t),
        priority=row.ticket_class == TicketClass.PRIORITY,
        day=_day(row.business_day, "%d/%m/%Y") if many_days else "",
        issued=clock(issued, hall),
        counter="–" if row.counter is None else str(row.counter),
        state=state,
        words=words,
        wait=t.minutes(_wait_s(row, now)),
        suspect=row.clock_suspect,
        chosen=row.id == query.ticket,
    )


def _wait_s(row: TicketRow, now: datetime) -> float | None:
    if row.state == TicketState.WAITING and row.first_called_us is None:
        return max(0.0, (now - _at(row.issued_us)).total_seconds())
    return row.wait_s


def _total(page: LogPage, query: LogQuery, counts: Mapping[str, int] | None, t: Words) -> str:
    if counts is None:
        return t("{count} lượt trên trang này", count=t.count(len(page.rows)))
    states = query.search.states
    number = sum(n for state, n in counts.items() if not states or state in states)
    shown = t.count(len(page.rows))
    return t("{shown} lượt trên trang này, cả thảy {total}", shown=shown, total=t.count(number))


def _looked(page: LogPage, t: Words) -> str:
    if page.looked_to is None:
        return ""
    day = _day(page.looked_to, "%d/%m/%Y")
    return t("Đã tìm đến ngày {day}; còn những ngày khác chưa tìm.", day=day)


def _story(hall: HallState, story: TicketStory, now: datetime, t: Words) -> StoryView:
    row = story.row
    state, words = ticket_state(row, t)
    seqs = [event.seq for event in story.events]
    weekday = t.weekdays[date.fromisoformat(row.business_day).weekday()]
    ordinary = row.ticket_class == TicketClass.NORMAL
    return StoryView(
        number=row.number,
        service=service_name(hall, row.service, t),
        ticket_class="" if ordinary else class_name(hall, row.ticket_class, t),
        day=f"{weekday}, {_day(row.business_day, '%d/%m/%Y')}",
        state=state,
        words=words,
        waited=exact_duration(_wait_s(row, now), t),
        served=exact_duration(row.served_s, t),
        notes=tuple(_notes(story, t)),
        steps=story_steps(hall, story, t),
        records=t(
            "{count} bản ghi, {first} đến {last}",
            count=t.count(len(seqs)),
            first=t.count(seqs[0]),
            last=t.count(seqs[-1]),
        )
        if seqs
        else "",
        hashes=(_short(story.hashes[0]), _short(story.hashes[1])) if story.hashes else None,
        broken=story.broken_at is not None,
    )


def _notes(story: TicketStory, t: Words) -> Iterable[str]:
    if story.row.clock_suspect:
        yield t("Đồng hồ không chắc chắn, không tính bình quân")
    if story.withheld:
        count = t.count(story.withheld)
        yield t(
            "{count} bản ghi của ngày này không còn nội dung; diễn biến có thể thiếu", count=count
        )
    if story.unreadable:
        count = t.count(story.unreadable)
        yield t("{count} bản ghi không đọc được; diễn biến có thể thiếu", count=count)
    if story.broken_at is not None:
        yield t("Bản ghi số {seq} không khớp bản ghi trước nó", seq=t.count(story.broken_at))


def _story_trouble(found: Found, t: Words) -> str:
    if found.story or not (found.there and found.readable):
        return ""
    if found.query.ticket:
        return t("Không có lượt này trong nhật ký.")
    return t("Chọn một lượt để xem diễn biến.")


def _short(digest: bytes) -> str:
    text = digest.hex()
    return f"{text[:4]} {text[4:8]}"


def _day(iso: str, form: str) -> str:
    return date.fromisoformat(iso).strftime(form)


def _at(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
