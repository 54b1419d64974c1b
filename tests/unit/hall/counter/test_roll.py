"""A printed roll as the officer meets it."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from typing import Any

import pytest
from msgspec.structs import replace

from bus.commands import CallNext
from bus.vocabulary import CurrentTo
from hall.counter.sheets import menu_sheet
from hall.counter.situation import Menu
from hall.counter.view import present


@pytest.fixture
def roll(scene: Any) -> Any:
    """The scene of the pictures, with a roll for CIVIL, which counter 3 serves."""
    services = tuple(
        replace(one, roll_last=899) if one.code == "CIVIL" else one for one in scene.centre.services
    )
    scene.centre = replace(scene.centre, services=services)
    return scene


def texts(menu: Menu, at: Any) -> list[str]:
    sheet = menu_sheet(menu, at)
    assert sheet is not None
    return [choice.text for choice in sheet.choices]


def test_the_roll_is_called_whoever_waits(roll: Any) -> None:
    state = roll.state()
    at = roll.situation(replace(state, legal=(*state.legal, "call_next.roll")))
    sheet = menu_sheet(Menu.MORE, at)
    assert sheet is not None
    (choice,) = [each for each in sheet.choices if "cuộn giấy" in each.text]
    assert choice.leads == CallNext(
        counter=3, current="T1017", current_to=CurrentTo.FINISH, roll="CIVIL"
    )
    assert choice.note == "số 1017 tính là xong"
    assert not [text for text in texts(Menu.MORE, roll.situation(state)) if "cuộn" in text]


def test_nobody_is_given_a_number_of_a_roll(roll: Any) -> None:
    name = roll.centre.service("CIVIL").name.vi
    assert name not in texts(Menu.ISSUE, roll.situation(roll.state()))


def test_a_free_counter_is_told_where_its_next_number_is(roll: Any) -> None:
    state = replace(roll.state(), current=None, waiting=(), waiting_total=0)
    view = present(roll.situation(state))
    assert view.current.detail == "Số tiếp theo lấy ở cuộn giấy"
    note = menu_sheet(Menu.NUMBER, roll.situation(state))
    assert note is not None
    assert "cuộn giấy" in note.note


def test_no_wait_is_made_up(roll: Any) -> None:
    state = roll.state()
    current = replace(state.current, from_roll=True)
    view = present(roll.situation(replace(state, current=current, waiting=(), waiting_total=0)))
    assert view.current.facts[0].value == "chưa rõ"
    assert view.buttons.primary.note == "F9 · số tiếp của cuộn giấy"
