"""What is measured of some tickets, in the order in which files and pages name it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from bus.vocabulary import TicketClass
from config import Centre
from config.settings import term_name
from hall.words import N_, Words
from wait_log.figures import Doubt, Figures, MatterFigures, Origin, Selection, Tally
from wait_log.figures.appointments import AppointmentTally
from wait_log.histograms import ERROR

DOUBTS = {
    Doubt.CLOCK: N_("Đồng hồ máy không chắc chắn"),
    Doubt.UNFINISHED: N_("Chưa bấm kết thúc khi hết ngày"),
    Doubt.LONG_SERVICE: N_("Phục vụ trên 4 giờ"),
}
ORIGINS = {
    Origin.KIOSK: N_("Máy lấy số"),
    Origin.COUNTER: N_("Cán bộ cấp"),
    Origin.OFFLINE: N_("Sổ ngoại tuyến"),
}
_FINE_BELOW = 9.95
_MOST_MARKS = 5


class Kind(StrEnum):
    """What a value is."""

    COUNT = "count"
    TIME = "time"
    """Seconds."""
    SHARE = "share"
    """From 0 to 1."""


Value = int | float | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a tally."""

    label: str
    kind: Kind
    of: Callable[[Tally], Value]


ISSUED = Measure(N_("Lượt giao dịch"), Kind.COUNT, lambda tally: tally.issued)
SERVED = Measure(N_("Đã phục vụ"), Kind.COUNT, lambda tally: tally.served)
ABSENT = Measure(N_("Vắng mặt"), Kind.COUNT, lambda tally: tally.absent)
UNCLEAR = Measure(N_("Vắng, chưa rõ"), Kind.COUNT, lambda tally: tally.absent_unclear)
VOID = Measure(N_("Đã hủy"), Kind.COUNT, lambda tally: tally.void)
PENDING = Measure(N_("Chưa xong"), Kind.COUNT, lambda tally: tally.pending)
WAITED = Measure(N_("Lượt tính thời gian chờ"), Kind.COUNT, lambda tally: tally.waits.count)
MEAN = Measure(N_("Chờ bình quân"), Kind.TIME, lambda tally: tally.waits.mean_s)
MEDIAN = Measure(N_("Một nửa số lượt chờ không quá"), Kind.TIME, lambda tally: tally.waits.median_s)
P90 = Measure(N_("90 % số lượt chờ không quá"), Kind.TIME, lambda tally: tally.waits.p90_s)
WITHIN_15 = Measure(
    N_("Chờ trong 15 phút"), Kind.SHARE, lambda tally: tally.waits.share(tally.waits.within_15)
)
WITHIN_20 = Measure(
    N_("Chờ trong 20 phút"), Kind.SHARE, lambda tally: tally.waits.share(tally.waits.within_20)
)
OVER_30 = Measure(
    N_("Chờ quá 30 phút"), Kind.SHARE, lambda tally: tally.waits.share(tally.waits.over_30)
)
ABSENT_SHARE = Measure(
    N_("Tỷ lệ vắng mặt"),
    Kind.SHARE,
    lambda tally: tally.absent / tally.issued if tally.issued else None,
)
SERVICE_MEAN = Measure(N_("Phục vụ bình quân"), Kind.TIME, lambda tally: tally.service.mean_s)
WALKING_MEAN = Measure(N_("Đi đến quầy bình quân"), Kind.TIME, lambda tally: tally.walking.mean_s)
WITHOUT_COUNTER = Measure(
    N_("Lượt chờ khi chưa có quầy mở"), Kind.COUNT, lambda tally: tally.without_counter
)
WITHOUT_COUNTER_S = Measure(
    N_("Tổng thời gian chờ khi chưa có quầy mở"),
    Kind.TIME,
    lambda tally: tally.without_counter_s,
)

MEASURES = (
    ISSUED,
    SERVED,
    ABSENT,
    UNCLEAR,
    VOID,
    PENDING,
    Measure(N_("Lượt ưu tiên"), Kind.COUNT, lambda tally: tally.priority),
    Measure(N_("Lượt có hẹn"), Kind.COUNT, lambda tally: tally.appointments),
    Measure(N_("Lấy số ở máy"), Kind.COUNT, lambda tally: tally.from_kiosks),
    Measure(N_("Cán bộ cấp số"), Kind.COUNT, lambda tally: tally.from_counters),
    Measure(N_("Số từ sổ ngoại tuyến"), Kind.COUNT, lambda tally: tally.offline),
    WAITED,
    MEAN,
    MEDIAN,
    P90,
    WITHIN_15,
    WITHIN_20,
    OVER_30,
    ABSENT_SHARE,
    SERVICE_MEAN,
    Measure(
        N_("Một nửa số lượt phục vụ không quá"), Kind.TIME, lambda tally: tally.service.median_s
    ),
    WALKING_MEAN,
    WITHOUT_COUNTER,
    WITHOUT_COUNTER_S,
)
"""All of them, as the files have them."""
OF_AN_HOUR = (ISSUED, WAITED, MEAN, MEDIAN, P90, WITHIN_15, WITHIN_20, OVER_30)
"""Those that are known of an hour of a weekday."""


def value_words(value: Value, kind: Kind, t: Words) -> str:
    """Return a value as people read it; a dash for None."""
    if kind is Kind.COUNT:
        return "–" if value is None else t.count(round(value))
    return t.duration(value) if kind is Kind.TIME else percent(value, t)


