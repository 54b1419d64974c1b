"""What the page shows: the forms of a draft, what is wrong with it and what it would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from config import Problem, Rule
from config.settings import Window
from hall.model import HallState
from hall.words import N_, Words
from provisioning.drafts import SettingsDraft
from web.settings.applying import problems_of
from web.settings.changes import (
    Change,
    Raw,
    changes,
    counter_place,
    service_name,
    service_place,
)
from web.settings.effects import effects
from web.settings.fields import Field, Kind, fields_in
from web.settings.labels import problem_text
from web.settings.tabs import DEVICES, TABS, Group, field_of, groups, items, tab_of
from web.settings.versions import Version

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that has to be put right, and where."""

    text: str
    place: str
    address: str


@dataclass(frozen=True, slots=True)
class Item:
    """A service or counter beside the form."""

    text: str
    address: str
    icon: str
    head: str
    current: bool
    wrong: bool
    changed: bool


@dataclass(frozen=True)
class SettingsPage:
    """One tab of the draft."""

    tab: str
    item: int
    present: Version
    draft: SettingsDraft
    groups: Sequence[Group]
    items: Sequence[Item]
    changes: Sequence[Change]
    wrongs: Sequence[Wrong]
    effects: Sequence[str]
    fixed: frozenset[str]
    """Fields that name an item for good."""
    broken: frozenset[str]
    """Where something has to be put right, on any tab."""
    _said: Mapping[str, str]
    _hints: Mapping[str, str]

    @property
    def edited(self) -> bool:
        """Return whether there is anything to apply."""
        return bool(self.changes) or self.draft.centre != self.present.centre

    @property
    def moved(self) -> bool:
        """Return whether another version came while this draft was made."""
        return self.draft.version != self.present.number

    def wrong(self, path: str) -> str:
        """Return what is wrong with a field."""
        return self._said.get(path, "")

    def hint(self, field: Field) -> str:
        """Return a hint that depends on other settings."""
        return self._hints.get(field.path, "")

    def is_broken(self, change: Change) -> bool:
        """Return whether what was changed to cannot be used."""
        path = change.path
        return any(
            place == path or place.startswith((f"{path}.", f"{path}[")) for place in self.broken
        )

    def is_changed(self, path: str) -> bool:
        """Return whether a field is not as in the version in force."""
        return any(
            change.path == path or change.path.startswith((f"{path}.", f"{path}["))
            for change in self.changes
        )


def settings_page(  # noqa: PLR0917 - all that a page is made from
    tab: str,
    item: int,
    present: Version,
    draft: SettingsDraft,
    hall: HallState,
    t: Words,
    refused: Sequence[Problem] = (),
) -> SettingsPage:
    """Return the page of a tab; `refused` is what the service had against the draft."""
    raw = draft.centre
    item = _within(tab, raw, item)
    shown = groups(tab, raw, item)
    fields = list(fields_in([node for group in shown for node in group.nodes]))
    problems = [*problems_of(raw), *refused]
    said: dict[str, str] = {}
    for problem in problems:
        path = field_of(problem, fields)
        if path is not None and tab_of(problem.path) == (tab, item):
            field = next(field for field in fields if field.path == path)
            said.setdefault(path, _text(problem, field, t))
    differ = changes(present.centre, raw, t)
    return SettingsPage(
        tab=tab,
        item=item,
        present=present,
        draft=draft,
        groups=shown,
        items=_items(tab, item, raw, differ, problems, t),
        changes=differ,
        wrongs=[_wrong(problem, raw, t) for problem in problems],
        effects=effects(present.centre, raw, hall, t),
        fixed=_fixed(tab, item, raw, present.centre),
        broken=frozenset(problem.path.removeprefix("$.") for problem in problems),
        _said=said,
        _hints=_hints(tab, item, raw, t),
    )


def address(tab: str, item: int = 0) -> str:
    """Return the address of a tab, and of an item of it."""
    return f"/settings/{tab}" + (f"?item={item}" if tab in ("services", "counters") else "")


