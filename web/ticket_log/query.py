"""What an address of the log asks for, within bounds: what is nonsense is said and left out."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bus.vocabulary import TicketClass, TicketState
from config import Centre
from hall.words import Words
from wait_log.figures import Doubt, Origin, Selection
from wait_log.periods import Period
from wait_log.ticket_log import IssueHour, PageKey, TicketSearch

ADDRESS = "/log"
_MOST_VALUES = 30
_LONGEST = 40
_NUMBER = re.compile(r"[A-ZĐ]?\d{1,7}", re.IGNORECASE)
_AT_COUNTER = re.compile(r"(?:quay|q|counter)\s*(?:so)?\s*(\d{1,2})")
_LAST_COUNTER = 99
_WEEKDAYS = frozenset(map(str, range(7)))
_HOURS = frozenset(map(str, range(24)))
_USUAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_LARGEST = 2**63 - 1
_Chosen = TypeVar("_Chosen", TicketState, Origin, Doubt, TicketClass)


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which tickets the page lists, where in them it begins, and whose story it tells."""

    search: TicketSearch
    find: str = ""
    """What was typed to find a number, a counter or a service; it is part of `search`."""
    ticket: str = ""
    start: PageKey | None = None
    newer: bool = False
    dated: bool = True
    """False where no day was asked for: a ticket's own day is shown then."""
    wrong: tuple[str, ...] = ()
    """What of the address was left out, and why."""

    @property
    def period(self) -> Period:
        """Return the days that are looked at."""
        return self.search.selection.period

    def address(
        self,
        ticket: str = "",
        start: PageKey | None = None,
        *,
        newer: bool = False,
        path: str = ADDRESS,
    ) -> str:
        """Return the address of the same list at another place, or with another ticket."""
        pairs = [*self._choice()]
        if start:
            pairs.append(("before" if newer else "after", ".".join(map(str, start))))
        if ticket:
            pairs.append(("ticket", ticket))
        return f"{path}?{urlencode(pairs)}"

    def on(self, day: date) -> "LogQuery":
        """Return the same search on one day."""
        selection = replace(self.search.selection, period=Period(day, day))
        return replace(self, search=replace(self.search, selection=selection))

    def of_states(self, states: Iterable[TicketState]) -> "LogQuery":
        """Return the same search for other states."""
        return replace(self, search=replace(self.search, states=frozenset(states)))

    def _choice(self) -> Iterable[tuple[str, str]]:
        search, chosen = self.search, self.search.selection
        yield "first", chosen.period.first.isoformat()
        yield "last", chosen.period.last.isoformat()
        many: Mapping[str, Iterable[object]] = {
            "service": chosen.services,
            "counter": chosen.counters,
            "class": chosen.classes,
            "origin": chosen.origins,
            "state": search.states,
            "doubtful": search.doubts,
        }
        for name, values in many.items():
            yield from ((name, str(value)) for value in sorted(map(str, values)))
        if search.number:
            yield "number", search.number
        if search.issued_in:
            yield "weekday", str(search.issued_in.weekday)
            yield "hour", str(search.issued_in.hour)


def read_query(
    params: Mapping[str, Sequence[str]], centre: Centre | None, today: date, t: Words
) -> LogQuery:
    """Return what the parameters of an address ask for; the day is `today` unless they say."""
    wrong: list[str] = []
    selection = Selection(
        _period(params, today, t, wrong),
        services=frozenset(_texts(params, "service")),
        counters=frozenset(_counters(params, t, wrong)),
        classes=frozenset(map(str, _of(TicketClass, params, "class"))),
        origins=frozenset(_of(Origin, params, "origin")),
    )
    number = _one(params, "number")
    if number and not _NUMBER.fullmatch(number):
        wrong.append(t("“{number}” không phải một số thứ tự.", number=number))
        number = ""
    search = TicketSearch(
        selection,
        states=frozenset(_of(TicketState, params, "state")),
        number=number.upper(),
        doubts=_doubts(params),
        issued_in=_issue_hour(params, selection.period.first, centre),
    )
    find = _one(params, "find")
    if find:
        search = _found(search, find, centre, t, wrong)
    start, newer = _start(params, t, wrong)
    return LogQuery(
        search,
        find,
        _one(params, "ticket"),
        start,
        newer,
        dated=bool(_one(params, "first") or _one(params, "last")),
        wrong=tuple(wrong),
    )


