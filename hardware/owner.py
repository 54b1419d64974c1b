"""The one thread that touches a device: works in short steps, outlives whatever they raise."""

import logging
import threading
from collections.abc import Callable, Sequence

from hardware.errors import HardwareError

_log = logging.getLogger(__name__)

AGAIN_AFTER_S = (1.0, 2.0, 5.0)
_STOP_WITHIN_S = 5.0


class Owner:
    """Calls `step` over and over until stopped; `step` returns the seconds to rest after it.

    Whatever `step` raises is handed to `failed`, and the next step comes after a pause that grows
    with each failure in a row. An error of ours is logged once, one of the device is not: its
    driver tells of states. `end` lets the device go, on the same thread, after the last step.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], float],
        failed: Callable[[Exception], None],
        end: Callable[[], None],
        again_after_s: Sequence[float] = AGAIN_AFTER_S,
    ) -> None:
        self._step = step
        self._failed = failed
        self._end = end
        self._again_after_s = again_after_s
        self._failures = 0
        self._logged = ""
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def stopping(self) -> bool:
        """Return whether the step in hand is the last."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """End the rest or the pause after a failure: there is something to do. From any thread."""
        self._woken.set()

    def ask_to_stop(self) -> None:
        """Take no further step, without waiting for the one in hand."""
        self._stopping.set()
        self._woken.set()

    def stop(self) -> None:
        """Finish the step in hand and let the device go; nothing is called after this returns."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                rest_s = self._step()
                self._failures, self._logged = 0, ""
            except Exception as error:  # noqa: BLE001 - outermost: the thread must live on
                rest_s = self._fail(error)
            if rest_s > 0 and not self._stopping.is_set():
                self._woken.wait(rest_s)
        try:
            self._end()
        except Exception:  # noqa: BLE001 - outermost: the process goes on ending
            _log.exception("device not let go thread=%s", self._thread.name)

    def _fail(self, error: Exception) -> float:
        """Tell of `error`; return how long to pause."""
        self._log(error)
        try:
            self._failed(error)
        except Exception:  # noqa: BLE001 - outermost: the thread must live on
            _log.exception("failure not handled thread=%s", self._thread.name)
        pause_s = self._again_after_s[min(self._failures, len(self._again_after_s) - 1)]
        self._failures += 1
        return pause_s

    def _log(self, error: Exception) -> None:
        if not isinstance(error, HardwareError) and repr(error) != self._logged:
            self._logged = repr(error)
            _log.error("device thread failed thread=%s", self._thread.name, exc_info=error)
