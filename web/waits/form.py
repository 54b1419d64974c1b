"""The choices of the page: a form that needs no script."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bus.vocabulary import TicketClass
from config import Centre
from hall.words import Words
from wait_log.figures import Origin
from web.export.measures import ORIGINS
from web.waits.query import Choice, WaitsQuery, period_choices, shown_days


@dataclass(frozen=True, slots=True)
class Choices:
    """Boxes to tick; `words` says what is ticked without opening them."""

    words: str
    boxes: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class WaitsForm:
    """The choices of the page."""

    periods: list[tuple[str, list[Choice]]]
    first: str
    last: str
    shown: str
    services: Choices
    counters: Choices
    classes: tuple[Choice, ...]
    origins: tuple[Choice, ...]
    lunch: bool
    more_words: str


def waits_form(query: WaitsQuery, centre: Centre | None, today: date, t: Words) -> WaitsForm:
    """Return the form with what was chosen; what is no longer there can still be let go."""
    chosen, period = query.selection, query.selection.period
    services = {one.code: one.name(t.lang) for one in centre.services} if centre else {}
    services |= {code: code for code in sorted(chosen.services.difference(services))}
    numbers = {one.number for one in centre.counters} if centre else set()
    counters = {
        str(number): t("Quầy {counter}", counter=number)
        for number in sorted(numbers | chosen.counters)
    }
    classes = {str(one): centre.classes[one].name(t.lang) for one in TicketClass} if centre else {}
    ticked = [name for code, name in services.items() if code in chosen.services]
    desks = [counters[str(number)] for number in sorted(chosen.counters)]
    more = len(chosen.classes) + len(chosen.origins) + (not chosen.lunch)
    return WaitsForm(
        periods=period_choices(query, today, t),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        shown=shown_days(period),
        services=Choices(
            _said(ticked, t("Tất cả lĩnh vực"), t("{count} lĩnh vực", count=len(ticked))),
            _boxes(services, chosen.services),
        ),
        counters=Choices(
            _said(desks, t("Tất cả quầy"), t("{count} quầy", count=len(desks))),
            _boxes(counters, map(str, chosen.counters)),
        ),
        classes=_boxes(classes, chosen.classes),
        origins=_boxes({str(one): t(ORIGINS[one]) for one in Origin}, map(str, chosen.origins)),
        lunch=chosen.lunch,
        more_words=t("Lọc thêm ({count})", count=more) if more else t("Lọc thêm"),
    )


def _said(ticked: list[str], everything: str, many: str) -> str:
    if not ticked:
        return everything
    return ticked[0] if len(ticked) == 1 else many


def _boxes(known: Mapping[str, str], ticked: Iterable[str]) -> tuple[Choice, ...]:
    chosen = frozenset(ticked)
    return tuple(Choice(value, words, value in chosen) for value, words in known.items())
