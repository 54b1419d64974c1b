"""What differs between two versions of a centre, in the words of the forms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.settings import (
    Assistance,
    Counter,
    Hours,
    Identity,
    KnownDevice,
    Matters,
    Numbering,
    PriorityClass,
    Rules,
    Service,
    Targets,
    VoiceHours,
    Wording,
)
from hall.words import N_, Words
from web.settings.fields import Field, Kind, Rows, nodes_of
from web.settings.labels import CHOICES, SERVING, TABLES

Raw = Mapping[str, Any]

_TABLES: Sequence[tuple[Any, str]] = (
    (Identity, "identity"),
    (PriorityClass, "classes.normal"),
    (PriorityClass, "classes.priority"),
    (PriorityClass, "classes.appointment"),
    (Targets, "targets"),
    (Hours, "hours"),
    (Numbering, "numbering"),
    (Rules, "rules"),
    (VoiceHours, "voice"),
    (Wording, "wording"),
    (Matters, "matters"),
    (Assistance, "assistance"),
)
_ITEMS: Sequence[tuple[Any, str, str]] = (
    (Service, "services", "code"),
    (Counter, "counters", "number"),
    (KnownDevice, "devices", "id"),
)
_NOT_SHOWN = frozenset({"site", "always_open", "serves"})
_LANGUAGES = (("vi", N_("{label}, tiếng Việt")), ("en", N_("{label}, tiếng Anh")))
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that differs; `old` or `new` is empty where there was or is nothing."""

    place: str
    label: str
    old: str
    new: str
    path: str
    """Where it stands, in the older version if it is gone."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value with its words."""

    place: str
    label: str
    text: str
    path: str


def changes(old: Raw, new: Raw, t: Words) -> list[Change]:
    """Return every difference from `old` to `new`."""
    return [] if old == new else list(_differences(old, new, t))


def shown(field: Field, t: Words) -> str:
    """Return a value as people read it."""
    value, label = field.value, field.label
    if value is None or value in ("", []):
        return t(label.empty) if label.empty else t("để trống")
    match field.kind:
        case Kind.TICK:
            return t("có") if value else t("không")
        case Kind.ONE_OF:
            return _choice(value, t)
        case Kind.SOME_OF if isinstance(value, list | tuple):
            return ", ".join(_choice(each, t) for each in value)
        case Kind.DECIMAL if t.lang == "vi":
            text = field.typed.replace(".", ",")
        case _:
            text = field.typed
    return f"{text} {t(label.unit)}" if label.unit else text


def service_place(service: Raw, t: Words) -> str:
    """Return what a service is called among others."""
    return t("Lĩnh vực {name}", name=service_name(service, t))


def service_name(service: Raw, t: Words) -> str:
    """Return a service's own name."""
    name = service.get("name") or {}
    return str(name.get(t.lang) or name.get("vi") or service.get("code", ""))


def counter_place(number: object, t: Words) -> str:
    """Return what a counter is called among others."""
    return t("Quầy {0}", number)


def _differences(old: Raw, new: Raw, t: Words) -> Iterator[Change]:
    for kind, path in _TABLES:
        place = t(TABLES[path]) if path in TABLES else ""
        before = _table(kind, old, path, place, t)
        yield from _compare(before, _table(kind, new, path, place, t))
    for kind, table, key in _ITEMS:
        yield from _items(kind, table, key, old, new, t)
    yield from _help(old, new, t)


def _items(kind: Any, table: str, key: str, old: Raw, new: Raw, t: Words) -> Iterator[Change]:  # noqa: ANN401, PLR0917
    """Return what became of services, counters, devices: each is known by its key."""
    before = {item.get(key): index for index, item in enumerate(old[table])}
    after = {item.get(key): index for index, item in enumerate(new[table])}
    for each, index in before.items():
        if each not in after:
            place = _place(table, old[table][index], t)
            yield Change(place, "", place, "", f"{table}[{index}]")
    for each, index in after.items():
        place, path = _place(table, new[table][index], t), f"{table}[{index}]"
        if each not in before:
            yield Change(place, "", "", t("thêm mới"), path)
            continue
        first = _table(kind, old, f"{table}[{before[each]}]", place, t)
        yield from _compare(
            {_relative(name): entry for name, entry in first.items()},
            {_relative(name): entry for name, entry in _table(kind, new, path, place, t).items()},
        )
        if table == "services":
            yield from _serving(each, old, new, place, path, t)
    both = [each for each in before if each in after]
    if both != [each for each in after if each in before]:
        yield Change("", t(_ORDERS[table]), "", t("đổi thứ tự"), table)


