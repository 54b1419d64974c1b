"""What an address of the page asks for, within bounds: what is nonsense is said and left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from bus.vocabulary import TicketClass
from hall.words import N_, Words
from wait_log.figures import Origin, Selection
from wait_log.periods import Period, Preset, last_ended, period_of

ADDRESS = "/waits"
CSV_ADDRESS = "/waits.csv"
XLSX_ADDRESS = "/waits.xlsx"
LOG_ADDRESS = "/log"
_MOST_VALUES = 60
_LONGEST = 40
_LAST_COUNTER = 99
_USUAL = Preset.MONTH
_ENDED = "last_"
"""Before a preset's name: the one that is over."""
_OWN_DAYS = "days"
_RUNNING_NAMES = {
    Preset.TODAY: N_("Hôm nay"),
    Preset.WEEK: N_("Tuần này"),
    Preset.MONTH: N_("Tháng báo cáo này"),
    Preset.CALENDAR_MONTH: N_("Tháng dương lịch này"),
    Preset.QUARTER: N_("Quý này"),
    Preset.HALF: N_("Sáu tháng này"),
    Preset.NINE_MONTHS: N_("Chín tháng"),
    Preset.YEAR: N_("Năm nay"),
}
_ENDED_NAMES = {
    Preset.TODAY: N_("Hôm qua"),
    Preset.WEEK: N_("Tuần trước"),
    Preset.MONTH: N_("Tháng báo cáo trước"),
    Preset.CALENDAR_MONTH: N_("Tháng dương lịch trước"),
    Preset.QUARTER: N_("Quý trước"),
    Preset.HALF: N_("Sáu tháng trước"),
    Preset.NINE_MONTHS: N_("Chín tháng gần nhất đã xong"),
    Preset.YEAR: N_("Năm trước"),
}
Params = Mapping[str, Sequence[str]]
_Chosen = TypeVar("_Chosen", Origin, TicketClass)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the form."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class WaitsQuery:
    """Which tickets are counted."""

    selection: Selection
    preset: str = _OWN_DAYS
    """The period's name in the form."""
    wrong: tuple[str, ...] = ()
    """What of the address was left out, and why."""

    def address(self, path: str = ADDRESS) -> str:
        """Return the address of the same selection."""
        return f"{path}?{urlencode([*_pairs(self.selection), *self._lunch()])}"

    def tickets(
        self,
        *,
        period: Period | None = None,
        service: str | None = None,
        counter: int | None = None,
        **more: object,
    ) -> str:
        """Return the address of the tickets of the selection, or of a part of it."""
        chosen = self.selection
        part = replace(
            chosen,
            period=period or chosen.period,
            services=chosen.services if service is None else frozenset({service}),
            counters=chosen.counters if counter is None else frozenset({counter}),
        )
        pairs = [*_pairs(part), *((name, str(value)) for name, value in more.items())]
        return f"{LOG_ADDRESS}?{urlencode(pairs)}"

    def _lunch(self) -> Iterable[tuple[str, str]]:
        return () if self.selection.lunch else (("lunch", "0"),)


def read_query(params: Params, today: date, t: Words) -> WaitsQuery:
    """Return what the parameters of an address ask for; the running month unless they say."""
    wrong: list[str] = []
    preset, period = _period(params, today, t, wrong)
    selection = Selection(
        period,
        services=frozenset(_texts(params, "service")),
        counters=frozenset(_counters(params, t, wrong)),
        classes=frozenset(map(str, _of(TicketClass, params, "class"))),
        origins=frozenset(_of(Origin, params, "origin")),
        lunch="0" not in params.get("lunch", ()),
    )
    return WaitsQuery(selection, preset, tuple(wrong))


