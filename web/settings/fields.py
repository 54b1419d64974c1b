"""The fields of a centre's forms, made from its types, and what a browser sends back of them.

A centre is edited as plain values (`raw`). What somebody typed that is no number or date stays in
it as the text it is, so that nothing typed is lost and the same check as the file's names it.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from bus.codec import FORBIDDEN
from config import Centre, centre_to_wire
from config.settings import Text, Window
from web.settings.labels import LABELS, Label

_MOST_ROWS = 300
_MOST_LETTERS = 2000
_BLANK_ROWS = 2
_NUMBER = re.compile(r"-?\d{1,9}")
_CLOCK = re.compile(r"(\d{1,2})(?:[:hg](\d{2})?)?\s*[-–]\s*(\d{1,2})(?:[:hg](\d{2})?)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_LOCAL_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_STEPS = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class Kind(Enum):
    """How a setting is typed in."""

    TEXT = auto()
    PAIR = auto()
    """A text in both languages."""
    WHOLE = auto()
    DECIMAL = auto()
    TICK = auto()
    DATE = auto()
    ONE_OF = auto()
    SOME_OF = auto()
    HOURS = auto()
    NUMBERS = auto()
    SERVES = auto()
    """What a counter serves: a tick and minutes for each service."""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting in a form; `path` is its place and its name there."""

    path: str
    kind: Kind
    label: Label
    value: Any
    optional: bool = False
    choices: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None

    @property
    def id(self) -> str:
        """Return what the page calls it."""
        return re.sub(r"[.\[\]]+", "-", self.path).strip("-")

    @property
    def typed(self) -> str:
        """Return the value as it stands in one input."""
        value = self.value
        if value is None or value == []:
            return ""
        if self.kind in (Kind.HOURS, Kind.NUMBERS) and isinstance(value, list | tuple):
            return ", ".join(str(each) for each in value)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if self.kind is Kind.DATE and (match := _ISO_DATE.fullmatch(str(value))):
            return f"{match[3]}/{match[2]}/{match[1]}"
        return str(value)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of settings, a row each, with blank rows to add more; a blanked row is gone."""

    path: str
    label: Label
    rows: tuple[tuple[Field, ...], ...]
    shown: int
    """How many of them are not blank yet."""

    @property
    def id(self) -> str:
        """Return what the page calls it."""
        return re.sub(r"[.\[\]]+", "-", self.path).strip("-")


Node = Field | Rows


def plain(centre: Centre) -> dict[str, Any]:
    """Return a centre as plain values that can be edited: tables and lists."""
    values: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(centre_to_wire(centre)))
    return values


def nodes_of(kind: type[Struct], raw: Mapping[str, Any], path: str, *names: str) -> list[Node]:
    """Return the fields of the table at `path` that have one of `names`."""
    infos = {info.name: info for info in msgspec.structs.fields(kind)}
    table = at(raw, path) if path else raw
    return [
        _node(infos[name].type, table.get(name), _join(path, name), f"{kind.__name__}.{name}")
        for name in names
    ]


def take(raw: dict[str, Any], nodes: Sequence[Node], form: Mapping[str, Sequence[str]]) -> None:
    """Put what `form` says of `nodes` into `raw`; a field that did not come stays as it is."""
    for node in nodes:
        if isinstance(node, Rows):
            _take_rows(raw, node, form)
        elif _came(node, form):
            assign(raw, node.path, _read(node, form))


def at(raw: Any, path: str) -> Any:  # noqa: ANN401 - plain values
    """Return what stands at `path`; raises LookupError or TypeError where there is nothing."""
    for name, index in _STEPS.findall(path):
        raw = raw[name] if name else raw[int(index)]
    return raw


def assign(raw: dict[str, Any], path: str, value: object) -> None:
    """Put `value` at `path`."""
    steps = [name or int(index) for name, index in _STEPS.findall(path)]
    place: Any = raw
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value


def fields_in(nodes: Sequence[Node]) -> Iterator[Field]:
    """Return every field, those of rows too."""
    for node in nodes:
        if isinstance(node, Rows):
            for row in node.rows:
                yield from row
        else:
            yield node


def cleaned(text: str) -> str:
    """Return a text as the wire takes it: bounded, without control characters."""
    return FORBIDDEN.sub("", text[:_MOST_LETTERS])


def blank(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a type
    """Return a table of `kind` that nobody has filled in yet."""
    return {
        info.name: _BLANKS.get(_shape(_bare(info.type)[0]), "")
        if info.required
        else msgspec.to_builtins(info.default)
        for info in msgspec.structs.fields(kind)
    }


def _nothing(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a type
    """Return a table in which nothing is said, not even what would go without saying."""
    return {
        info.name: _BLANKS.get(_shape(_bare(info.type)[0]), "")
        for info in msgspec.structs.fields(kind)
    }


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _node(kind: Any, value: Any, path: str, label_key: str) -> Node:  # noqa: ANN401 - a type
    label = LABELS[label_key]
    bare, optional, meta = _bare(kind)
    shape = _shape(bare)
    if shape is None:
        return _rows(bare, meta, value or [], path, label)
    choices = tuple(str(choice) for choice in _choices(bare))
    low, high = (meta.ge, meta.le) if meta else (None, None)
    if low is None and meta and meta.gt is not None:
        low = meta.gt
    return Field(path, shape, label, value, optional, choices, low, high)


def _rows(kind: Any, meta: Meta | None, value: Any, path: str, label: Label) -> Rows:  # noqa: ANN401
    item = get_args(kind)[0]
    most = (meta.max_length if meta else None) or _MOST_ROWS
    shown = len(value)
    count = max(shown, min(shown + _BLANK_ROWS, most))
    empty = {"vi": "", "en": ""} if item is Text else _nothing(item)
    given = [*value, *[empty] * (count - shown)]
    rows = tuple(_row(item, each, f"{path}[{i}]", label) for i, each in enumerate(given))
    return Rows(path, label, rows, shown)


def _row(item: Any, value: Any, path: str, label: Label) -> tuple[Field, ...]:  # noqa: ANN401
    if item is Text:
        return (Field(path, Kind.PAIR, label, value),)
    nodes = (
        _node(
            info.type, value.get(info.name), f"{path}.{info.name}", f"{item.__name__}.{info.name}"
        )
        for info in msgspec.structs.fields(item)
    )
    return tuple(node for node in nodes if isinstance(node, Field))


def _take_rows(raw: dict[str, Any], node: Rows, form: Mapping[str, Sequence[str]]) -> None:
    """Put the rows that came into `raw`, without the blank ones."""
    sent = form.get(f"{node.path}#", [""])[0]
    if not sent.isdecimal() or not node.rows:
        return
    model, kept = node.rows[0], []
    old = at(raw, node.path)
    for index in range(min(int(sent), _MOST_ROWS)):
        row = [_moved(field, node.path, index) for field in model]
        values = {field.path: _read(field, form) for field in row}
        if not any(_says_something(field, values[field.path]) for field in row):
            continue
        if row[0].kind is Kind.PAIR and row[0].path == f"{node.path}[{index}]":
            kept.append(values[row[0].path] or {"vi": "", "en": ""})
            continue
        table = dict(old[index]) if index < len(old) else {}
        kept.append(table | {field.path.rpartition(".")[2]: values[field.path] for field in row})
    assign(raw, node.path, kept)


def _moved(field: Field, path: str, index: int) -> Field:
    """Return a field of a list's first row as it is in another."""
    rest = field.path.removeprefix(f"{path}[0]")
    return replace(field, path=f"{path}[{index}]{rest}", value=None)


