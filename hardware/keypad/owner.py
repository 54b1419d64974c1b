"""The one thread that touches a device."""

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from hardware.keypad.errors import KeypadError

_log = logging.getLogger(__name__)

REOPEN_AFTER_S = (1.0, 2.0, 5.0)
_STOP_WITHIN_S = 5.0


class Closable(Protocol):
    """Something open."""

    def close(self) -> None:
        """Let it go; raises nothing."""


P = TypeVar("P", bound=Closable)


class Owner(Generic[P]):
    """Opens a device, serves it in short steps, and opens it again after it went away."""

    def __init__(
        self,
        name: str,
        open_device: Callable[[], P],
        step: Callable[[P], None],
        lost: Callable[[KeypadError], None],
        reopen_after_s: Sequence[float] = REOPEN_AFTER_S,
    ) -> None:
        """Call `step` over and over; it and `open_device` raise KeypadError, `lost` hears it."""
        self._open = open_device
        self._step = step
        self._lost = lost
        self._reopen_after_s = reopen_after_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"keypad-{name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the device go; nothing is called after this returns."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN_S)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with contextlib.closing(self._open()) as device:
                    failures = 0
                    while not self._stopping.is_set():
                        self._step(device)
            except KeypadError as error:
                self._lost(error)
            except Exception as error:  # noqa: BLE001 - outermost: the thread must live on
                _log.exception("call device failed thread=%s", self._thread.name)
                self._lost(KeypadError(f"fault: {error}"))
            self._stopping.wait(self._reopen_after_s[min(failures, len(self._reopen_after_s) - 1)])
            failures += 1
