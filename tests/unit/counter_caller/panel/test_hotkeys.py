import ctypes
from ctypes import wintypes

import pytest

from counter_caller.panel import hotkeys
from counter_caller.panel.hotkeys import GlobalKeys

VK_F8, VK_F9 = 0x77, 0x78
WM_HOTKEY, WM_KEYDOWN = 0x0312, 0x0100


class FakeUser32:
    def __init__(self, *, taken: int | None = None) -> None:
        self.taken = taken
        self.registered: list[tuple[int, int, int]] = []

    def RegisterHotKey(  # noqa: N802
        self, window: None, key_id: int, modifiers: int, key: int, /
    ) -> int:
        assert window is None
        if key == self.taken:
            return 0
        self.registered.append((key_id, modifiers, key))
        return 1


def message(kind: int, key_id: int) -> wintypes.MSG:
    event = wintypes.MSG()
    event.message = kind
    event.wParam = key_id
    return event


def test_only_f8_and_f9_without_repeat() -> None:
    user32 = FakeUser32()
    GlobalKeys(user32, hotkeys.KEYS, print)
    assert user32.registered == [(1, 0x4000, VK_F8), (2, 0x4000, VK_F9)]


def test_a_hot_key_presses_its_button() -> None:
    pressed: list[str] = []
    keys = GlobalKeys(FakeUser32(), hotkeys.KEYS, pressed.append)
    event = message(WM_HOTKEY, 2)
    assert keys.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(event)) == (True, 0)
    assert pressed == ["next"]


@pytest.mark.parametrize(("kind", "key_id"), [(WM_KEYDOWN, 2), (WM_HOTKEY, 9)])
def test_other_messages_pass(kind: int, key_id: int) -> None:
    pressed: list[str] = []
    keys = GlobalKeys(FakeUser32(), hotkeys.KEYS, pressed.append)
    event = message(kind, key_id)
    assert keys.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(event)) == (False, 0)
    assert keys.nativeEventFilter(b"xcb_generic_event_t", 0) == (False, 0)
    assert pressed == []


def test_a_key_that_is_taken_is_left_to_its_owner(expected_warnings: list[str]) -> None:
    expected_warnings.append("key taken by another program key=F9")
    user32 = FakeUser32(taken=VK_F9)
    keys = GlobalKeys(user32, hotkeys.KEYS, print)
    assert [key for _, _, key in user32.registered] == [VK_F8]
    event = message(WM_HOTKEY, 2)
    assert keys.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(event)) == (False, 0)


def test_elsewhere_the_windows_own_keys_do() -> None:
    assert hotkeys.register(print) is None
