"""The real kiosk process with a visitor in it: fingers and keys as told on its standard input.

A compositor without hardware has no touchscreen, so the touches begin where Qt takes them over.
"""

import json
import sys
import threading
import time
from functools import partial

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest

from kiosk.__main__ import main
from ui.owner import QtOwner

STEPS = 8


class Visitor:
    """Does what each line says, on Qt's thread, and answers with how the kiosk is then."""

    def __init__(self) -> None:
        self._finger = QTest.createTouchDevice()

    def do(self, line: str) -> None:
        verb, *words = line.split()
        if verb == "key":
            self._press(words[0])
        elif verb == "touch":
            self._gesture([[tuple(map(float, word.split(",")))] for word in words], hold_s=0)
        elif verb == "hold":
            self._gesture([[tuple(map(float, words[0].split(",")))]], hold_s=1.2)
        elif verb == "swipe":
            self._gesture([[tuple(map(float, word.split(","))) for word in words]], hold_s=0)
        elif verb == "hang":
            time.sleep(float(words[0]))  # noqa: TID251 - that is the point
        elif verb == "pinch":
            paths = [((0.4, 0.5), (0.1, 0.5)), ((0.6, 0.5), (0.9, 0.5))]
            self._gesture([list(path) for path in paths], hold_s=0)
        sys.stdout.write(json.dumps(self._state()) + "\n")
        sys.stdout.flush()

    def _press(self, keys: str) -> None:
        combination = QKeySequence.fromString(keys)[0]  # type: ignore[index, unused-ignore]
        window = _window()
        if window is not None:
            QTest.keyClick(window, combination.key(), combination.keyboardModifiers())

    def _gesture(self, paths: list[list[tuple[float, ...]]], *, hold_s: float) -> None:
        """Move one finger per path, from its first to its last place, in parts of the window."""
        window = _window()
        if window is None:
            return
        places = [
            [_between(path[0], path[-1], step / STEPS, window) for step in range(STEPS + 1)]
            for path in paths
        ]
        for step in range(STEPS + 1):
            event = QTest.touchEvent(window, self._finger)
            for finger, path in enumerate(places):
                act = event.press if step == 0 else event.move
                act(finger, path[step], window)
            event.commit()
        until = time.monotonic() + hold_s
        while time.monotonic() < until:
            QCoreApplication.processEvents()
        event = QTest.touchEvent(window, self._finger)
        for finger, path in enumerate(places):
            event.release(finger, path[-1], window)
        event.commit()

    def _state(self) -> dict[str, object]:
        window, screen = _window(), QGuiApplication.primaryScreen().size()
        return {
            "windows": len(
                [each for each in QGuiApplication.topLevelWindows() if each.isVisible()]
            ),
            "full": window is not None and window.size() == screen,
            "locked": window is not None and window.property("locked") is True,
            "platform": QGuiApplication.platformName(),
        }


def _window() -> QQuickWindow | None:
    found = [each for each in QGuiApplication.topLevelWindows() if isinstance(each, QQuickWindow)]
    return found[0] if found else None


def _between(
    begin: tuple[float, ...], end: tuple[float, ...], part: float, window: QQuickWindow
) -> QPoint:
    x, y = (first + (last - first) * part for first, last in zip(begin, end, strict=True))
    return QPoint(
        min(window.width() - 1, round(x * window.width())),
        min(window.height() - 1, round(y * window.height())),
    )


def _listen() -> None:
    while QGuiApplication.instance() is None or _window() is None:
        time.sleep(0.05)  # noqa: TID251 - another process, which nothing tells of a window
    application = QGuiApplication.instance()
    owner, visitor = QtOwner(), Visitor()
    if application is not None:
        owner.moveToThread(application.thread())
    owner.deliver(lambda: visitor.do("state"))
    for line in sys.stdin:
        owner.deliver(partial(visitor.do, line))


if __name__ == "__main__":
    threading.Thread(target=_listen, daemon=True).start()
    Qt.Key.Key_Escape  # noqa: B018 - imported before the other thread needs it
    sys.exit(main())
