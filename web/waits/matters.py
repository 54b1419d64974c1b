"""What matters came to, as the page says it: outcomes, second contacts, ways to other fields."""

from collections.abc import Iterator
from dataclasses import dataclass

from config import Centre
from hall.words import Words
from wait_log.cases import LEAST_TOLD, NO_SCENARIO, is_told
from wait_log.figures import Figures, MatterFigures
from web.export.measures import outcome_columns, outcome_label, percent, service_label
from web.waits.tables import Cell, Table


@dataclass(frozen=True, slots=True)
class Detail:
    """A figure of the second rank."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class MattersPart:
    """The two cards of the page; a table without rows where no outcome was recorded."""

    recorded: str
    outcomes: Table
    details: tuple[Detail, ...]


def matters_part(figures: Figures, centre: Centre, t: Words) -> MattersPart:
    """Return what the page says of the period's matters."""
    whole = figures.matters
    said = t(
        "đã ghi {recorded} trên {ends} lượt phục vụ",
        recorded=t.count(whole.recorded),
        ends=t.count(whole.ends),
    )
    details = (*_details(whole, t), *_cases(figures, centre, t))
    return MattersPart(said, _outcomes(figures, centre, t), details)


def _outcomes(figures: Figures, centre: Centre, t: Words) -> Table:
    """Return how often each outcome was given: services down, outcomes across."""
    columns = outcome_columns(figures, centre)
    heads = [outcome_label(centre, outcome, t) for outcome in columns]
    heads = [t("Lĩnh vực"), *heads, t("Chưa ghi"), t("Đã ghi trên số lượt")]
    if not figures.matters.recorded:
        return Table(tuple(heads))
    rows = [
        (Cell(service_label(centre, code, t)), *_counts(one, columns, t))
        for code, one in figures.matters_by_service
        if one.ends
    ]
    whole = (Cell(t("Cộng")), *_counts(figures.matters, columns, t))
    return Table(tuple(heads), tuple(rows), whole)


def _counts(one: MatterFigures, columns: tuple[str, ...], t: Words) -> Iterator[Cell]:
    given = dict(one.outcomes)
    for outcome in columns:
        yield Cell(t.count(given.get(outcome, 0)))
    yield Cell(t.count(one.ends - one.recorded))
    yield Cell(_part(one.recorded, one.ends, t))


def _details(one: MatterFigures, t: Words) -> Iterator[Detail]:
    if one.parked:
        yield Detail(t("Chờ ký, quay lại sau"), t.plural("{count} lượt", one.parked))
        yield Detail(t("Xong ngay lần gọi lại"), _part(one.ended_again, one.parked, t))
        if one.away.count:
            yield Detail(t("Từ lúc chờ đến lần gọi lại, bình quân"), t.minutes(one.away.mean_s))
            yield Detail(t("90 % được gọi lại trong"), t.minutes(one.away.p90_s))
    if one.sent:
        yield Detail(t("Sang lĩnh vực khác, đã quay lại quầy cũ"), _part(one.back, one.sent, t))
        if one.trip.count:
            yield Detail(t("Đi và về bình quân"), t.minutes(one.trip.mean_s))
    if one.leg_waits.count:
        yield Detail(t("Chờ ở chặng sau, bình quân"), t.minutes(one.leg_waits.mean_s))
    if one.by_time:
        yield Detail(
            t("Tự chuyển vắng sau khi gọi lại đủ số lần"), t.plural("{count} lượt", one.by_time)
        )
    if one.leg_service.count:
        yield Detail(t("Phục vụ ở chặng sau, bình quân"), t.minutes(one.leg_service.mean_s))


def _cases(figures: Figures, centre: Centre, t: Words) -> Iterator[Detail]:
    """Yield how often people were helped by each scenario; of few it says no number."""
    for scenario, count in figures.cases:
        known = centre.assistance.scenario(scenario)
        name = known.name(t.lang) if known else scenario
        label = t("Hỗ trợ: {name}", name=t("việc riêng lẻ") if scenario == NO_SCENARIO else name)
        few = t("dưới {count} lượt", count=LEAST_TOLD)
        yield Detail(label, t.plural("{count} lượt", count) if is_told(count) else few)


def _part(some: int, every: int, t: Words) -> str:
    """Return a count with its denominator and its share."""
    if not every:
        return "–"
    share = percent(some / every, t)
    return t("{some} trên {every}, {share}", some=t.count(some), every=t.count(every), share=share)
