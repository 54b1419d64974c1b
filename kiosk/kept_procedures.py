"""The document of procedures as this kiosk keeps it: fetched when it changes, never lost."""

import logging
import threading
from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QObject, Signal, Slot

from bus.health import ProceduresHint, WebHealth, health_as
from bus.states import DeviceStatus
from hall.procedures import MOST_BYTES, NO_DOCUMENT, Document, DocumentError, read_published
from hardware.owner import Owner
from kiosk.sealed_file import SealedFile
from ui.owner import queued

_log = logging.getLogger(__name__)

PATH = "/thu-tuc.json"
_WITHIN_S = 15.0
_REST_S = 3600.0
_AGAIN_AFTER_S = (5.0, 30.0, 120.0, 600.0)
_OK = 200

Fetch = Callable[[int], bytes]
"""Returns what the server's pages answer on this port; raises FetchError."""


class FetchError(Exception):
    """The document could not be fetched; says why."""


class Kept(Struct, frozen=True):
    """The document's bytes, as they were served."""

    sha256: str
    body: bytes


def no_fetch(_port: int) -> bytes:
    """Fetch nothing: this kiosk has no server whose pages it could ask."""
    raise FetchError("no server to fetch from")


def fetch_from(host: str) -> Fetch:
    """Return what fetches from `host`; a path of a socket is this machine."""
    name = "127.0.0.1" if host.startswith("/") else host
    name = f"[{name}]" if ":" in name else name

    def fetch(port: int) -> bytes:
        import httpx  # noqa: PLC0415 - only when the document has changed

        url, content = f"http://{name}:{port}{PATH}", bytearray()
        try:
            with httpx.stream("GET", url, timeout=_WITHIN_S, trust_env=False) as answer:
                if answer.status_code != _OK:
                    raise FetchError(f"{url} answered {answer.status_code}")
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > MOST_BYTES:
                        raise FetchError(f"{url} is larger than any list of procedures")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(f"{url}: {error}") from error
        return bytes(content)

    return fetch


class KeptProcedures(QObject):
    """Follows what the server serves; whatever goes wrong, what was kept stays."""

    changed = Signal(object)
    """Another `Document` is here."""
    _fetched = Signal(object)

    def __init__(self, file: SealedFile[Kept], fetch: Fetch) -> None:
        super().__init__()
        self.document = NO_DOCUMENT.document
        self._file = file
        self._fetch = fetch
        # Guards the two below: the kiosk's thread says what is served, another one fetches it.
        self._lock = threading.Lock()
        self._hint: ProceduresHint | None = None
        self._sha256 = ""
        self._failures = 0
        self._owner = Owner("procedures", self.step, self._failed, lambda: None)
        queued(self._fetched, self._take)
        self._remember()

    def start(self) -> None:
        """Begin to follow the server."""
        self._owner.start()

    def stop(self) -> None:
        """Fetch no more."""
        self._owner.stop()

    @Slot(object)
    def follow(self, status: DeviceStatus) -> None:
        """Take what the server says that it serves; nothing while it is away or too old."""
        hint = health_as(WebHealth, status.health).procedures if status.online else None
        with self._lock:
            if hint is None or hint == self._hint:
                return
            self._hint = hint
            self._failures = 0
        self._owner.wake()

    def step(self) -> float:
        """Fetch and keep what is served, if it is another document; return how long to rest."""
        with self._lock:
            hint = self._hint
            if hint is None or hint.sha256 == self._sha256:
                return _REST_S
        try:
            published = read_published(self._fetch(hint.port), hint.sha256)
            self._file.write(Kept(hint.sha256, published.body))
        except (FetchError, DocumentError, OSError) as error:
            if not self._failures:
                _log.warning("procedures not fetched sha256=%s error=%s", hint.sha256[:16], error)
            pause_s = _AGAIN_AFTER_S[min(self._failures, len(_AGAIN_AFTER_S) - 1)]
            self._failures += 1
            return pause_s
        with self._lock:
            self._sha256, self._failures = hint.sha256, 0
        count = len(published.document.procedures)
        _log.info("procedures kept sha256=%s count=%s", hint.sha256[:16], count)
        self._fetched.emit(published.document)
        return 0.0

    def _remember(self) -> None:
        kept = self._file.read()
        if kept is None:
            return
        try:
            self.document = read_published(kept.body, kept.sha256).document
            self._sha256 = kept.sha256
        except DocumentError as error:
            _log.warning("kept procedures not understood error=%s", error)

    @Slot(object)
    def _take(self, document: Document) -> None:
        self.document = document
        self.changed.emit(document)

    def _failed(self, _error: Exception) -> None:
        """Nothing more to tell: the owner's thread has logged it and goes on."""