def period_choices(query: WaitsQuery, today: date, t: Words) -> list[tuple[str, list[Choice]]]:
    """Return the named periods, those that go on apart from those that are over."""

    def choice(value: str, name: str, period: Period) -> Choice:
        return Choice(value, f"{t(name)}: {short_days(period)}", value == query.preset)

    running = [choice(p, name, period_of(p, today)) for p, name in _RUNNING_NAMES.items()]
    ended = [choice(f"{_ENDED}{p}", name, last_ended(p, today)) for p, name in _ENDED_NAMES.items()]
    own = Choice(_OWN_DAYS, t("Từ ngày đến ngày"), query.preset == _OWN_DAYS)
    return [(t("Đang diễn ra"), running), (t("Đã kết thúc"), ended), (t("Tự chọn"), [own])]


def short_days(period: Period) -> str:
    """Return the days of a period, its year once: 15/10–14/11/2026."""
    first, last = period.first, period.last
    if period.days == 1:
        return f"{first:%d/%m/%Y}"
    begin = f"{first:%d/%m}" if first.year == last.year else f"{first:%d/%m/%Y}"
    return f"{begin}–{last:%d/%m/%Y}"


def shown_days(period: Period) -> str:
    """Return what the form remembers of the days it was made with."""
    return f"{period.first}_{period.last}"


def _period(params: Params, today: date, t: Words, wrong: list[str]) -> tuple[str, Period]:
    """Return the chosen period and its name: days that were typed win over a name.

    The form always sends both; `shown` says with which days it was made.
    """
    first, last = _one(params, "first"), _one(params, "last")
    preset = _one(params, "period")
    untouched = _one(params, "shown") == f"{first}_{last}"
    usual = period_of(_USUAL, today)
    if preset and preset != _OWN_DAYS and (untouched or not (first or last)):
        named = _named(preset, today)
        if named:
            return preset, named
        wrong.append(t("Không có kỳ “{period}”; đang xem tháng báo cáo này.", period=preset))
        return str(_USUAL), usual
    if not (first or last):
        return str(_USUAL), usual
    try:
        return _OWN_DAYS, Period.parse(first or last, last or first)
    except ValueError:
        wrong.append(
            t(
                "Hai ngày chưa hợp lệ: ngày đầu không sau ngày cuối, kỳ dài nhất 30 năm. "
                "Đang xem tháng báo cáo này."
            )
        )
        return str(_USUAL), usual


def _named(preset: str, today: date) -> Period | None:
    name = preset.removeprefix(_ENDED)
    if name not in set(Preset):
        return None
    kind = Preset(name)
    return last_ended(kind, today) if preset.startswith(_ENDED) else period_of(kind, today)


def _counters(params: Params, t: Words, wrong: list[str]) -> Iterable[int]:
    for text in _texts(params, "counter"):
        if text.isascii() and text.isdecimal() and 1 <= int(text) <= _LAST_COUNTER:
            yield int(text)
        else:
            wrong.append(t("Không có quầy “{counter}”.", counter=text))


def _pairs(selection: Selection) -> Iterable[tuple[str, str]]:
    yield "first", selection.period.first.isoformat()
    yield "last", selection.period.last.isoformat()
    many: Mapping[str, Iterable[object]] = {
        "service": selection.services,
        "counter": selection.counters,
        "class": selection.classes,
        "origin": selection.origins,
    }
    for name, values in many.items():
        yield from ((name, text) for text in sorted(map(str, values)))


def _of(kind: type[_Chosen], params: Params, name: str) -> Iterable[_Chosen]:
    known = {str(value): value for value in kind}
    return (known[text] for text in _texts(params, name) if text in known)


def _texts(params: Params, name: str) -> list[str]:
    values = list(params.get(name, ()))[:_MOST_VALUES]
    return [value.strip() for value in values if _is_text(value)]


def _one(params: Params, name: str) -> str:
    values = params.get(name, ())
    return values[-1].strip() if values and _is_text(values[-1]) else ""


def _is_text(value: str) -> bool:
    return len(value.strip()) > 0 and len(value) <= _LONGEST and value.isprintable()
