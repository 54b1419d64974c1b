"""Voices that the site installs: taken from a file, handed out to the boxes that speak."""

import asyncio
import io
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath
from litestar.response import File, Redirect
from litestar.types import ControllerRouterHandler

from bus.health import VoicePackHint, VoicesHint
from hall.words import N_, Words
from provisioning.layout import VOICES
from provisioning.site_db import SiteDb
from voice.archive import MOST_BYTES, Archive, read_archive
from voice.errors import PackError
from voice.inspection import needed_texts
from web.access import PUBLIC, AnyRequest, Role, Visitor, client_address, open_to
from web.forms import read_form
from web.guard import Pace

_log = logging.getLogger(__name__)

FOLDER = VOICES
"""Of the server's data directory."""
LANGUAGE_NAMES = {"vi": N_("Tiếng Việt"), "en": N_("Tiếng Anh")}
_MOST_FORM_BYTES = MOST_BYTES + 64 * 1024
_MOST_LANGUAGES = 8
_FETCHES_PER_S = 0.1
_FETCHES_AT_ONCE = 12.0


@dataclass(frozen=True, slots=True)
class InstalledVoice:
    """A voice that the boxes are to speak with."""

    lang: str
    sha256: str
    speaker: str
    recorded: str
    clips: int
    lacking: int
    """Texts of hall and kiosk that it does not say."""
    path: Path


@dataclass(slots=True)
class VoicesSite:
    """The installed voices: one file for each language; `db` takes the audit."""

    folder: Path
    db: SiteDb
    port: int | None
    """Where boxes fetch them without TLS; None where they cannot."""
    pace: Pace
    tell: Callable[[], None] = lambda: None
    """Called when other voices are installed."""
    voices: dict[str, InstalledVoice] = field(default_factory=dict)

    def look(self) -> None:
        """Read what is installed; a file that is damaged is left out. Blocks."""
        self.voices = {voice.lang: voice for voice in self._found()}

    def hint(self) -> VoicesHint | None:
        """Return what boxes are told; None where they could not fetch anything."""
        if self.port is None:
            return None
        packs = [VoicePackHint(lang=one.lang, sha256=one.sha256) for one in self.voices.values()]
        return VoicesHint(port=self.port, packs=tuple(packs))

    def install(self, content: bytes) -> InstalledVoice:
        """Keep a file in place of that of its language; raises PackError and OSError. Blocks."""
        archive = read_archive(io.BytesIO(content))
        lang = archive.settings.language
        if lang not in self.voices and len(self.voices) >= _MOST_LANGUAGES:
            raise PackError(f"voices of {_MOST_LANGUAGES} languages are installed already")
        path = self.folder / f"{lang}-{archive.sha256}.zip"
        self.folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        self._forget(lang, path)
        self.voices = {**self.voices, lang: _installed(archive, path)}
        return self.voices[lang]

    def remove(self, lang: str) -> bool:
        """Go back to the built-in voice of a language; return whether there was another. Blocks."""
        if lang not in self.voices:
            return False
        self._forget(lang)
        self.voices = {each: one for each, one in self.voices.items() if each != lang}
        return True

    def _found(self) -> Iterator[InstalledVoice]:
        for path in sorted(self.folder.glob("*-*.zip"), key=lambda each: each.stat().st_mtime):
            try:
                with path.open("rb") as file:
                    yield _installed(read_archive(file), path)
            except (PackError, OSError) as error:
                _log.warning("installed voice not usable file=%s error=%s", path.name, error)

    def _forget(self, lang: str, kept: Path | None = None) -> None:
        for path in self.folder.glob(f"{lang}-*.zip"):
            if path != kept:
                path.unlink(missing_ok=True)


@post("/devices/voices", opt=open_to(Role.ADMINISTRATOR), request_max_body_size=_MOST_FORM_BYTES)
async def install_voice(
    request: AnyRequest,
    voices: NamedDependency[VoicesSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """Take a file as the voice of its language, or say what is wrong with it."""
    sent = (await request.form()).get("file")
    content = await sent.read(MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""
    try:
        voice = await asyncio.to_thread(voices.install, content)
    except PackError as error:
        return _back(unfit=" ".join(str(error).split())[:200])
    detail = f"{voice.lang} {voice.speaker} {voice.sha256[:12]}"
    await _audit(request, voices, visitor, "voice_installed", detail)
    voices.tell()
    return _back(done="voice")


@post("/devices/voices/remove", opt=open_to(Role.ADMINISTRATOR))
async def remove_voice(
    request: AnyRequest,
    voices: NamedDependency[VoicesSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """Go back to the voice that ships."""
    lang = (await read_form(request)).text("voice_lang", 3)
    if await asyncio.to_thread(voices.remove, lang):
        await _audit(request, voices, visitor, "voice_removed", lang)
        voices.tell()
    return _back(done="shipped")


@get("/voices/{name:str}", opt=PUBLIC)
async def voice_file(
    name: FromPath[str], request: AnyRequest, voices: NamedDependency[VoicesSite]
) -> File:
    """Answer a box with a voice, by its SHA-256."""
    found = next((one for one in voices.voices.values() if name == f"{one.sha256}.zip"), None)
    if found is None:
        raise NotFoundException("no such voice")
    if not voices.pace.allows(client_address(request)):
        raise TooManyRequestsException("fetched too often")
    return File(found.path, media_type="application/zip", filename=found.path.name)


VOICE_ROUTES: list[ControllerRouterHandler] = [install_voice, remove_voice]
VOICE_FILES: list[ControllerRouterHandler] = [voice_file]


def voices_site(
    folder: Path, db: SiteDb, port: int | None, monotonic: Callable[[], float]
) -> VoicesSite:
    """Return the voices that are installed in `folder`."""
    pace = Pace(monotonic, per_s=_FETCHES_PER_S, burst=_FETCHES_AT_ONCE)
    site = VoicesSite(folder, db, port, pace)
    site.look()
    return site


def language_name(lang: str, t: Words) -> str:
    """Return what a language is called; its code where nobody has said."""
    return t(LANGUAGE_NAMES[lang]) if lang in LANGUAGE_NAMES else lang


def _installed(archive: Archive, path: Path) -> InstalledVoice:
    settings = archive.settings
    lacking = set(needed_texts(settings)) - set(settings.clips)
    return InstalledVoice(
        lang=settings.language,
        sha256=archive.sha256,
        speaker=settings.voice or settings.id,
        recorded="/".join(reversed(settings.recorded.split("-"))),
        clips=len(settings.clips),
        lacking=len(lacking),
        path=path,
    )


async def _audit(
    request: AnyRequest, voices: VoicesSite, visitor: Visitor, action: str, detail: str
) -> None:
    address = client_address(request)
    await asyncio.to_thread(voices.db.audit, visitor.account, address, action, detail)


def _back(**said: str) -> Redirect:
    return Redirect(f"/devices?{urlencode(said)}#voices", status_code=303)
