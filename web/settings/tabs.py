"""The tabs of the page: which settings stand where, and what the buttons among them do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bus.vocabulary import Role
from config import Problem, Rule
from config.settings import (
    Assistance,
    Centre,
    Counter,
    Hours,
    Identity,
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
from web.settings.changes import serving
from web.settings.fields import Field, Kind, Node, at, blank, fields_in, nodes_of, take
from web.settings.labels import LABELS, SERVING, TABLES

Form = Mapping[str, Sequence[str]]
Raw = dict[str, Any]

TABS: Mapping[str, str] = {
    "centre": N_("Trung tâm"),
    "services": N_("Lĩnh vực"),
    "hours": N_("Giờ làm việc"),
    "counters": N_("Quầy"),
    "boards": N_("Bảng và loa"),
    "tickets": N_("Phiếu"),
    "notices": N_("Thông báo"),
    "procedures": N_("Thủ tục"),
    "versions": N_("Phiên bản"),
    "report": N_("Báo cáo"),
}
FORMS = ("centre", "services", "hours", "counters", "boards", "tickets", "notices")
_MOST_SERVICES, _MOST_COUNTERS = 40, 99
DEVICES = -1
"""The item of the tab "Quầy" that has the devices."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    title: str
    nodes: tuple[Node, ...]


def tab_names(t: Words) -> dict[str, str]:
    """Return the tabs with what stands on them."""
    several = {"services": t.of("tab", "Lĩnh vực"), "counters": t.of("tab", "Quầy")}
    return {tab: several.get(tab) or t(label) for tab, label in TABS.items()}


def groups(tab: str, raw: Raw, item: int) -> list[Group]:
    """Return the fields of a tab; of services and counters those of `item`."""
    return list(_GROUPS[tab](raw, item))


def items(tab: str, raw: Raw) -> int:
    """Return how many items a tab has beside its form."""
    return len(raw[tab]) if tab in ("services", "counters") else 0


def take_form(tab: str, raw: Raw, item: int, form: Form) -> None:
    """Put what came with the form of a tab into `raw`."""
    nodes = [node for group in groups(tab, raw, item) for node in group.nodes]
    plain = [n for n in nodes if not (isinstance(n, Field) and n.path.endswith(_SPECIAL))]
    if tab == "services":
        code = raw["services"][item]["code"]
        take(raw, plain, form)
        _rename_service(raw, code, raw["services"][item]["code"])
        _take_serving(raw, item, form)
    elif tab == "counters" and item != DEVICES:
        number = raw["counters"][item]["number"]
        take(raw, plain, form)
        _rename_counter(raw, number, raw["counters"][item]["number"])
        _take_serves(raw, item, form)
    else:
        take(raw, plain, form)


def act(tab: str, raw: Raw, item: int, do: str) -> int:
    """Do what a button says: add, remove, up, down; return the item to show then."""
    if tab == "services":
        return _act_on_services(raw, item, do)
    if tab == "counters":
        return _act_on_counters(raw, item, do)
    return item


def tab_of(path: str) -> tuple[str, int]:
    """Return the tab and the item where the setting at `path` stands."""
    head = path.removeprefix("$.")
    tab = next((tab for table, tab in _TAB_OF.items() if head.startswith(table)), "centre")
    index = head.partition("[")[2].partition("]")[0]
    if head.startswith("devices"):
        return tab, DEVICES
    is_item = tab in ("services", "counters") and index.isdecimal()
    return tab, int(index) if is_item else 0


def field_of(problem: Problem, fields: Sequence[Field]) -> str | None:
    """Return the path of the field where a problem is said, None when it is not among these."""
    path = problem.path.removeprefix("$.")
    if problem.rule == Rule.NOT_SERVED:
        path = path.removesuffix(".code") + ".serving"
    inside = [
        field.path
        for field in fields
        if path == field.path or path.startswith((f"{field.path}.", f"{field.path}["))
    ]
    return max(inside, key=len, default=None) or next(
        (field.path for field in fields if field.path.startswith((f"{path}.", f"{path}["))), None
    )


def all_fields(raw: Raw) -> Iterator[Field]:
    """Return every field of every form."""
    for tab in FORMS:
        for item in [*range(items(tab, raw))] or [0]:
            for group in groups(tab, raw, item):
                yield from fields_in(group.nodes)
    for group in groups("counters", raw, DEVICES):
        yield from fields_in(group.nodes)


# What stands where ------------------------------------------------------------------------


def _centre(raw: Raw, _item: int) -> Iterator[Group]:
    names = ("name", "place", "city", "hotline", "website", "public_url", "time_zone")
    languages = ("languages", "other_languages")
    yield Group("", tuple(nodes_of(Identity, raw, "identity", *names, *languages)))
    targets = nodes_of(Targets, raw, "targets", "target_min", "warn_min", "breach_min")
    yield Group(N_("Mục tiêu chờ"), tuple(targets))
    for path, title in TABLES.items():
        yield Group(title, tuple(nodes_of(PriorityClass, raw, path, "name", "head_start_min")))