def _says_something(field: Field, value: object) -> bool:
    """Return whether a row with this value is more than blank: ticks and choices always say one."""
    if field.kind in (Kind.TICK, Kind.ONE_OF, Kind.SOME_OF):
        return False
    if isinstance(value, Mapping):
        return any(value.values())
    return value not in ("", None, [])


def _came(field: Field, form: Mapping[str, Sequence[str]]) -> bool:
    if field.kind in (Kind.TICK, Kind.SOME_OF):
        return f"{field.path}?" in form
    return f"{field.path}.vi" in form if field.kind is Kind.PAIR else field.path in form


def _read(field: Field, form: Mapping[str, Sequence[str]]) -> Any:  # noqa: ANN401, PLR0911 - one return for each kind
    texts = [cleaned(text) for text in form.get(field.path, ())]
    text = texts[0] if texts else ""
    match field.kind:
        case Kind.TICK:
            return bool(texts)
        case Kind.PAIR:
            vi, en = (cleaned(form.get(f"{field.path}.{each}", [""])[0]) for each in ("vi", "en"))
            return None if field.optional and not (vi or en) else {"vi": vi, "en": en}
        case Kind.SOME_OF:
            known = [each for each in (field.value or []) if each in texts]
            return [*known, *(each for each in texts if each not in known)]
        case Kind.HOURS:
            return [_window(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]
        case Kind.NUMBERS:
            return [_whole(part) for part in re.split(r"[,;\s]+", text) if part]
        case Kind.DATE:
            return _date(text.strip())
        case Kind.WHOLE:
            return None if field.optional and not text.strip() else _whole(text.strip())
        case Kind.DECIMAL:
            return _decimal(text.strip())
        case _:
            return text


def _whole(text: str) -> int | str:
    return int(text) if _NUMBER.fullmatch(text) else text


def _decimal(text: str) -> float | str:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return number if abs(number) < 1e9 else text  # noqa: PLR2004 - not nan, not inf


def _date(text: str) -> str:
    """Return a day as the file writes it, where somebody wrote 1/5/2027."""
    match = _LOCAL_DATE.fullmatch(text)
    return f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}" if match else text