def said_of(problem: Problem, raw: Raw, t: Words) -> str:
    """Return a problem with its place in words, for where no form stands beside it."""
    wrong = _wrong(problem, raw, t)
    return f"{wrong.place}: {wrong.text}" if wrong.place else wrong.text


def _within(tab: str, raw: Raw, item: int) -> int:
    if tab == "counters" and item == DEVICES:
        return item
    return max(0, min(item, items(tab, dict(raw)) - 1))


def _wrong(problem: Problem, raw: Raw, t: Words) -> Wrong:
    tab, item = tab_of(problem.path)
    item = _within(tab, raw, item)
    try:
        fields = list(fields_in([n for g in groups(tab, dict(raw), item) for n in g.nodes]))
    except (LookupError, TypeError, AttributeError):
        fields = []
    path = field_of(problem, fields)
    field = next((field for field in fields if field.path == path), None)
    place = [t(TABS[tab])]
    if tab == "services" and items(tab, dict(raw)):
        place = [service_place(raw["services"][item], t)]
    elif tab == "counters" and item != DEVICES and items(tab, dict(raw)):
        place = [counter_place(raw["counters"][item]["number"], t)]
    if field:
        place.append(t(field.label.text))
    return Wrong(_text(problem, field, t), ", ".join(place), address(tab, item) + _anchor(field))


def _anchor(field: Field | None) -> str:
    return f"#{field.id}" if field else ""


def _inside(field: Field) -> tuple[str, str]:
    return f"{field.path}.", f"{field.path}["


def _text(problem: Problem, field: Field | None, t: Words) -> str:
    path = problem.path.removeprefix("$.")
    own = field is not None and (path == field.path or path.startswith(_inside(field)))
    if problem.rule is not Rule.TYPE or field is None or not own:
        return problem_text(problem, t)
    low, high = field.lowest, field.highest
    match field.kind:
        case Kind.WHOLE | Kind.NUMBERS | Kind.SERVES if low is not None and high is not None:
            text = t("Mời nhập số nguyên từ {low} đến {high}.", low=f"{low:g}", high=f"{high:g}")
        case Kind.WHOLE if low is not None:
            text = t("Mời nhập số nguyên từ {low} trở lên.", low=f"{low:g}")
        case Kind.WHOLE | Kind.NUMBERS | Kind.SERVES:
            text = t("Mời nhập số nguyên.")
        case Kind.DECIMAL if high is not None:
            text = t("Mời nhập số lớn hơn {low:g}, không quá {high:g}.", low=low or 0, high=high)
        case Kind.DATE:
            text = t("Mời nhập một ngày có thật, như 30/04/2027.")
        case Kind.ONE_OF:
            text = t("Mời chọn một giá trị trong danh sách.")
        case _:
            text = _PATTERNS.get(field.label.text, "")
            text = t(text) if text else problem_text(problem, t)
    return text


_PATTERNS = {
    N_("Mã"): N_("Mời nhập chữ hoa không dấu, chữ số hoặc gạch dưới, nhiều nhất 16 ký tự."),
    N_("Chữ cái đầu"): N_("Mời nhập một hoặc hai chữ cái hoa không dấu."),
    N_("Mã thiết bị"): N_("Mời nhập chữ thường không dấu, chữ số hoặc gạch ngang, như counter-3."),
    N_("Máy lấy số"): N_("Mời nhập mã một máy lấy số, như kiosk-1."),
    N_("Biểu tượng"): N_("Mời chọn một biểu tượng."),
    N_("Mã ngôn ngữ"): N_(
        "Mời nhập mã quốc tế của ngôn ngữ, hai hoặc ba chữ thường như tyz; tiếng Việt và tiếng Anh "
        "đã có sẵn."
    ),
}