def _services(raw: Raw, item: int) -> Iterator[Group]:
    path = f"services[{item}]"
    heads = ("letter", "digit") if raw["numbering"]["style"] == "letter" else ("digit",)
    first = nodes_of(Service, raw, path, "name", "detail", "code", *heads, "daily_cap")
    yield Group("", tuple(first))
    numbers = tuple(str(counter["number"]) for counter in raw["counters"])
    ticked = [str(number) for number in serving(raw, at(raw, path)["code"])]
    field = Field(f"{path}.serving", Kind.SOME_OF, SERVING, ticked, choices=numbers)
    yield Group("", (field,))
    hours = ("last_ticket_before_close_min", "issue", "mean_service_min")
    yield Group("", tuple(nodes_of(Service, raw, path, *hours)))
    numbers_of_its_own = ("number_first", "number_last", "number_step", "roll_first", "roll_last")
    yield Group("", tuple(nodes_of(Service, raw, path, *numbers_of_its_own)))
    slots = (
        "appointment_hours",
        "appointment_min",
        "appointment_seats",
        "appointment_days_ahead",
    )
    yield Group(N_("Hẹn giờ"), tuple(nodes_of(Service, raw, path, *slots)))
    more = nodes_of(Service, raw, path, "papers", "file_paper", "guidance", "collects_result")
    yield Group("", tuple(more))
    yield Group("", tuple(nodes_of(Service, raw, path, "icon")))


def _hours(raw: Raw, _item: int) -> Iterator[Group]:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    yield Group(N_("Giờ trong tuần"), tuple(nodes_of(Hours, raw, "hours", *days)))
    around = ("issue_before_open_min", "last_ticket_before_close_min")
    yield Group(N_("Phát số"), tuple(nodes_of(Hours, raw, "hours", *around)))
    yield Group("", tuple(nodes_of(Hours, raw, "hours", "holidays")))


def _counters(raw: Raw, item: int) -> Iterator[Group]:
    if item == DEVICES:
        yield Group("", tuple(nodes_of(Centre, raw, "", "devices")))
        return
    path = f"counters[{item}]"
    yield Group("", tuple(nodes_of(Counter, raw, path, "number", "name")))
    serves = at(raw, path)["serves"]
    codes = tuple(str(service["code"]) for service in raw["services"])
    field = Field(f"{path}.serves", Kind.SERVES, LABELS["Counter.serves"], serves, choices=codes)
    yield Group("", (field,))


def _boards(raw: Raw, _item: int) -> Iterator[Group]:
    yield Group(N_("Bảng gọi số"), (
        *nodes_of(Wording, raw, "wording", "marquee"),
        *nodes_of(Rules, raw, "rules", "flash_s", "pair_within_s"),
    ))  # fmt: skip
    rules = ("spoken_times", "speak_max_age_s", "accepted_within_s", "choice_s")
    yield Group(N_("Loa và lời gọi"), (
        *nodes_of(Rules, raw, "rules", *rules),
        *nodes_of(VoiceHours, raw, "voice", "quiet", "volumes"),
    ))  # fmt: skip
    may = ("absent_after_recalls", "late_after_numbers", "tell_arrivals", "show_accounts")
    yield Group(N_("Quy tắc ở quầy"), tuple(nodes_of(Rules, raw, "rules", *may)))


def _tickets(raw: Raw, _item: int) -> Iterator[Group]:
    names = ("style", "digits", "first", "books")
    yield Group(N_("Cách đánh số"), tuple(nodes_of(Numbering, raw, "numbering", *names)))
    yield Group(N_("Phiếu in"), tuple(nodes_of(Wording, raw, "wording", "ticket_footer")))
    rules = (
        "kiosk_void_within_s",
        "kiosk_tickets_per_minute",
        "ask_above_waiting",
        "idle_s",
        "countdown_s",
        "large_text",
        "high_contrast",
    )
    yield Group(N_("Máy lấy số"), tuple(nodes_of(Rules, raw, "rules", *rules)))
    appointed = ("appointment_early_min", "appointment_late_min")
    yield Group(N_("Người có hẹn"), tuple(nodes_of(Rules, raw, "rules", *appointed)))