def _relative(path: str) -> str:
    return path.partition("]")[2]


def _place(table: str, item: Raw, t: Words) -> str:
    if table == "services":
        return service_place(item, t)
    if table == "counters":
        return counter_place(item.get("number", ""), t)
    return t("Thiết bị {0}", item.get("id", ""))


def _serving(code: object, old: Raw, new: Raw, place: str, path: str, t: Words) -> Iterator[Change]:  # noqa: PLR0917
    before, after = (
        ", ".join(str(number) for number in sorted(serving(raw, code), key=str))
        for raw in (old, new)
    )
    if before != after:
        yield Change(place, t(SERVING.text), before, after, f"{path}.serving")


def serving(raw: Raw, code: object) -> list[Any]:
    """Return the counters that serve a service."""
    return [counter.get("number") for counter in raw["counters"] if code in counter["serves"]]


def _help(old: Raw, new: Raw, t: Words) -> Iterator[Change]:
    """Return where the minutes differ after which a counter helps out."""
    names = {service.get("code"): service_place(service, t) for service in new["services"]}
    before = {counter.get("number"): counter["serves"] for counter in old["counters"]}
    for index, counter in enumerate(new["counters"]):
        for code, minutes in counter["serves"].items():
            was = before.get(counter.get("number"), {}).get(code)
            if was is not None and was != minutes:
                yield Change(
                    counter_place(counter.get("number"), t),
                    names.get(code, code),
                    _helping(was, t),
                    _helping(minutes, t),
                    f"counters[{index}].serves.{code}",
                )


def _helping(minutes: object, t: Words) -> str:
    return t("làm giúp, chờ thêm {0} phút", minutes) if minutes else t("việc chính")


def _table(kind: Any, raw: Raw, path: str, place: str, t: Words) -> dict[str, _Entry]:  # noqa: ANN401
    """Return the values of one table by what identifies them."""
    names = [name for name in kind.__struct_fields__ if name not in _NOT_SHOWN]
    found: dict[str, _Entry] = {}
    for node in nodes_of(kind, raw, path, *names):
        if isinstance(node, Rows):
            found |= _rows(node, place, t)
        else:
            found |= dict(_entries(node, place, t))
    return found


def _entries(field: Field, place: str, t: Words) -> Iterator[tuple[str, _Entry]]:
    label = t(field.label.text)
    if field.kind is not Kind.PAIR:
        yield field.path, _Entry(place, label, shown(field, t), field.path)
        return
    value = field.value if isinstance(field.value, Mapping) else {}
    for lang, text in _LANGUAGES:
        said = str(value.get(lang, "")) or t(field.label.empty or N_("để trống"))
        path = f"{field.path}.{lang}"
        yield path, _Entry(place, t(text, label=label), said, path)


def _rows(node: Rows, place: str, t: Words) -> dict[str, _Entry]:
    """Return the rows of a list, each known by what its first field says."""
    found: dict[str, _Entry] = {}
    for row in node.rows[: node.shown]:
        head, *rest = (shown_whole(field, t) for field in row)
        key = f"{node.path}={head}"
        text = ": ".join([head, ", ".join(rest)]) if rest else head
        found[key] = _Entry(place, t(node.label.text), text, row[0].path)
    return found


def shown_whole(field: Field, t: Words) -> str:
    """Return a value with both of its languages in one line."""
    if field.kind is not Kind.PAIR:
        return shown(field, t)
    value = field.value if isinstance(field.value, Mapping) else {}
    both = [str(value.get(lang, "")) for lang in ("vi", "en")]
    return " / ".join(text for text in both if text)


def _compare(before: Mapping[str, _Entry], after: Mapping[str, _Entry]) -> Iterator[Change]:
    for key, entry in before.items():
        if key not in after:
            yield Change(entry.place, entry.label, _short(entry.text), "", entry.path)
    for key, entry in after.items():
        was = before.get(key)
        if was is None or was.text != entry.text:
            old = _short(was.text) if was else ""
            yield Change(entry.place, entry.label, old, _short(entry.text), entry.path)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _choice(value: object, t: Words) -> str:
    text = CHOICES.get(str(value))
    return t(text) if text else str(value)


_ORDERS: Mapping[str, str] = {
    "services": N_("Thứ tự lĩnh vực trên máy lấy số"),
    "counters": N_("Thứ tự quầy"),
    "devices": N_("Thứ tự thiết bị"),
}
