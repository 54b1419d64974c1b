"""What the window of the first start shows; the server's own user tells it."""

import logging
from collections.abc import Callable

import msgspec
from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtQml import QmlElement
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from bus.typed import read_json
from provisioning.first_start.ceremony import Stage
from provisioning.first_start.messages import LONGEST_LINE, Seen
from provisioning.first_start.place import in_groups

QML_IMPORT_NAME = "kiosk.first_start"
QML_IMPORT_MAJOR_VERSION = 1
_AGAIN_MS = 2000

_log = logging.getLogger(__name__)


@QmlElement
class FirstStartScreen(QObject):
    """Follows the server; shows nothing secret while there is no connection."""

    changed = Signal()
    told = Signal()
    """The server has said for the first time that there is no administrator yet."""
    qrChanged = Signal()  # noqa: N815 - as QML reads it

    def __init__(self, path: str, over: Callable[[], None]) -> None:
        """Connect to the socket at `path`, again and again; call `over` when all is done."""
        super().__init__()
        self._path = path
        self._over = over
        self._seen = Seen(stage=Stage.BLIND)
        self._was_told = False
        self._qr: list[list[int]] = []
        self._qr_of = ""
        self._modules = 1
        self._socket = QLocalSocket(self)
        self._socket.readyRead.connect(self._read)
        self._socket.disconnected.connect(self._lose)
        self._socket.errorOccurred.connect(self._lose)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.begin)

    def begin(self) -> None:
        """Connect."""
        if self._socket.state() is QLocalSocket.LocalSocketState.UnconnectedState:
            self._socket.connectToServer(self._path)

    @Slot()
    def press(self) -> None:
        """Ask for a code, as a person who touches the screen or a key."""
        if self._socket.state() is QLocalSocket.LocalSocketState.ConnectedState:
            self._socket.write(b"\n")

    @Property(str, notify=changed)
    def stage(self) -> str:
        """Return the stage."""
        return self._seen.stage.value

    @Property(str, notify=changed)
    def code(self) -> str:
        """Return the code, in groups."""
        return self._seen.code

    @Property(str, notify=changed)
    def left(self) -> str:
        """Return for how long the code is good."""
        return f"{self._seen.left_s // 60}:{self._seen.left_s % 60:02d}"

    @Property(str, notify=changed)
    def address(self) -> str:
        """Return where the page is; empty without a network."""
        return self._seen.addresses[0] if self._seen.addresses else ""

    @Property(str, notify=changed)
    def trust(self) -> str:
        """Return where a PC gets what it needs to trust the server; empty if nowhere."""
        return self._seen.trust

    @Property(str, notify=changed)
    def certificate(self) -> str:
        """Return the SHA-256 that proves what `trust` offers, else the server's, in two lines."""
        text = in_groups(self._seen.authority if self._seen.trust else self._seen.server)
        half = len(text) // 2 + 1
        return f"{text[:half]}\n{text[half:]}" if text else ""

    @Property("QVariantList", notify=qrChanged)  # type: ignore[arg-type]
    def qr(self) -> list[list[int]]:
        """Return the dark runs of the QR code: x, y, how long, all in modules."""
        return self._qr

    @Property(int, notify=qrChanged)
    def modules(self) -> int:
        """Return how many modules the QR code has on a side."""
        return self._modules

    def _read(self) -> None:
        while self._socket.canReadLine():
            line = bytes(self._socket.readLine(LONGEST_LINE).data())
            try:
                self._take(read_json(line, Seen))
            except msgspec.MsgspecError as error:
                _log.warning("unreadable line from the server: %s", type(error).__name__)
                self._socket.abort()
                return
        if self._socket.bytesAvailable() > LONGEST_LINE:
            self._socket.abort()

    def _take(self, seen: Seen) -> None:
        self._seen = seen
        if seen.scanned != self._qr_of:
            self._qr_of = seen.scanned
            self._qr, self._modules = runs_of(seen.scanned)
            self.qrChanged.emit()
        self.changed.emit()
        if seen.stage is Stage.OVER:
            self._over()
        elif not self._was_told and self._socket.isValid():
            self._was_told = True
            self.told.emit()

    def _lose(self) -> None:
        if self._seen.stage is not Stage.OVER:
            self._take(Seen(stage=Stage.BLIND))
            self._again.start()


def runs_of(text: str) -> tuple[list[list[int]], int]:
    """Return the dark runs of a QR code and how many modules it has on a side."""
    if not text:
        return [], 1
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    runs: list[list[int]] = []
    for y, row in enumerate(matrix):
        begun = -1
        for x, dark in enumerate([*row, False]):
            if dark and begun < 0:
                begun = x
            elif not dark and begun >= 0:
                runs.append([begun, y, x - begun])
                begun = -1
    return runs, len(matrix)
