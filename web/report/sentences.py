"""The report's ready sentences, in the ward's plain official Vietnamese, from figures alone.

A cause is named only where an outage was recorded, and no decree at all: a person types that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config import Centre
from wait_log.figures import Comparison, Doubt, Figures, HourFigures, ServiceFigures, Tally
from web.export.satisfaction import Satisfaction
from web.report.appointments import appointment_sentences
from web.report.document import decimal
from web.report.opinion import opinion_sentence
from web.report.outcomes import outcome_sentences

WEEKDAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Chủ Nhật")
_ENOUGH = 10
"""Waits that an hour or a field needs before a sentence is made of it."""
_SUNDAY = 6
_DOUBTS = {
    Doubt.CLOCK: "{n} lượt do đồng hồ máy không chắc chắn",
    Doubt.UNFINISHED: "{n} lượt chưa được bấm kết thúc khi hết ngày",
    Doubt.LONG_SERVICE: "{n} lượt ghi thời gian phục vụ trên 4 giờ",
}


@dataclass(frozen=True, slots=True)
class Peak:
    """Hours in a row of one day of the week, or of all (`weekday` is None)."""

    weekday: int | None
    first: int
    after: int
    mean_s: float


def results(figures: Figures, who: str, goal: tuple[int, int] | None) -> str:
    """Return what happened in the period; `goal` is the target in minutes and its percentage."""
    tally, period = figures.tally, figures.selection.period
    span = f"Từ ngày {period.first:%d/%m/%Y} đến ngày {period.last:%d/%m/%Y}"
    if period.days == 1:
        span = f"Ngày {period.first:%d/%m/%Y}"
    if not tally.issued:
        return f"{span}, hệ thống lấy số không ghi nhận lượt giao dịch nào."
    worked = f"{span} ({figures.days} ngày làm việc)"
    begin = f"{worked}, {who} đã tiếp {_count(tally.issued)} lượt giao dịch"
    if figures.days > 1:
        begin += f", bình quân {_count(round(tally.issued / figures.days))} lượt một ngày"
    begin += _change(tally, figures.before)
    sentences = [f"{begin}.", *_waits(tally, goal), *_absences(figures)]
    year = figures.year_before
    return " ".join(sentences) + (f"\n{_last_year(year)}" if year and year.tally.issued else "")


def peaks(figures: Figures, centre: Centre) -> str:
    """Return when and for what people waited longest."""
    sentences = []
    target_s = centre.targets.target_min * 60
    usual = longest(figures.by_hour, target_s, each_weekday=False)
    worst = longest(figures.by_hour, target_s, each_weekday=True)
    if usual:
        sentences.append(
            f"Thời gian chờ dài nhất ở các số lấy từ {usual.first} giờ đến {usual.after} giờ, "
            f"bình quân {_minutes(usual.mean_s)} phút"
        )
        if worst and worst.weekday is not None and worst.mean_s > usual.mean_s:
            sentences[-1] += (
                f"; nhất là {_weekday(worst.weekday)} từ {worst.first} giờ đến {worst.after} giờ, "
                f"bình quân {_minutes(worst.mean_s)} phút"
            )
        sentences[-1] += "."
    slow = slowest(figures)
    if slow:
        sentences.append(
            f"Lĩnh vực có thời gian chờ dài nhất là {service_name(centre, slow.service)}, "
            f"bình quân {_minutes(slow.tally.waits.mean_s)} phút."
        )
    return " ".join(sentences)


def groups(figures: Figures, centre: Centre, opinion: Satisfaction | None = None) -> str:
    """Return who came besides, who waited without an open counter, and how it was."""
    tally, sentences = figures.tally, []
    if tally.priority:
        sentences.append(f"Có {_count(tally.priority)} lượt của công dân thuộc diện ưu tiên.")
    for part in figures.by_service:
        if part.tally.issued and _collects(centre, part.service):
            wait = part.tally.waits.mean_s
            told = f", chờ bình quân {_minutes(wait)} phút" if wait is not None else ""
            sentences.append(f"Có {_count(part.tally.issued)} lượt đến nhận kết quả{told}.")
    if tally.without_counter:
        sentences.append(
            f"Có {_count(tally.without_counter)} lượt phải chờ khi chưa có quầy nào mở cho "
            f"lĩnh vực cần làm, tổng cộng {_count(round(tally.without_counter_s / 60))} phút."
        )
    sentences += outcome_sentences(figures, centre)
    if opinion:
        sentences.append(opinion_sentence(opinion))
    sentences += appointment_sentences(figures)
    return " ".join(sentences)


def causes(figures: Figures, zone: ZoneInfo) -> str:
    """Return the recorded outages, and nothing else."""
    whole = figures.any_outage
    if not whole.count:
        return "Trong kỳ không ghi nhận lần gián đoạn nào của các hệ thống."
    minutes, within = round(whole.seconds / 60), round(whole.within_hours_s / 60)
    text = (
        f"Trong kỳ ghi nhận {_count(whole.count)} lần hệ thống chậm hoặc gián đoạn, tổng cộng "
        f"{_count(minutes)} phút"
    )
    if within == minutes:
        text += " trong giờ làm việc"
    elif within:
        text += f", trong đó {_count(within)} phút trong giờ làm việc"
    else:
        text += " ngoài giờ làm việc"
    named = [
        f"{part.system} {_count(part.count)} lần, {_count(round(part.seconds / 60))} phút"
        for part in figures.outages
        if part.count
    ]
    sentences = [f"{text}{f' ({_list(named)})' if named else ''}."]
    longest_day = max(minutes_by_day(figures, zone).items(), key=lambda item: item[1], default=None)
    if longest_day and round(longest_day[1]):
        sentences.append(_worst_day(figures, *longest_day))
    return " ".join(sentences)


def proposals(figures: Figures, centre: Centre) -> str:
    """Return what the figures suggest; a person decides."""
    target_s, found = centre.targets.target_min * 60, []
    slow = slowest(figures)
    peak = longest(figures.by_hour, target_s, each_weekday=True)
    if slow and (slow.tally.waits.mean_s or 0) > target_s:
        when = ""
        if peak and peak.weekday is not None and peak.mean_s > target_s:
            when = f", nhất là {_weekday(peak.weekday)} từ {peak.first} giờ đến {peak.after} giờ"
        name = service_name(centre, slow.service)
        found.append(f"Xem xét bố trí thêm người tiếp nhận lĩnh vực {name}{when}.")
    if round(figures.any_outage.within_hours_s / 60):
        found.append(
            "Đề nghị cơ quan quản lý các hệ thống thông báo trước lịch bảo trì và khắc phục "
            "tình trạng gián đoạn trong giờ làm việc."
        )
    if len(found) == 1:
        return found[0]
    return "\n".join(f"{index}. {text}" for index, text in enumerate(found, 1))


def notes(figures: Figures, centre: Centre) -> list[str]:
    """Return what was left out of the averages, and what is approximate."""
    told = [
        _DOUBTS[part.kind].format(n=_count(part.count)) for part in figures.doubtful if part.count
    ]
    found = []
    if told:
        found.append(f"Không tính vào số bình quân: {_list(told)}.")
    counted = {part.service for part in figures.by_service}
    if rolls := [s.name("vi") for s in centre.services if s.has_roll and s.code in counted]:
        found.append(
            f"Số ở cuộn giấy ({_list(rolls)}) không có giờ lấy nên không tính vào thời gian chờ."
        )
    if figures.approximate:
        found.append(
            "Kỳ dài trên 13 tháng: mức một nửa và mức 90 % là số gần đúng; các số khác là số đúng."
        )
    return found


def slowest(figures: Figures) -> ServiceFigures | None:
    """Return the field with the longest mean wait among those with enough waits."""
    enough = [part for part in figures.by_service if part.tally.waits.count >= _ENOUGH]
    if len(enough) < 2:  # noqa: PLR2004 - one alone is not the slowest of any
        return None
    return max(enough, key=lambda part: part.tally.waits.mean_s or 0)


def longest(hours: Sequence[HourFigures], target_s: float, *, each_weekday: bool) -> Peak | None:
    """Return the hour with the longest mean wait, and its neighbours that exceed the target too."""
    cells = _cells(hours, each_weekday=each_weekday)
    if not cells:
        return None
    (weekday, hour), (count, total_s) = max(cells.items(), key=lambda cell: cell[1][1] / cell[1][0])
    first, after = hour, hour + 1
    while (found := cells.get((weekday, first - 1))) and found[1] / found[0] > target_s:
        first, count, total_s = first - 1, count + found[0], total_s + found[1]
    while (found := cells.get((weekday, after))) and found[1] / found[0] > target_s:
        after, count, total_s = after + 1, count + found[0], total_s + found[1]
    return Peak(weekday, first, after, total_s / count)


def minutes_by_day(figures: Figures, zone: ZoneInfo) -> dict[date, float]:
    """Return how many minutes of each day at least one system was out, doubtful spans left out."""
    minutes: dict[date, float] = {}
    for span in figures.any_outage.spans:
        end = span.end or figures.until
        if span.doubtful or end is None:
            continue
        at, last = span.begin.astimezone(zone), end.astimezone(zone)
        while at < last:
            midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time(), zone)
            part = min(midnight, last)
            minutes[at.date()] = minutes.get(at.date(), 0.0) + (part - at).total_seconds() / 60
            at = part
    return minutes


def service_name(centre: Centre, code: str) -> str:
    """Return what a field is called in the report; its code when it is no longer there."""
    try:
        return centre.service(code).name("vi")
    except KeyError:
        return code


def change_words(now: float, before: float) -> str:
    """Return by how many percent something rose or fell."""
    percent = round(100 * (now - before) / before)
    if not percent:
        return "xấp xỉ"
    return f"{'tăng' if percent > 0 else 'giảm'} {_count(abs(percent))} %"


def _cells(
    hours: Iterable[HourFigures], *, each_weekday: bool
) -> dict[tuple[int | None, int], tuple[int, float]]:
    """Return count and sum of the waits by weekday and hour, those that are many enough."""
    sums: dict[tuple[int | None, int], tuple[int, float]] = {}
    for cell in hours:
        if cell.waits.mean_s is not None:
            key = (cell.weekday if each_weekday else None, cell.hour)
            count, total_s = sums.get(key, (0, 0.0))
            sums[key] = count + cell.waits.count, total_s + cell.waits.count * cell.waits.mean_s
    return {key: found for key, found in sums.items() if found[0] >= _ENOUGH}


def _change(tally: Tally, before: Comparison | None) -> str:
    if not before or not before.tally.issued:
        return ""
    words = change_words(tally.issued, before.tally.issued)
    told = f", {words} kỳ trước" if words == "xấp xỉ" else f", {words} so với kỳ trước"
    return told if before.complete else f"{told} (nhật ký của kỳ trước không đầy đủ)"


def _waits(tally: Tally, goal: tuple[int, int] | None) -> Iterator[str]:
    waits = tally.waits
    if not waits.count:
        return
    percent = round(100 * (waits.share(waits.within_15) or 0))
    parts = [
        f"Thời gian chờ bình quân là {_minutes(waits.mean_s)} phút",
        f"một nửa số lượt chờ không quá {_minutes(waits.median_s)} phút",
        f"90 % số lượt chờ không quá {_minutes(waits.p90_s)} phút",
        f"{percent} % số lượt chờ trong 15 phút",
    ]
    text = "; ".join(parts)
    if goal:
        minutes, wanted = goal
        within = waits.within_15 if minutes == 15 else waits.within_20  # noqa: PLR2004
        share = 100 * (waits.share(within) or 0)
        if minutes != 15:  # noqa: PLR2004
            text += f"; {round(share)} % trong {minutes} phút"
        text += f", {'đạt' if share >= wanted else 'chưa đạt'} mục tiêu {wanted} %"
    yield f"{text}."
    if waits.over_30:
        yield f"Có {_count(waits.over_30)} lượt chờ quá 30 phút."


def _absences(figures: Figures) -> Iterator[str]:
    tally = figures.tally
    if tally.absent:
        part = decimal(100 * tally.absent / tally.issued)
        yield f"Có {_count(tally.absent)} lượt vắng mặt khi được mời, chiếm {part} %."
    if tally.absent_unclear:
        number = _count(tally.absent_unclear)
        yield f"Có {number} lượt kết thúc mà chưa rõ công dân có đến quầy hay không."
    if by_time := figures.matters.by_time:
        ended = "tự chuyển thành vắng mặt sau khi đã gọi lại đủ số lần quy định"
        yield f"Có {_count(by_time)} lần gọi {ended}."


def _last_year(year: Comparison) -> str:
    wait = year.tally.waits.mean_s
    told = f", chờ bình quân {_minutes(wait)} phút" if wait is not None else ""
    short = "" if year.complete else " (nhật ký của kỳ đó không đầy đủ)"
    return f"Cùng kỳ năm trước có {_count(year.tally.issued)} lượt giao dịch{told}{short}."


def _worst_day(figures: Figures, day: date, minutes: float) -> str:
    text = f"Ngày {day:%d/%m/%Y} gián đoạn nhiều nhất: {_count(round(minutes))} phút"
    wait = next((part.tally.waits.mean_s for part in figures.by_day if part.day == day), None)
    if wait is not None:
        text += f"; thời gian chờ bình quân của ngày này là {_minutes(wait)} phút"
    return f"{text}."


def _collects(centre: Centre, code: str) -> bool:
    return any(service.code == code and service.collects_result for service in centre.services)


def _weekday(weekday: int) -> str:
    return WEEKDAYS[weekday] if weekday == _SUNDAY else f"thứ {WEEKDAYS[weekday]}"


def _list(parts: Sequence[str]) -> str:
    return "; ".join(parts)


def _minutes(seconds: float | None) -> str:
    return decimal(None if seconds is None else seconds / 60)


def _count(number: int) -> str:
    return decimal(number, 0)
