"""Views are skins' food: the whole window as JSON, with nothing of Qt or HTTP in it."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from bus.states import Alarm, OfflineRange, Outage
from bus.vocabulary import AlarmKind, TicketState
from hall.counter.sheets import menu_sheet
from hall.counter.situation import Choice, Menu
from hall.counter.view import View, plain, present

GOLDEN = Path(__file__).parent / "view.json"
"""The window while the officer has to choose; with DENLUOT_GOLDEN set it is written again."""


def text_of(view: View) -> str:
    return json.dumps(plain(view), ensure_ascii=False, indent=1) + "\n"


def busy_view(scene: Any) -> View:
    alarms = (Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1"),)
    state = scene.state(
        current=scene.choosing(),
        alarms=alarms,
        outages=(Outage(system="Hệ thống bộ, ngành", since=scene.ago(14)),),
        offline=(OfflineRange(kiosk="kiosk-1", service="CIVIL", first="2901", last="2949"),),
    )
    at = scene.situation(state, tab=TicketState.ABSENT)
    return present(at, menu_sheet(Menu.TRANSFER, at))


def test_the_window_as_json_is_as_it_was(scene: Any) -> None:
    if os.environ.get("DENLUOT_GOLDEN"):
        GOLDEN.write_text(text_of(busy_view(scene)), encoding="utf-8")
    assert text_of(busy_view(scene)) == GOLDEN.read_text(encoding="utf-8")


def test_the_same_hall_gives_the_same_bytes(scene: Any) -> None:
    assert text_of(busy_view(scene)) == text_of(busy_view(scene))


def missing(value: Any, drawn: Any, path: str = "view") -> Iterator[str]:
    """Yield where a view has something that its JSON has not, or says otherwise."""
    if isinstance(value, tuple):
        parts = {f"[{index}]": part for index, part in enumerate(value)}
        drawn = {f"[{index}]": part for index, part in enumerate(drawn)}
    elif is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
    else:
        parts = {}
    if isinstance(value, Choice):
        leads = parts.pop("leads")
        if drawn["enabled"] != value.enabled or (leads and not drawn["leads"]):
            yield f"{path}.leads"
    elif not parts and value not in (drawn, ()):
        yield path
    for name, part in parts.items():
        if name in drawn:
            yield from missing(part, drawn[name], f"{path}.{name}")
        else:
            yield f"{path}.{name}"


@pytest.mark.parametrize("menu", [None, *Menu])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_of_the_view_is_left_out(scene: Any, menu: Menu | None, lang: str) -> None:
    for state in (scene.state(), scene.idle(), scene.state(current=scene.calling())):
        at = scene.situation(state, lang=lang)
        view = present(at, menu_sheet(menu, at) if menu else None)
        assert list(missing(view, json.loads(text_of(view)))) == []


def test_a_press_is_a_command_that_a_page_can_send(scene: Any) -> None:
    drawn: Any = plain(busy_view(scene))
    assert drawn["buttons"]["second"]["leads"] == {
        "kind": "call_next",
        "counter": 3,
        "current": "T1017",
        "current_to": "absent",
        "outcome": None,
        "roll": None,
    }


def test_the_hall_needs_neither_qt_nor_http() -> None:
    code = (
        "import sys, hall.counter.desk; "
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'litestar')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
