"""The page "Thời gian chờ": figures, charts and tables as they are read, from figures alone."""

from dataclasses import dataclass
from datetime import date

from config import Centre
from hall.words import Words
from wait_log.figures import Figures
from web.export.figures_xlsx import period_words
from web.export.measures import (
    MEDIAN,
    OVER_30,
    SERVICE_MEAN,
    WALKING_MEAN,
    WITHIN_20,
    notes,
    percent,
    selection_words,
    service_label,
)
from web.export.satisfaction import Satisfaction
from web.waits.appointments import AppointmentsPart, appointments_part
from web.waits.cards import Card, cards, compared_words
from web.waits.charts import BarChart, HeatMap, LineChart, bar_chart, heat_map, line_chart
from web.waits.form import WaitsForm, waits_form
from web.waits.matters import Detail, MattersPart, matters_part
from web.waits.opinion import OpinionPart, opinion_part
from web.waits.query import CSV_ADDRESS, XLSX_ADDRESS, WaitsQuery
from web.waits.tables import (
    DoubtfulList,
    Table,
    counters_table,
    doubtful_lists,
    hours_table,
    minutes,
    outages_table,
    services_table,
    spans,
    spans_table,
)


@dataclass(frozen=True, slots=True)
class WaitsFigures:
    """What the page says when there are figures."""

    until: str
    notes: tuple[str, ...]
    cards: tuple[Card, ...]
    compared: str
    details: tuple[Detail, ...]
    span_name: str
    line: LineChart | None
    days: Table
    heat: HeatMap | None
    hours: Table
    target_min: int
    bars: BarChart | None
    services: Table
    counters: Table
    matters: MattersPart
    opinion: OpinionPart | None
    """None where nobody said how it was."""
    appointments: AppointmentsPart | None
    outages: Table
    doubtful: tuple[DoubtfulList, ...]


@dataclass(frozen=True, slots=True)
class WaitsPage:
    """All that the page says."""

    form: WaitsForm
    period: str
    selection: str
    first: date
    last: date
    wrong: tuple[str, ...]
    csv: str
    xlsx: str
    trouble: str = ""
    """Why there are no figures."""
    found: WaitsFigures | None = None


def waits_page(
    query: WaitsQuery,
    figures: Figures | None,
    centre: Centre | None,
    today: date,
    t: Words,
    *,
    opinion: Satisfaction | None = None,
) -> WaitsPage:
    """Return the page; without figures or a centre the log cannot be read."""
    selection, found, trouble = query.selection, None, ""
    if figures is None or centre is None:
        trouble = t("Chưa đọc được nhật ký trên máy chủ. Mời quý vị thử lại sau ít phút.")
    elif not figures.tally.issued:
        trouble = t(
            "Kỳ này không có lượt giao dịch nào. Mời quý vị chọn kỳ khác hoặc bỏ bớt điều kiện lọc."
        )
    else:
        found = _found(query, figures, centre, today, t, opinion=opinion)
    return WaitsPage(
        form=waits_form(query, centre, today, t),
        period=period_words(selection.period, t),
        selection=" · ".join(selection_words(selection, centre, t)) if centre else "",
        first=selection.period.first,
        last=selection.period.last,
        wrong=query.wrong,
        csv=query.address(CSV_ADDRESS),
        xlsx=query.address(XLSX_ADDRESS),
        trouble=trouble,
        found=found,
    )


def _found(
    query: WaitsQuery,
    figures: Figures,
    centre: Centre,
    today: date,
    t: Words,
    *,
    opinion: Satisfaction | None,
) -> WaitsFigures:
    parts = spans(figures, query, t)
    said = notes(figures, centre, t)
    if figures.selection.period.last >= today:
        said.insert(0, t("Kỳ này chưa kết thúc: số lượt còn tăng."))

    def at(weekday: int, hour: int) -> str:
        return query.tickets(weekday=weekday, hour=hour)

    return WaitsFigures(
        until=_until(figures, centre, t),
        notes=tuple(said),
        cards=cards(figures, centre.targets, t),
        compared=compared_words(figures, t),
        details=tuple(_details(figures, t)),
        span_name=t("Chờ theo tháng") if figures.by_month else t("Chờ theo ngày"),
        line=line_chart(parts, centre.targets, t) if len(parts) > 1 else None,
        days=spans_table(parts, t("Tháng") if figures.by_month else t("Ngày"), t),
        heat=heat_map(figures.by_hour, centre.targets, at, t),
        hours=hours_table(figures.by_hour, query, t),
        target_min=centre.targets.target_min,
        bars=bar_chart(
            figures.by_service,
            centre.targets,
            lambda code: service_label(centre, code, t),
            lambda code: query.tickets(service=code),
            t,
        ),
        services=services_table(figures, centre, query, t),
        counters=counters_table(figures, centre, query, t),
        matters=matters_part(figures, centre, t),
        opinion=opinion_part(opinion, centre, t) if opinion else None,
        appointments=appointments_part(figures, centre, t),
        outages=outages_table(figures, t),
        doubtful=doubtful_lists(figures, centre, query, t),
    )


def _until(figures: Figures, centre: Centre, t: Words) -> str:
    days = t("{count} ngày làm việc", count=t.count(figures.days))
    if figures.until is None:
        return days
    at = figures.until.astimezone(centre.identity.zone)
    until = t("số liệu đến {time} ngày {day}", time=f"{at:%H:%M}", day=f"{at:%d/%m/%Y}")
    return f"{days} · {until}"


def _details(figures: Figures, t: Words) -> list[Detail]:
    tally = figures.tally
    over = t.count(tally.waits.over_30)
    found = [
        Detail(t("Một nửa số lượt chờ không quá"), t.minutes(MEDIAN.of(tally))),
        Detail(t("Chờ trong 20 phút"), percent(WITHIN_20.of(tally), t)),
        Detail(
            t("Chờ quá 30 phút"),
            t("{share}, {count} lượt", share=percent(OVER_30.of(tally), t), count=over),
        ),
        Detail(t("Phục vụ bình quân"), t.minutes(SERVICE_MEAN.of(tally))),
        Detail(t("Đi đến quầy bình quân"), _seconds(WALKING_MEAN.of(tally), t)),
        Detail(t("Có ít nhất một quầy mở"), t("{count} phút", count=minutes(figures.open_s, t))),
        Detail(
            t("Chờ khi chưa có quầy mở"),
            t(
                "{count} lượt, {minutes} phút",
                count=t.count(tally.without_counter),
                minutes=minutes(tally.without_counter_s, t),
            ),
        ),
        Detail(
            t("Hệ thống gián đoạn"),
            t("{count} phút", count=minutes(figures.any_outage.seconds, t)),
        ),
        Detail(t("Lượt ưu tiên"), t.count(tally.priority)),
        Detail(t("Lượt có hẹn"), t.count(tally.appointments)),
        Detail(
            t("Lấy số ở máy, cán bộ cấp, sổ ngoại tuyến"),
            f"{t.count(tally.from_kiosks)} · {t.count(tally.from_counters)} · "
            f"{t.count(tally.offline)}",
        ),
        Detail(t("Vắng, chưa rõ"), t.count(tally.absent_unclear)),
        Detail(t("Đã hủy"), t.count(tally.void)),
    ]
    if tally.pending:
        found.append(Detail(t("Chưa xong"), t.count(tally.pending)))
    return found


def _seconds(seconds: float | None, t: Words) -> str:
    return "–" if seconds is None else t("{count} giây", count=t.count(round(seconds)))