def _items(  # noqa: PLR0917 - all that an entry says
    tab: str,
    item: int,
    raw: Raw,
    differ: Sequence[Change],
    problems: Sequence[Problem],
    t: Words,
) -> list[Item]:
    if tab not in ("services", "counters"):
        return []
    bad = {tab_of(problem.path) for problem in problems}
    changed = {tab_of(change.path) for change in differ}
    found = []
    for index, each in enumerate(raw[tab]):
        service = tab == "services"
        found.append(
            Item(
                text=service_name(each, t) if service else counter_place(each["number"], t),
                address=address(tab, index),
                icon=str(each["icon"]) if service else "",
                head=_head(each, raw) if service else ", ".join(map(str, each["serves"])),
                current=index == item,
                wrong=(tab, index) in bad,
                changed=(tab, index) in changed,
            )
        )
    return found


def _head(service: Raw, raw: Raw) -> str:
    letters = raw["numbering"]["style"] == "letter"
    return f"{service['letter' if letters else 'digit']}…"


def _fixed(tab: str, item: int, raw: Raw, present: Raw) -> frozenset[str]:
    if tab == "services":
        codes = {service["code"] for service in present["services"]}
        return frozenset({f"services[{item}].code"} if raw[tab][item]["code"] in codes else ())
    if tab == "counters" and item != DEVICES:
        numbers = {counter["number"] for counter in present["counters"]}
        return frozenset(
            {f"counters[{item}].number"} if raw[tab][item]["number"] in numbers else ()
        )
    return frozenset()


def _hints(tab: str, item: int, raw: Raw, t: Words) -> dict[str, str]:
    if tab != "services":
        return {}
    service, path = raw["services"][item], f"services[{item}]"
    found = {}
    first, digits = service.get("number_first"), raw["numbering"]["digits"]
    if first is None:
        first = raw["numbering"]["first"]
    head = service["letter"] if raw["numbering"]["style"] == "letter" else service["digit"]
    if isinstance(first, int) and isinstance(digits, int):
        number = f"{head}{first:0{min(digits, 5)}d}"
        found[f"{path}.digit"] = t("phát số từ {number}", number=number)
    minutes = service["last_ticket_before_close_min"]
    if minutes is None:
        minutes = raw["hours"]["last_ticket_before_close_min"]
    times = _last_tickets(raw, minutes)
    if times:
        found[f"{path}.last_ticket_before_close_min"] = t(
            "lấy số cuối lúc {times}", times=", ".join(times)
        )
    return found


def _last_tickets(raw: Raw, minutes: Any) -> list[str]:  # noqa: ANN401 - what was typed
    """Return when the last numbers are given on the first day of the week that is open."""
    hours = raw["hours"]
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        try:
            windows = [Window.parse(text) for text in hours[day]]
        except (ValueError, TypeError):
            continue
        if windows and isinstance(minutes, int):
            ends = [timedelta(hours=w.end.hour, minutes=w.end.minute) for w in windows]
            left = [(end - timedelta(minutes=minutes)) % _A_DAY for end in ends]
            return [f"{at.seconds // 3600:02}:{at.seconds // 60 % 60:02}" for at in left]
    return []


@dataclass(frozen=True, slots=True)
class Counted:
    """What templates say of so many things."""

    t: Words

    def changes(self, count: int) -> str:
        """Return how much is changed."""
        return self.t.plural("{count} chỗ sửa", count)

    def fixes(self, count: int) -> str:
        """Return how much has to be put right."""
        return self.t.plural("Còn {count} chỗ cần sửa trước khi áp dụng", count)

    def refused(self, count: int) -> str:
        """Return how much keeps a file or a version from being used."""
        return self.t.plural("Chưa dùng được, còn {count} chỗ cần sửa", count)

    def both(self, count: int) -> str:
        """Return how much two people changed each in their own way."""
        return self.t.plural("Cả hai cùng sửa {count} chỗ, đánh dấu ở trên.", count)

    def differences(self, count: int) -> str:
        """Return how much differs from the version before."""
        return self.t.plural("{count} chỗ khác phiên bản trước", count)

    def items(self, tab: str, count: int) -> str:
        """Return how many services or counters there are."""
        if tab == "services":
            return self.t.plural("{count} lĩnh vực", count)
        return self.t.plural("{count} quầy", count)
