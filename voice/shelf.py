"""The packs in force on a box: its own, else those that the server hands out, else the built-in."""

import hashlib
import io
import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from bus.health import VoicesHint, WebHealth, health_as
from bus.states import DeviceStatus
from hardware.owner import Owner
from voice.archive import MOST_BYTES, read_archive, unpack
from voice.errors import FetchError, PackError, VoiceError
from voice.pack import BUILT_IN, Pack, load_pack, site_pack

_log = logging.getLogger(__name__)

FOLDER = "voice-packs"
"""Of a box's data directory."""
PATH = "/voices/{sha256}.zip"
"""Where the server hands a pack out."""
_AGAIN_AFTER_S = (5.0, 30.0, 300.0)
_REST_S = 3600.0
_FETCH_WITHIN_S = 60.0
_OK = 200

Fetch = Callable[[int, str], bytes]
"""Returns the file with this SHA-256 from this port of the server; raises FetchError."""


def fetch_from(host: str) -> Fetch:
    """Return what fetches from the server; a path of a socket is this machine."""
    name = "127.0.0.1" if host.startswith("/") else host
    name = f"[{name}]" if ":" in name else name

    def fetch(port: int, sha256: str) -> bytes:
        import httpx  # noqa: PLC0415 - only where a site has installed a voice

        url = f"http://{name}:{port}{PATH.format(sha256=sha256)}"
        content = bytearray()
        try:
            with httpx.stream("GET", url, timeout=_FETCH_WITHIN_S, trust_env=False) as answer:
                if answer.status_code != _OK:
                    raise FetchError(f"{url} answered {answer.status_code}")
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > MOST_BYTES:
                        raise FetchError(f"{url} is larger than any pack")
        except httpx.HTTPError as error:
            raise FetchError(f"{url}: {error}") from error
        return bytes(content)

    return fetch


class VoicePacks(Mapping[str, Pack]):
    """Language to pack; another may take its place at any time, without a restart."""

    def __init__(
        self,
        own: Mapping[str, str],
        directory: Path,
        fetch: Fetch,
        leave_out: Callable[[Pack], Iterable[str]] = lambda _pack: (),
    ) -> None:
        """Go by `own`, the directories that `device.toml` names; keep fetched ones in `directory`.

        What `leave_out` names of a pack is not kept in memory.
        """
        self._own = own
        self._directory = directory
        self._fetch = fetch
        self._leave_out = leave_out
        # Guards the two below: the bus's thread says what is wanted, one thread fetches it.
        self._lock = threading.Lock()
        self._hint: VoicesHint | None = None
        self._packs: dict[str, Pack] = {}
        self._failures = 0
        self._owner = Owner("voice packs", self._step, self._failed, lambda: None)
        built_in = {path.name for path in BUILT_IN.iterdir() if path.is_dir()}
        for lang in sorted(built_in | set(own) | set(self._kept())):
            self._load(lang)

    def __getitem__(self, lang: str) -> Pack:
        with self._lock:
            return self._packs[lang]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(tuple(self._packs))

    def __len__(self) -> int:
        with self._lock:
            return len(self._packs)

    def start(self) -> None:
        """Begin to follow the server."""
        self._owner.start()

    def stop(self) -> None:
        """Fetch no more."""
        self._owner.stop()

    def follow_server(self, _device: str, status: DeviceStatus) -> None:
        """Take what the web process says of itself; nothing while it is away."""
        if status.online:
            self.follow(health_as(WebHealth, status.health).voices)

    def follow(self, hint: VoicesHint | None) -> None:
        """Take the packs that the server hands out; None says nothing about them."""
        with self._lock:
            if hint is None or hint == self._hint:
                return
            self._hint = hint
        self._owner.wake()

    def _step(self) -> float:
        with self._lock:
            hint = self._hint
        if hint is None:
            return _REST_S
        wanted = {one.lang: one.sha256 for one in hint.packs if one.lang not in self._own}
        kept = self._kept()
        for lang in kept:
            if lang not in wanted:
                shutil.rmtree(self._directory / lang, ignore_errors=True)
                self._load(lang)
                _log.info("voice taken back lang=%s", lang)
        problems: list[str] = []
        for lang, sha256 in wanted.items():
            if kept.get(lang) != sha256:
                try:
                    self._take(hint.port, lang, sha256)
                except (VoiceError, OSError) as error:
                    problems.append(f"{lang}: {error}")
        if not problems:
            self._failures = 0
            return _REST_S
        self._failures += 1
        if self._failures == 1:
            _log.warning("voice not taken, trying again problems=%s", problems)
        return _AGAIN_AFTER_S[min(self._failures, len(_AGAIN_AFTER_S)) - 1]

    def _take(self, port: int, lang: str, sha256: str) -> None:
        content = self._fetch(port, sha256)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise PackError(f"the server's voice for {lang!r} is not the one that was installed")
        archive = read_archive(io.BytesIO(content))
        if archive.settings.language != lang:
            raise PackError(f"the server's voice for {lang!r} is in {archive.settings.language!r}")
        place = self._directory / lang
        unpack(archive, place / sha256)
        for other in place.iterdir():
            if other.name != sha256:
                shutil.rmtree(other, ignore_errors=True)
        self._load(lang)
        _log.info("voice taken lang=%s id=%s sha256=%s", lang, archive.settings.id, sha256[:12])

    def _load(self, lang: str) -> None:
        """Put the best pack of a language in its place; one that cannot be read gives way."""
        pack = self._best(lang)
        without = frozenset(self._leave_out(pack)) if pack else frozenset()
        with self._lock:
            if pack is None:
                self._packs.pop(lang, None)
                return
            clips = {text: clip for text, clip in pack.clips.items() if text not in without}
            self._packs[lang] = Pack(
                pack.settings, pack.directory, clips, pack.chime, pack.problems
            )

    def _best(self, lang: str) -> Pack | None:
        if lang in self._own:
            try:
                return site_pack(lang, self._own[lang])
            except PackError:  # of a language that ships with no voice
                return None
        sha256 = self._kept().get(lang)
        if sha256:
            try:
                return load_pack(self._directory / lang / sha256)
            except PackError as error:
                _log.warning("fetched voice not usable lang=%s error=%s", lang, error)
        return site_pack(lang, None) if (BUILT_IN / lang).is_dir() else None

    def _kept(self) -> dict[str, str]:
        """Return which packs were fetched: language to SHA-256."""
        if not self._directory.is_dir():
            return {}
        found: dict[str, str] = {}
        for place in sorted(self._directory.glob("*/*/pack.toml")):
            if not place.parent.name.endswith(".part"):
                found[place.parent.parent.name] = place.parent.name
        return found

    def _failed(self, error: Exception) -> None:
        _log.error("voices not followed error=%r", error)
