"""What wireless buttons say: messages read as the lines of `forms.toml` and of the box describe."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from bus.typed import read_toml
from config.settings.base import Settings
from config.settings.keypads import ButtonForm, Meaning

MAX_BYTES = 8192
"""No button says more at once; what does is not one."""
_SET_CLOCK = 1_600_000_000
"""A clock that shows an earlier second since 1970 was never set."""
_NO_CLOCK = 100_000_000_000
"""A greater one is no second since 1970; it may be a millisecond."""
_PATTERNS = {
    "device": r"[^/:]+",
    "device*": r"[^:]+",
    "button": r"[^/:]{1,40}",
    "action": r".{1,80}",
    "presence": r"online|offline|true|false",
    "contact": r"on|off",
    "blu": r"bthome(?:device|sensor):[0-9]{1,4}",
}
_VALUES = frozenset({"time", "count", "index"})
"""Places that hold a number or a time rather than text."""
_MAY_BE_MISSING = frozenset({"{time}", "{index}"})
_PLACE = re.compile(r"\{([a-z]+\*?)\}")
_THERE = frozenset({"online", "true"})

Found = dict[str, Any]
"""What stands in each place of a message."""


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """What a finger did, in the words of the button's own firmware."""

    device: str
    """Family and device, such as `zigbee2mqtt:quay-3`."""
    button: str
    """Which button of the device; empty where it has one."""
    meaning: Meaning
    stamp: float | None = None
    """When it was pressed by the device's clock, in seconds since 1970."""
    count: int | None = None
    """The number of the press, which a repetition shares."""
    second_hand: bool = False
    """ButtonMessage once more on another topic by most, by some on this one alone."""
    action: str = ""
    """The words themselves."""

    @property
    def unit(self) -> str:
        """Return the name by which settings give it a counter."""
        return f"{self.device}:{self.button}" if self.button else self.device