def _notices(raw: Raw, _item: int) -> Iterator[Group]:
    names = ("priority_hint", "pause_reasons", "systems")
    yield Group("", tuple(nodes_of(Wording, raw, "wording", *names)))
    lists = nodes_of(Matters, raw, "matters", "outcomes", "park_reasons", "notes")
    yield Group(N_("Cán bộ chọn ở quầy"), tuple(lists))
    asked = nodes_of(Matters, raw, "matters", "rating_reasons")
    yield Group(N_("Người dân đánh giá"), tuple(asked))
    scenarios = nodes_of(Assistance, raw, "assistance", "scenarios")
    yield Group(N_("Hỗ trợ người cần giúp"), tuple(scenarios))


_GROUPS = {
    "centre": _centre,
    "services": _services,
    "hours": _hours,
    "counters": _counters,
    "boards": _boards,
    "tickets": _tickets,
    "notices": _notices,
}
_TAB_OF: Mapping[str, str] = {
    "services": "services",
    "counters": "counters",
    "devices": "counters",
    "hours": "hours",
    "wording.marquee": "boards",
    "voice": "boards",
    "rules.kiosk": "tickets",
    "rules.idle": "tickets",
    "rules.countdown": "tickets",
    "rules.ask": "tickets",
    "rules.appointment": "tickets",
    "rules.large": "tickets",
    "rules.high": "tickets",
    "rules": "boards",
    "numbering": "tickets",
    "wording.ticket_footer": "tickets",
    "wording": "notices",
    "matters": "notices",
    "assistance": "notices",
}
_SPECIAL = (".serving", ".serves")


# Services and counters --------------------------------------------------------------------


def _take_serving(raw: Raw, item: int, form: Form) -> None:
    path, code = f"services[{item}].serving", raw["services"][item]["code"]
    if f"{path}?" not in form:
        return
    ticked = frozenset(form.get(path, ()))
    for counter in raw["counters"]:
        if str(counter["number"]) not in ticked:
            counter["serves"].pop(code, None)
        elif code:
            counter["serves"].setdefault(code, 0)


def _take_serves(raw: Raw, item: int, form: Form) -> None:
    path, counter = f"counters[{item}].serves", raw["counters"][item]
    if f"{path}?" not in form:
        return
    ticked, serves = frozenset(form.get(path, ())), counter["serves"]
    known = [service["code"] for service in raw["services"]]
    for code in [*serves, *(code for code in known if code not in serves)]:
        if code not in ticked:
            serves.pop(code, None)
            continue
        typed = form.get(f"{path}.{code}", [""])[0].strip()[:20]
        serves[code] = int(typed) if typed.isdecimal() else typed or 0


def _rename_service(raw: Raw, old: str, new: str) -> None:
    if old != new:
        for counter in raw["counters"]:
            counter["serves"] = {new if c == old else c: m for c, m in counter["serves"].items()}


def _rename_counter(raw: Raw, old: object, new: object) -> None:
    if old != new:
        for device in raw["devices"]:
            device["counters"] = [new if number == old else number for number in device["counters"]]
            if device["id"] == f"counter-{old}":
                device["id"] = f"counter-{new}"


def _act_on_services(raw: Raw, item: int, do: str) -> int:
    services = raw["services"]
    if do == "add" and len(services) < _MOST_SERVICES:
        codes = {service["code"] for service in services}
        digits = {service["digit"] for service in services}
        code = next(f"S{n}" for n in range(1, 999) if f"S{n}" not in codes)
        digit = next(n for n in range(1, 100) if n not in digits)
        services.append(blank(Service) | {"code": code, "digit": digit, "icon": "file-text"})
        return len(services) - 1
    if do == "remove" and len(services) > 1:
        gone = services.pop(item)
        for counter in raw["counters"]:
            counter["serves"].pop(gone["code"], None)
        return max(0, item - 1)
    other = item + {"up": -1, "down": 1}.get(do, 0)
    if other != item and 0 <= other < len(services):
        services[item], services[other] = services[other], services[item]
        return other
    return item


def _act_on_counters(raw: Raw, item: int, do: str) -> int:
    counters = raw["counters"]
    if do == "add" and len(counters) < _MOST_COUNTERS:
        numbers = {counter["number"] for counter in counters}
        number = next(n for n in range(1, 100) if n not in numbers)
        counters.append(blank(Counter) | {"number": number})
        name = f"counter-{number}"
        if all(device["id"] != name for device in raw["devices"]):
            role = {"id": name, "role": Role.COUNTER.value, "counters": [number], "place": None}
            raw["devices"].append(role)
        return len(counters) - 1
    if do == "remove" and len(counters) > 1 and item >= 0:
        _drop_counter(raw, counters.pop(item)["number"])
        return max(0, item - 1)
    return item


def _drop_counter(raw: Raw, number: object) -> None:
    """Take a counter from the devices, and those away that had no other."""
    kept = []
    for device in raw["devices"]:
        left = [each for each in device["counters"] if each != number]
        if left or not device["counters"]:
            kept.append(device | {"counters": left})
    raw["devices"] = kept