def _window(text: str) -> str:
    """Return hours as the file writes them, where somebody wrote 7h30-11h or 7:30–11:00."""
    try:
        Window.parse(text)
    except ValueError:
        if match := _CLOCK.fullmatch(text):
            begin, begin_min, end, end_min = match.groups("00")
            return f"{begin:0>2}:{begin_min}-{end:0>2}:{end_min}"
    return text


def _bare(kind: Any) -> tuple[Any, bool, Meta | None]:  # noqa: ANN401 - types
    """Return a type without its bounds and None, whether None is allowed, and the bounds."""
    if get_origin(kind) is Annotated:
        inner, meta = get_args(kind)[0], get_args(kind)[1]
        bare, optional, _ = _bare(inner)
        return bare, optional, meta
    if get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        options = [option for option in get_args(kind) if option is not type(None)]
        bare, _, meta = _bare(options[0])
        return bare, True, meta
    return kind, False, None


def _shape(bare: Any) -> Kind | None:  # noqa: ANN401 - a type
    """Return how a type is typed in; None for a list that has rows."""
    if get_origin(bare) is Literal or (isinstance(bare, type) and issubclass(bare, Enum)):
        return Kind.ONE_OF
    if get_origin(bare) is dict:
        return Kind.SERVES
    if get_origin(bare) is tuple:
        item = _bare(get_args(bare)[0])[0]
        if get_origin(item) is Literal:
            return Kind.SOME_OF
        return {str: Kind.HOURS, int: Kind.NUMBERS}.get(item)
    return _SHAPES.get(bare)


def _choices(bare: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type
    if get_origin(bare) is tuple:
        return _choices(get_args(bare)[0])
    if get_origin(bare) is Literal:
        return get_args(bare)
    return tuple(bare) if isinstance(bare, type) and issubclass(bare, Enum) else ()


_SHAPES: Mapping[Any, Kind] = {
    str: Kind.TEXT,
    int: Kind.WHOLE,
    float: Kind.DECIMAL,
    bool: Kind.TICK,
    dt.date: Kind.DATE,
    Text: Kind.PAIR,
}
_BLANKS: Mapping[Kind | None, Any] = {
    Kind.PAIR: {"vi": "", "en": ""},
    Kind.HOURS: [],
    Kind.NUMBERS: [],
    Kind.SOME_OF: [],
    Kind.SERVES: {},
}