@dataclass(frozen=True, slots=True)
class Unread:
    """Words that look like a press and that no form knows."""

    device: str
    action: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that is open or closed now; only its closing is a press."""

    device: str
    button: str
    closed: bool

    @property
    def unit(self) -> str:
        """Return the name by which settings give it a counter."""
        return f"{self.device}:{self.button}"


@dataclass(frozen=True, slots=True)
class ButtonPresence:
    """A device, or the bridge of a whole family, says that it is there or gone."""

    device: str
    there: bool


ButtonMessage = ButtonPress | Unread | Contact | ButtonPresence


class Forms:
    """The forms of a box: its own lines first, then the built-in ones."""

    def __init__(self, own: Sequence[ButtonForm] = ()) -> None:
        built_in = _built_in()
        self._forms = [
            (form, _pattern(form.topic), [_template(text) for text in form.payload])
            for form in (*own, *built_in.forms)
        ]
        self._actions = built_in.actions

    def filters(self, units: Sequence[str] = ()) -> list[str]:
        """Return what to subscribe to; devices of `units` with a slash need topics of their own."""
        filters: dict[str, None] = {}
        for form, _, templates in self._forms:
            if not templates:
                continue
            filters[_filter(form.topic)] = None
            for unit in units:
                family, device = unit.split(":")[:2]
                if "/" in device and family == form.family and "{device*}" in form.topic:
                    filters[form.topic.replace("{device*}", device)] = None
        return list(filters)

    def said(self, topic: str, payload: bytes) -> list[ButtonMessage]:
        """Return what a message says of buttons; nothing for anything else. Raises nothing."""
        if len(payload) > MAX_BYTES:
            return []
        for form, pattern, templates in self._forms:
            match = pattern.fullmatch(topic)
            if match:
                value = _json(payload)
                text = payload.decode("utf-8", "replace").strip()
                places = match.groupdict()
                return [
                    said
                    for template in templates
                    for found in _found(template, text if isinstance(template, str) else value)
                    for said in self._read(form, places | found)
                ]
        return []

    def _read(self, form: ButtonForm, found: Found) -> Iterator[ButtonMessage]:
        device = f"{form.family}:{found['device']}" if "device" in found else form.family
        button = str(found.get("button") or "")
        if blu := found.get("blu"):
            key = found.get("index")
            button = blu.lower().replace(":", "-") + (f"-{key}" if key else "")
        if "presence" in found:
            yield ButtonPresence(device, found["presence"].lower() in _THERE)
        elif "contact" in found:
            yield Contact(device, button, closed=found["contact"].lower() == "on")
        elif "action" in found:
            action = found["action"].strip().lower()
            read = meaning_of(action, self._actions | form.actions)
            if read is None:
                yield Unread(device, action)
                return
            part, meaning = read
            button = "-".join(each for each in (button, part) if each)
            stamp = _stamp(found.get("time"))
            yield ButtonPress(
                device, button, meaning, stamp, found.get("count"), form.again, action
            )


def meaning_of(action: str, known: Mapping[str, Meaning]) -> tuple[str, Meaning] | None:
    """Return which button of its device `action` names, and what the finger did there."""
    words = action.split("_")
    for at in range(len(words)):
        if meaning := known.get("_".join(words[at:])):
            return _button("_".join(words[:at])), meaning
    for at in range(len(words) - 1, 0, -1):
        if meaning := known.get("_".join(words[:at])):
            return _button("_".join(words[at:])), meaning
    return None


class _File(Settings, frozen=True, kw_only=True):
    forms: tuple[ButtonForm, ...]
    actions: dict[str, Meaning]


@cache
def _built_in() -> _File:
    return read_toml(Path(__file__).with_name("forms.toml").read_bytes(), _File)


def _button(words: str) -> str:
    return words.removeprefix("button_")


def _filter(topic: str) -> str:
    return "/".join("+" if "{" in level else level for level in topic.split("/"))


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Return what `text` matches, in letters of any size, each place as a group of its name."""
    pattern, at = "", 0
    for place in _PLACE.finditer(text):
        pattern += re.escape(text[at : place.start()])
        pattern += f"(?P<{place[1].removesuffix('*')}>{_PATTERNS.get(place[1], '.*')})"
        at = place.end()
    return re.compile(pattern + re.escape(text[at:]), re.IGNORECASE | re.DOTALL)


def _template(text: str) -> Any:  # noqa: ANN401 - a tree of JSON
    """Return a payload's template: a tree for JSON, itself for text."""
    try:
        tree = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
    return tree if isinstance(tree, dict) else text


def _found(template: Any, value: Any) -> Iterator[Found]:  # noqa: ANN401 - trees of JSON
    """Yield what stands in the places of `template` in `value`, once for each way that it fits."""
    if isinstance(template, dict):
        if isinstance(value, Mapping):
            yield from _found_in_table(template, value)
    elif isinstance(template, list):
        for entry in value if isinstance(value, list) else ():
            yield from _found(template[0], entry)
    elif template[1:-1] in _VALUES:
        if template[1:-1] == "time" or (isinstance(value, int) and not isinstance(value, bool)):
            yield {template[1:-1]: value}
    elif isinstance(value, str) and (match := _pattern(template).fullmatch(value)):
        yield match.groupdict()


def _found_in_table(template: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[Found]:
    so_far: list[Found] = [{}]
    for name, inner in template.items():
        keys = [(match, key) for key in value if (match := _pattern(name).fullmatch(str(key)))]
        entries = [
            match.groupdict() | found
            for match, key in (keys if "{" in name else keys[:1])
            for found in _found(inner, value[key])
        ]
        if entries or not (isinstance(inner, str) and inner in _MAY_BE_MISSING):
            so_far = [before | found for before in so_far for found in entries]
    yield from so_far


def _stamp(value: object) -> float | None:
    """Return a time as seconds since 1970; None for no time, or a clock that was never set."""
    if isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return None
        value = at.timestamp() if at.tzinfo else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    for unit in (1, 1000):
        if _SET_CLOCK * unit < value < _NO_CLOCK * unit:
            return value / unit
    return None


def _json(payload: bytes) -> object:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