def percent(share: float | None, t: Words) -> str:
    """Return a share such as 83 %, below 10 % with one decimal."""
    if share is None:
        return "–"
    number = 100 * share
    fine = 0 < number < _FINE_BELOW
    return t("{number} %", number=t.decimal(number, 1 if fine else 0))


def axis_step(most_min: float) -> int:
    """Return from how many to how many minutes an axis is marked, at most five times."""
    steps = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)
    fitting = (step for step in steps if most_min <= _MOST_MARKS * step)
    return next(fitting, max(480, round(most_min / _MOST_MARKS)))


def service_label(centre: Centre, code: str, t: Words) -> str:
    """Return the name of a service; the code of one that is no longer there."""
    try:
        return centre.service(code).name(t.lang)
    except KeyError:
        return code


def outcome_label(centre: Centre, outcome: str, t: Words) -> str:
    """Return the name of an outcome; the id of one that is no longer in the list."""
    return term_name(centre.matters.outcomes, outcome, t.lang)


def outcome_columns(figures: Figures, centre: Centre) -> tuple[str, ...]:
    """Return the outcomes of the site's list, and those that were given before it changed."""
    listed = [term.id for term in centre.matters.outcomes]
    given = [outcome for outcome, _ in figures.matters.outcomes]
    return tuple(dict.fromkeys([*listed, *given]))


def counter_label(centre: Centre, number: int, t: Words) -> str:
    """Return what a counter is called."""
    plain = t("Quầy {counter}", counter=number)
    try:
        name = centre.counter(number).name
    except KeyError:
        return plain
    return f"{plain}: {name(t.lang)}" if name else plain


CONTACTS: tuple[tuple[str, Kind, Callable[[MatterFigures], Value]], ...] = (
    (N_("Chờ ký, quay lại sau"), Kind.COUNT, lambda one: one.parked),
    (N_("Được gọi lại"), Kind.COUNT, lambda one: one.again),
    (N_("Xong ngay lần gọi lại"), Kind.COUNT, lambda one: one.ended_again),
    (N_("Từ lúc chờ đến lần gọi lại, bình quân"), Kind.TIME, lambda one: one.away.mean_s),
    (N_("Sang lĩnh vực khác rồi về"), Kind.COUNT, lambda one: one.sent),
    (N_("Đã quay lại quầy cũ"), Kind.COUNT, lambda one: one.back),
    (N_("Đi và về bình quân"), Kind.TIME, lambda one: one.trip.mean_s),
    (N_("Lượt ở chặng sau"), Kind.COUNT, lambda one: one.leg_waits.count),
    (N_("Chờ ở chặng sau, bình quân"), Kind.TIME, lambda one: one.leg_waits.mean_s),
    (N_("Phục vụ ở chặng sau, bình quân"), Kind.TIME, lambda one: one.leg_service.mean_s),
)
"""What is known of those who came to a counter more than once."""


def selection_words(selection: Selection, centre: Centre, t: Words) -> Sequence[str]:
    """Return which tickets are counted, for everybody who reads the figures without the form."""
    services = [s.code for s in centre.services if s.code in selection.services]
    services += sorted(selection.services.difference(services))
    said = [
        ", ".join(service_label(centre, code, t) for code in services) or t("Tất cả lĩnh vực"),
        t("Quầy {counters}", counters=", ".join(map(str, sorted(selection.counters))))
        if selection.counters
        else t("Tất cả quầy"),
    ]
    classes = [kind for kind in TicketClass if kind in selection.classes]
    if classes:
        said.append(", ".join(centre.classes[kind].name(t.lang) for kind in classes))
    origins = [origin for origin in Origin if origin in selection.origins]
    if origins:
        said.append(", ".join(t(ORIGINS[origin]) for origin in origins))
    if not selection.lunch:
        said.append(t("Không tính giờ nghỉ trưa là chờ"))
    return said


def notes(figures: Figures, centre: Centre, t: Words) -> list[str]:
    """Return what a reader must know of how the figures were counted."""
    said = []
    left_out = sum(found.count for found in figures.doubtful)
    if left_out:
        said.append(
            t("Bản ghi nghi ngờ, không tính vào bình quân: {count}.", count=t.count(left_out))
        )
    counted = {part.service for part in figures.by_service}
    rolls = [s.name(t.lang) for s in centre.services if s.has_roll and s.code in counted]
    if rolls:
        said.append(
            t(
                "Số ở cuộn giấy ({services}) không có giờ lấy nên không tính vào thời gian chờ.",
                services=", ".join(rolls),
            )
        )
    if figures.approximate:
        said.append(
            t(
                "Kỳ dài hơn 13 tháng: mức một nửa và mức 90 % là gần đúng, sai không quá "
                "{share} %; số lượt, bình quân và tỷ lệ là chính xác.",
                share=t.decimal(100 * ERROR),
            )
        )
    return said


APPOINTMENT_COUNTS: tuple[tuple[str, Callable[[AppointmentTally], int]], ...] = (
    (N_("Đã đặt"), attrgetter("booked")),
    (N_("Đã đến"), attrgetter("came")),
    (N_("Đến sớm"), attrgetter("early")),
    (N_("Đúng giờ"), attrgetter("in_time")),
    (N_("Đến muộn"), attrgetter("late")),
    (N_("Không đến"), attrgetter("missed")),
    (N_("Đã hủy"), attrgetter("cancelled")),
    (N_("Chưa đến giờ"), attrgetter("expected")),
)
"""What is counted of appointments, in the order of every table."""
