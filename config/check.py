"""What is wrong with a centre: each place, and the rule that it breaks."""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from bus.typed import convert
from config.address import check_public_url
from config.errors import ConfigError
from config.settings import Centre, Counter, Identity, Role, VoiceHours, Window

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Path = str
"""Where in a centre something is, such as `$.services[0].name.vi`."""


class Rule(StrEnum):
    """The rules that a centre may break, so that others can say them in their own words."""

    TYPE = auto()
    UNKNOWN_FIELD = auto()
    MISSING_FIELD = auto()
    TWICE = auto()
    WINDOW = auto()
    WINDOW_ORDER = auto()
    VOLUME_OVERLAP = auto()
    LETTER_MISSING = auto()
    NOT_SERVED = auto()
    SERVES_NOTHING = auto()
    NO_SERVICE = auto()
    NO_COUNTER = auto()
    NEEDS_COUNTERS = auto()
    NUMBER_RANGE = auto()
    BOOK_RANGE = auto()
    BOOK_SHARED = auto()
    ROLL_RANGE = auto()
    ROLL_IN_BOOK = auto()
    ROLL_APPOINTMENTS = auto()
    SLOT_TOO_LONG = auto()
    NO_KIOSK = auto()
    TIME_ZONE = auto()
    PUBLIC_URL = auto()
    # What only the service can tell, by its queue:
    SITE_MOVED = auto()
    PEOPLE_WAIT = auto()
    BOOKED = auto()
    PEOPLE_AT_COUNTER = auto()
    NUMBERING_IN_USE = auto()
    NUMBERS_IN_USE = auto()
    ROLL_CHANGED = auto()
    TOO_LONG = auto()


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule broken at one place; `text` says it in English."""

    rule: Rule
    text: str
    path: Path
    values: Mapping[str, str | int] = field(default_factory=dict)
    """What other words for it name."""

    def __str__(self) -> str:
        return f"{self.text} - at {self.path}"


def check_centre(centre: Centre) -> None:
    """Check what types cannot say; raises ConfigError naming the path and what would be right."""
    for problem in centre_problems(centre):
        raise ConfigError(str(problem))


def raw_problems(raw: Mapping[str, Any]) -> list[Problem]:
    """Return all that is wrong with a centre as plain values; empty when it holds.

    Rules between fields are looked at once each field is what it should be.
    """
    wrong = list(_type_problems(raw, Centre, "$"))
    return wrong or list(centre_problems(convert(raw, Centre)))


def centre_problems(centre: Centre) -> Iterator[Problem]:
    """Return every rule between fields that `centre` breaks."""
    for day in _DAYS:
        yield from _windows(getattr(centre.hours, day), f"$.hours.{day}")
    codes = [service.code for service in centre.services]
    yield from twice("counters", "number", [counter.number for counter in centre.counters])
    for index, counter in enumerate(centre.counters):
        yield from _counter(index, counter, codes)
    yield from _services(centre)
    yield from _devices(centre)
    for name in ("outcomes", "park_reasons", "notes", "rating_reasons"):
        terms = [term.id for term in getattr(centre.matters, name)]
        yield from twice(f"matters.{name}", "id", terms)
    scenarios = [scenario.id for scenario in centre.assistance.scenarios]
    yield from twice("assistance.scenarios", "id", scenarios)
    yield from _numbering(centre)
    yield from _windows(centre.voice.quiet, "$.voice.quiet")
    yield from _volumes(centre.voice)
    yield from _identity(centre.identity)


def twice(table: str, key: str, values: Sequence[Any]) -> Iterator[Problem]:
    """Return which of `values` stand in `table` before."""
    for index, value in enumerate(values):
        first = values.index(value)
        if first != index:
            yield Problem(
                Rule.TWICE,
                f"{key} {value!r} is already that of {table}[{first}]",
                f"$.{table}[{index}].{key}",
                {"value": value, "first": first + 1},
            )


def _identity(identity: Identity) -> Iterator[Problem]:
    others = [other.code for other in identity.other_languages]
    yield from twice("identity.other_languages", "code", others)
    try:
        _ = identity.zone
    except (KeyError, ValueError, OSError):
        yield Problem(
            Rule.TIME_ZONE,
            f"unknown time zone {identity.time_zone!r}; use a name such as Asia/Ho_Chi_Minh",
            "$.identity.time_zone",
            {"zone": identity.time_zone},
        )
    if identity.public_url:
        try:
            check_public_url(identity.public_url)
        except ValueError as error:
            yield Problem(Rule.PUBLIC_URL, str(error), "$.identity.public_url")


def _windows(texts: Sequence[str], where: Path) -> Iterator[Problem]:
    previous: Window | None = None
    for index, text in enumerate(texts):
        place = f"{where}[{index}]"
        try:
            window = Window.parse(text)
        except ValueError as error:
            yield Problem(Rule.WINDOW, str(error), place, {"window": text})
            continue
        if previous and window.begin < previous.end:
            yield Problem(
                Rule.WINDOW_ORDER,
                f"{text} begins before {previous} ends",
                place,
                {"window": text, "previous": str(previous)},
            )
        previous = window


def _volumes(voice: VoiceHours) -> Iterator[Problem]:
    taken: list[Window] = []
    for index, span in enumerate(voice.volumes):
        where = f"$.voice.volumes[{index}].hours"
        wrong = list(_windows((span.hours,), where))
        yield from wrong
        if wrong:
            continue
        window = Window.parse(span.hours)
        for other in taken:
            if window.begin < other.end and other.begin < window.end:
                yield Problem(
                    Rule.VOLUME_OVERLAP,
                    f"{window} overlaps {other}",
                    where,
                    {"window": str(window), "other": str(other)},
                )
        taken.append(window)


def _services(centre: Centre) -> Iterator[Problem]:
    services = centre.services
    yield from twice("services", "code", [service.code for service in services])
    yield from twice("services", "digit", [service.digit for service in services])
    yield from _ranges(centre)
    yield from _rolls(centre)
    yield from _appointments(centre)
    letters = centre.numbering.style == "letter"
    if letters:
        given = [service.letter or f"#{index}" for index, service in enumerate(services)]
        yield from twice("services", "letter", given)
    served = {code for counter in centre.counters for code in counter.serves}
    for index, service in enumerate(services):
        where = f"$.services[{index}]"
        yield from _windows(service.issue, f"{where}.issue")
        if letters and not service.letter:
            text = "the letter style needs a letter"
            yield Problem(Rule.LETTER_MISSING, text, f"{where}.letter")
        if service.code not in served:
            text = f"no counter serves {service.code}"
            yield Problem(Rule.NOT_SERVED, text, f"{where}.code", {"service": service.name.vi})


def _ranges(centre: Centre) -> Iterator[Problem]:
    """Return which services number outside of what can be written."""
    numbering = centre.numbering
    limit = 10**numbering.digits - 1
    for index, service in enumerate(centre.services):
        first = numbering.first if service.number_first is None else service.number_first
        last = limit if service.number_last is None else service.number_last
        if not first <= last <= limit:
            text = f"needs first <= last <= {limit}"
            key = "number_first" if service.number_last is None else "number_last"
            where = f"$.services[{index}].{key}"
            yield Problem(Rule.NUMBER_RANGE, text, where, {"limit": limit})


def _rolls(centre: Centre) -> Iterator[Problem]:
    """Return which printed rolls have numbers that cannot be, or that a kiosk may give."""
    limit = 10**centre.numbering.digits - 1
    for index, service in enumerate(centre.services):
        first, last = service.roll_first, service.roll_last
        where = f"$.services[{index}].roll_last"
        if last is None:
            continue
        if not first < last <= limit:
            text = f"needs roll_first < roll_last <= {limit}"
            yield Problem(Rule.ROLL_RANGE, text, where, {"limit": limit})
        for book in centre.numbering.books:
            if first <= book.last and book.first <= last:
                text = f"the roll has numbers of an offline book, {book.first}-{book.last}"
                values = {"first": book.first, "last": book.last}
                yield Problem(Rule.ROLL_IN_BOOK, text, where, values)


def _appointments(centre: Centre) -> Iterator[Problem]:
    """Return which hours of appointments hold no slot, or are those of a service with a roll."""
    for index, service in enumerate(centre.services):
        where = f"$.services[{index}].appointment_hours"
        wrong = list(_windows(service.appointment_hours, where))
        yield from wrong
        if wrong or not service.makes_appointments:
            continue
        if service.has_roll:
            text = "numbers of a roll are given to nobody by appointment"
            yield Problem(Rule.ROLL_APPOINTMENTS, text, where, {"service": service.name.vi})
        for hours in service.appointment_hours:
            window = Window.parse(hours)
            minutes = (window.end.hour - window.begin.hour) * 60
            minutes += window.end.minute - window.begin.minute
            if minutes < service.appointment_min:
                text = f"{window} is shorter than a slot of {service.appointment_min} minutes"
                yield Problem(Rule.SLOT_TOO_LONG, text, where, {"window": str(window)})


def _counter(index: int, counter: Counter, codes: Sequence[str]) -> Iterator[Problem]:
    where, number = f"$.counters[{index}].serves", counter.number
    if not counter.serves:
        text = f"counter {number} serves nothing"
        yield Problem(Rule.SERVES_NOTHING, text, where, {"counter": number})
    for code in counter.serves:
        if code not in codes:
            text = f"no service {code!r}; there are {', '.join(codes)}"
            yield Problem(Rule.NO_SERVICE, text, f"{where}.{code}", {"service": code})


def _devices(centre: Centre) -> Iterator[Problem]:
    yield from twice("devices", "id", [device.id for device in centre.devices])
    numbers = {counter.number for counter in centre.counters}
    for index, device in enumerate(centre.devices):
        where = f"$.devices[{index}].counters"
        for number in device.counters:
            if number not in numbers:
                text = f"there is no counter {number}"
                yield Problem(Rule.NO_COUNTER, text, where, {"counter": number})
        if device.role in (Role.COUNTER, Role.KEYPAD) and not device.counters:
            text = f"{device.id} needs the counters it acts for"
            yield Problem(Rule.NEEDS_COUNTERS, text, where, {"device": device.id})


def _numbering(centre: Centre) -> Iterator[Problem]:
    numbering = centre.numbering
    limit = 10**numbering.digits - 1
    taken: set[int] = set()
    for index, book in enumerate(numbering.books):
        where = f"$.numbering.books[{index}]"
        if not book.first <= book.last <= limit:
            text = f"needs first <= last <= {limit}"
            yield Problem(Rule.BOOK_RANGE, text, where, {"limit": limit})
            continue
        numbers = set(range(book.first, book.last + 1))
        if taken & numbers:
            yield Problem(Rule.BOOK_SHARED, "shares numbers with another book", where)
        taken |= numbers
        known = centre.device(book.kiosk)
        if known is None or known.role is not Role.KIOSK:
            text = f"there is no kiosk {book.kiosk!r}"
            yield Problem(Rule.NO_KIOSK, text, f"{where}.kiosk", {"kiosk": book.kiosk})


def _type_problems(value: Any, kind: Any, path: Path) -> Iterator[Problem]:  # noqa: ANN401 - plain values
    """Return every part of `value` that is not what `kind` says."""
    found = False
    for part, part_kind, part_path in _parts(value, kind, path):
        for problem in _type_problems(part, part_kind, part_path):
            found = True
            yield problem
    if found:
        return
    try:
        convert(value, kind)
    except msgspec.ValidationError as error:
        yield _of_type(str(error), path)


def _parts(value: Any, kind: Any, path: Path) -> Iterator[tuple[Any, Any, Path]]:  # noqa: ANN401
    """Return what `value` consists of where `kind` is a table or a list: values, types, paths."""
    kind = _bare(kind)
    if get_origin(kind) is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        inner = get_args(kind)[0]
        yield from ((each, inner, f"{path}[{index}]") for index, each in enumerate(value))
    elif isinstance(value, Mapping) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for info in msgspec.structs.fields(kind):
            if info.encode_name in value:
                yield value[info.encode_name], info.type, f"{path}.{info.encode_name}"
    elif isinstance(value, Mapping) and get_origin(kind) is dict:
        inner = get_args(kind)[1]
        yield from ((each, inner, f"{path}.{key}") for key, each in value.items())


def _bare(kind: Any) -> Any:  # noqa: ANN401 - a type
    """Return a type without its bounds and without None."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        options = [option for option in get_args(kind) if option is not type(None)]
        return _bare(options[0]) if len(options) == 1 else kind
    return kind


def _of_type(message: str, path: Path) -> Problem:
    """Return the problem that msgspec names; its path is relative to `path`."""
    text, _, place = message.partition(" - at `$")
    path += place.removesuffix("`").replace("[...]", "")
    rule = Rule.TYPE
    for sign, other in (("unknown field", Rule.UNKNOWN_FIELD), ("missing", Rule.MISSING_FIELD)):
        rule = other if sign in text else rule
    quoted = text.split("`")
    if rule is not Rule.TYPE:
        return Problem(rule, text, f"{path}.{quoted[1]}", {"key": quoted[1]})
    return Problem(rule, text, path)