def _period(params: Mapping[str, Sequence[str]], today: date, t: Words, wrong: list[str]) -> Period:
    first, last = _one(params, "first"), _one(params, "last")
    if not first and not last:
        return Period(today, today)
    try:
        return Period.parse(first or last, last or first)
    except ValueError:
        wrong.append(t("Hai ngày không hợp lệ; đang xem ngày {day}.", day=f"{today:%d/%m/%Y}"))
        return Period(today, today)


def _issue_hour(
    params: Mapping[str, Sequence[str]], day: date, centre: Centre | None
) -> IssueHour | None:
    """Return the hour of the week, as a cell of the page of waits asks for it."""
    weekday, hour = _one(params, "weekday"), _one(params, "hour")
    if weekday not in _WEEKDAYS or hour not in _HOURS:
        return None
    zone = centre.identity.zone if centre else _USUAL_ZONE
    offset = datetime.combine(day, time(12), zone).utcoffset()
    return IssueHour(int(weekday), int(hour), offset or timedelta())


def _counters(params: Mapping[str, Sequence[str]], t: Words, wrong: list[str]) -> Iterable[int]:
    for text in _texts(params, "counter"):
        if text.isascii() and text.isdecimal() and 1 <= int(text) <= _LAST_COUNTER:
            yield int(text)
        else:
            wrong.append(t("Không có quầy “{counter}”.", counter=text))


def _doubts(params: Mapping[str, Sequence[str]]) -> frozenset[Doubt]:
    chosen = frozenset(_of(Doubt, params, "doubtful"))
    return chosen or (frozenset(Doubt) if _one(params, "doubtful") in ("1", "on") else chosen)


def _found(
    search: TicketSearch, find: str, centre: Centre | None, t: Words, wrong: list[str]
) -> TicketSearch:
    """Return the search for what was typed: a number, a counter, or a part of a service's name."""
    plain = _plain(find)
    if _NUMBER.fullmatch(find):
        return replace(search, number=find.upper())
    chosen = search.selection
    counter = _AT_COUNTER.fullmatch(plain)
    if counter:
        return replace(search, selection=replace(chosen, counters=frozenset({int(counter[1])})))
    services = centre.services if centre else ()
    names = {s.code: _plain(f"{s.code} {s.name('vi')} {s.name('en')}") for s in services}
    codes = frozenset(code for code, name in names.items() if plain in name)
    if codes:
        return replace(search, selection=replace(chosen, services=codes))
    wrong.append(t("Không có số, quầy hay lĩnh vực nào là “{find}”.", find=find))
    return search


def _start(
    params: Mapping[str, Sequence[str]], t: Words, wrong: list[str]
) -> tuple[PageKey | None, bool]:
    for name in ("after", "before"):
        text = _one(params, name, most=80)
        if not text:
            continue
        day, _, rest = text.partition(".")
        us, _, ticket = rest.partition(".")
        try:
            key = PageKey(date.fromisoformat(day).isoformat(), int(us), ticket)
        except ValueError:
            key = None
        if key is None or not -1 <= key.issued_us <= _LARGEST:
            wrong.append(t("Không rõ trang cần xem; đây là trang đầu."))
            return None, False
        return key, name == "before"
    return None, False


def _of(kind: type[_Chosen], params: Mapping[str, Sequence[str]], name: str) -> Iterable[_Chosen]:
    known = {str(value): value for value in kind}
    return (known[text] for text in _texts(params, name) if text in known)


def _texts(params: Mapping[str, Sequence[str]], name: str) -> list[str]:
    values = list(params.get(name, ()))[:_MOST_VALUES]
    return [value.strip() for value in values if _is_text(value, _LONGEST)]


def _one(params: Mapping[str, Sequence[str]], name: str, most: int = _LONGEST) -> str:
    values = params.get(name, ())
    return values[-1].strip() if values and _is_text(values[-1], most) else ""


def _is_text(value: str, most: int) -> bool:
    return len(value.strip()) > 0 and len(value) <= most and value.isprintable()


def _plain(text: str) -> str:
    """Return a text without capitals and accents, so that it is found however it was typed."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).strip()
