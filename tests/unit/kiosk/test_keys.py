"""The five keys of a window: pressed, held, repeated by the keyboard, and while staff have it."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtQuick import QQuickWindow

from bus.vocabulary import SoundState
from config.settings import FiveKeys as Names
from kiosk.controls import Controls
from kiosk.speaking.keys import HOLD_S, FiveKeys
from kiosk.speaking.reader import Reader
from kiosk.speaking.running import codes_of
from tests.unit.kiosk.hearing import Mouth

PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease


class Keyboard:
    """The keypad of a kiosk whose maintenance menu can be opened."""

    def __init__(self, hall: Any) -> None:
        hall.kiosk.speech_is(SoundState.OK)
        self.hall = hall
        self.mouth = Mouth()
        self.reader = Reader(hall.kiosk, Controls(hall.kiosk), self.mouth)
        self.menu_is_open = False
        self.window = QQuickWindow()
        self.keys = FiveKeys(
            self.window,
            self.reader,
            codes_of(Names(choose=("Return", "F5"))),
            hall.clock.monotonic,
            lambda: self.menu_is_open,
        )

    def send(self, kind: QEvent.Type, key: Qt.Key, *, repeated: bool = False) -> bool:
        """Send what a keyboard does; return whether it was taken from the window."""
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", repeated)
        return self.keys.eventFilter(self.window, event)

    def strike(self, key: Qt.Key, held_s: float = 0.1) -> None:
        self.hall.pause()
        self.send(PRESS, key)
        self.hall.clock.advance(held_s)
        self.send(RELEASE, key)

    def rests(self) -> bool:
        return self.reader.paused

    @property
    def at(self) -> str:
        return self.reader.focused.id if self.reader.focused else ""


@pytest.fixture
def keyboard(qapp: QGuiApplication, hall: Any) -> Iterator[Keyboard]:
    assert qapp
    keyboard = Keyboard(hall)
    yield keyboard
    keyboard.keys.stop()


def test_any_of_the_five_begins_and_then_each_does_its_own(keyboard: Keyboard) -> None:
    keyboard.strike(Qt.Key.Key_Down)
    assert keyboard.hall.kiosk.session.spoken
    assert keyboard.reader.volume == 6, "the first press only says what this is"
    keyboard.strike(Qt.Key.Key_Right)
    keyboard.strike(Qt.Key.Key_Right)
    assert keyboard.at == "service-CERT"
    keyboard.strike(Qt.Key.Key_Left)
    assert keyboard.at == "priority"
    keyboard.strike(Qt.Key.Key_F5)
    assert keyboard.hall.kiosk.session.priority
    keyboard.strike(Qt.Key.Key_Up)
    assert keyboard.reader.volume == 7


def test_a_held_key_is_one_key(keyboard: Keyboard) -> None:
    keyboard.strike(Qt.Key.Key_Right)
    keyboard.hall.pause()
    keyboard.send(PRESS, Qt.Key.Key_Right)
    before = keyboard.at
    for _ in range(20):
        assert keyboard.send(PRESS, Qt.Key.Key_Right, repeated=True)
        assert keyboard.send(RELEASE, Qt.Key.Key_Right, repeated=True)
    assert keyboard.at == before == "priority"


def test_the_round_key_held_rests_the_voice_and_chooses_nothing(keyboard: Keyboard) -> None:
    keyboard.strike(Qt.Key.Key_Right)
    keyboard.strike(Qt.Key.Key_Right)
    keyboard.strike(Qt.Key.Key_Return, held_s=HOLD_S + 0.1)
    assert keyboard.rests()
    assert not keyboard.hall.kiosk.session.priority
    keyboard.strike(Qt.Key.Key_Return)
    assert not keyboard.rests()
    assert not keyboard.hall.kiosk.session.priority
    keyboard.strike(Qt.Key.Key_Return, held_s=HOLD_S - 0.1)
    assert keyboard.hall.kiosk.session.priority


def test_while_staff_have_the_menu_the_keys_are_theirs(keyboard: Keyboard) -> None:
    keyboard.strike(Qt.Key.Key_Right)
    keyboard.strike(Qt.Key.Key_Right)
    keyboard.menu_is_open = True
    said = len(keyboard.mouth.said)
    assert not keyboard.send(PRESS, Qt.Key.Key_Return)
    assert not keyboard.send(RELEASE, Qt.Key.Key_Return)
    assert not keyboard.send(PRESS, Qt.Key.Key_Left)
    assert (keyboard.at, len(keyboard.mouth.said)) == ("priority", said)
    keyboard.menu_is_open = False
    keyboard.strike(Qt.Key.Key_Return)
    assert keyboard.hall.kiosk.session.priority


def test_a_round_key_let_go_of_after_the_menu_closed_chooses_nothing(keyboard: Keyboard) -> None:
    keyboard.strike(Qt.Key.Key_Right)
    keyboard.strike(Qt.Key.Key_Right)
    keyboard.menu_is_open = True
    keyboard.send(PRESS, Qt.Key.Key_Return)
    keyboard.menu_is_open = False
    keyboard.send(RELEASE, Qt.Key.Key_Return)
    assert not keyboard.hall.kiosk.session.priority


def test_other_keys_pass(keyboard: Keyboard) -> None:
    assert not keyboard.send(PRESS, Qt.Key.Key_A)
    assert not keyboard.hall.kiosk.session.keys
