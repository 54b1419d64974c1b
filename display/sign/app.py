"""Follow the hall and keep the signs of one line right, or dark rather than wrong."""

import logging
import threading
from collections.abc import Callable, Mapping

from bus.session import Session
from bus.states import BoardState, ConfigState, DeviceStatus
from bus.vocabulary import SignState
from config import ConfigError, centre_from_wire
from config.settings import Rules, SignBox
from display.sign.face import face_of
from hall.board.freshness import Freshness
from hardware.sign import Face, SignLine, SignStation

_log = logging.getLogger(__name__)

TRUST_S = 3.0
"""After the keepalive, which takes up to 6 s: nothing stands 10 s with nobody to vouch for it."""
_SERVICE = "service"


class Signs:
    """The signs of `box`: bus handlers note what is heard, the station's thread asks for faces."""

    def __init__(
        self,
        link: Session,
        box: SignBox,
        line: SignLine,
        *,
        real: Callable[[], float],
        trust_s: float = TRUST_S,
    ) -> None:
        """Show the hall of `link` on `line`; `real` counts the wall's seconds."""
        self._link = link
        self._counters = {sign.address: sign.counter for sign in box.signs}
        self._real = real
        self._station = SignStation(line, list(self._counters), self._faces, self._take_states)
        # Guards the four below: the bus's thread writes them, the station's reads.
        self._lock = threading.Lock()
        self._freshness = Freshness(real(), trust_s)
        self._board: BoardState | None = None
        self._rules = Rules()
        self._stale = False
        self._states = dict.fromkeys(self._counters, SignState.UNKNOWN)

    def start(self) -> None:
        """Begin to show, and connect."""
        self._publish()
        self._link.bus.on_link(self._take_link)
        self._link.follow_config(self._take_config)
        self._link.follow_board(self._take_board)
        self._link.follow_devices([_SERVICE], self._take_service)
        self._station.start()
        self._link.start()

    def stop(self) -> None:
        """Take every number down, and disconnect."""
        self._station.stop()
        self._link.stop()

    # On the bus's thread ---------------------------------------------------------------------

    def _take_link(self, up: bool) -> None:
        with self._lock:
            self._freshness.take_link(self._real(), up=up)

    def _take_config(self, state: ConfigState) -> None:
        try:
            rules = centre_from_wire(state.centre).rules
        except ConfigError as error:
            _log.warning("configuration not usable, keeping the old one error=%s", error)
            return
        with self._lock:
            self._rules = rules

    def _take_board(self, state: BoardState) -> None:
        with self._lock:
            self._board = state
            self._freshness.take_state(self._real())
        self._station.poke()

    def _take_service(self, _device: str, status: DeviceStatus) -> None:
        with self._lock:
            self._freshness.take_service(self._real(), online=status.online)

    # On the station's thread -----------------------------------------------------------------

    def _faces(self) -> Mapping[int, Face]:
        with self._lock:
            stale = self._freshness.stale(self._real())
            board, flash_s = None if stale else self._board, self._rules.flash_s
        if stale != self._stale:
            _log.info("numbers checked signs=%s stale=%s", self._link.device, stale)
            self._stale = stale
            self._publish()
        now = self._link.now()
        return {
            address: face_of(counter, board, now, flash_s)
            for address, counter in self._counters.items()
        }

    def _take_states(self, states: Mapping[int, SignState]) -> None:
        self._states = dict(states)
        self._publish()

    def _publish(self) -> None:
        signs = {
            str(counter): self._states[address].value for address, counter in self._counters.items()
        }
        troubled = sorted(
            counter
            for address, counter in self._counters.items()
            if self._states[address] in {SignState.DEAD, SignState.REFUSED, SignState.FAULT}
        )
        self._link.set_health({"signs": signs, "troubled": troubled, "stale": self._stale})
