"""The site's own texts as clips: recorded ones of a pack, all others rendered once and kept."""

import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import msgspec

from bus.typed import read_json
from config import Centre
from config.settings import Text
from hardware.owner import Owner
from hardware.speaker import Sound, SoundFormatError, read_wav, write_wav
from voice.errors import SpeechError, SpeechMissingError
from voice.espeak import Espeak
from voice.pack import Pack

_log = logging.getLogger(__name__)

FOLDER = "spoken-texts"
"""Of a box's data directory."""
LONGEST_TEXT = 400
MOST_TEXTS = 1500
"""Kept as clips; further ones are spoken by the program when they are asked for."""
_AT_ONCE_S = 4.0
"""How long somebody who listens may wait for a text; 300 letters take a second of a small PC."""
_SITES_OWN = "vi"
"""The language of a site's texts where they are in no other."""
_REST_S = 3600.0
_SUFFIX = ".wav"
_REPORT = "report.json"

SiteText = tuple[str, str]
"""A language and a text in it."""


class NoClip(StrEnum):
    """Why a text has no clip."""

    NOT_YET = "not_yet"
    """It is being rendered, or the box has not been started since."""
    NO_PROGRAM = "no_program"
    """It was not recorded, and espeak-ng is not installed."""
    NOT_SPOKEN = "not_spoken"
    """It was not recorded, and espeak-ng or the disk failed."""
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    """It is spoken when it is asked for."""


@dataclass(frozen=True, slots=True)
class MissingText:
    """A text that cannot be said."""

    lang: str
    text: str
    reason: NoClip


class Report(msgspec.Struct, frozen=True):
    """What became of the texts that were wanted last."""

    texts: int
    missing: tuple[MissingText, ...] = ()


def read_report(directory: Path) -> Report | None:
    """Return what the box that speaks left word of; None where there is none."""
    try:
        return read_json((directory / _REPORT).read_bytes(), Report)
    except (OSError, ValueError, RecursionError):
        return None


def texts_of(centre: Centre) -> tuple[SiteText, ...]:
    """Return what a kiosk may have to say of a centre, each text once."""
    languages = centre.identity.languages
    found = ((lang, plain(text(lang))) for text in _texts(centre) for lang in languages)
    return tuple(dict.fromkeys(one for one in found if one[1]))


def plain(text: str) -> str:
    """Return a text as it is looked up: on one line, without needless spaces."""
    return " ".join(text.split())


def clip_path(directory: Path, speech: Espeak, lang: str, text: str) -> Path:
    """Return the file of a rendered text; another voice has another."""
    key = "\0".join((lang, speech.name(lang), plain(text)))
    return directory / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}{_SUFFIX}"


def clip_of(
    text: str, lang: str, packs: Mapping[str, Pack], speech: Espeak, directory: Path
) -> Sound | None:
    """Return a text as it was recorded, else as it was rendered; None when it was neither."""
    recorded = packs[lang].clips.get(plain(text)) if lang in packs else None
    if recorded:
        return recorded
    try:
        return read_wav(clip_path(directory, speech, lang, text))
    except SoundFormatError:
        return None


def missing_texts(
    wanted: Iterable[SiteText], packs: Mapping[str, Pack], speech: Espeak, directory: Path
) -> Iterator[MissingText]:
    """Yield the texts that have no clip on this box, and why as far as can be seen from outside."""
    for at, (lang, text) in enumerate(wanted):
        if clip_of(text, lang, packs, speech, directory):
            continue
        reason = NoClip.TOO_MANY if at >= MOST_TEXTS else NoClip.NOT_YET
        if not speech.installed:
            reason = NoClip.NO_PROGRAM
        if len(text) > LONGEST_TEXT:
            reason = NoClip.TOO_LONG
        yield MissingText(lang, text, reason)


class SiteClips:
    """Renders what is wanted on a thread of its own, and forgets what no longer is."""

    def __init__(self, packs: Mapping[str, Pack], speech: Espeak, directory: Path) -> None:
        """Keep clips in `directory`; texts that a pack has are not rendered."""
        self._packs = packs
        self._speech = speech
        self._at_once = replace(speech, timeout_s=_AT_ONCE_S)
        self._directory = directory
        # Guards the two below: any thread says what it wants, one renders it.
        self._lock = threading.Lock()
        self._groups: dict[str, tuple[SiteText, ...]] = {}
        self._missing: tuple[MissingText, ...] = ()
        self._owner = Owner("site clips", self._render, self._failed, lambda: None)

    def start(self) -> None:
        """Begin to render."""
        self._owner.start()

    def stop(self) -> None:
        """Finish the text in hand and end."""
        self._owner.stop()

    def follow(self, centre: Centre) -> None:
        """Have clips of the texts of `centre`."""
        self.want("centre", texts_of(centre))

    def want(self, group: str, texts: Iterable[SiteText]) -> None:
        """Have clips of `texts`, in place of those of this group before."""
        wanted = tuple(dict.fromkeys((lang, plain(text)) for lang, text in texts))
        with self._lock:
            if self._groups.get(group) == wanted:
                return
            self._groups[group] = wanted
        self._owner.wake()

    def clip_for(self, text: str, lang: str) -> Sound | None:
        """Return a text of the site as sound; None when there is no clip of it (yet)."""
        return clip_of(text, lang, self._packs, self._speech, self._directory)

    def sound_of(self, text: str, lang: str) -> Sound | None:
        """Return a text as sound, made on the spot where it has no clip; None for a stranger.

        In a language in which the site has no texts its Vietnamese ones are said in Vietnamese.
        """
        for each in dict.fromkeys((lang, _SITES_OWN)):
            found = self.clip_for(text, each)
            if found:
                return found
            if self._is_wanted(text, each):
                return self._made_at_once(text, each)
        return None

    @property
    def missing(self) -> tuple[MissingText, ...]:
        """Return the texts that could not be rendered."""
        with self._lock:
            return self._missing

    def _is_wanted(self, text: str, lang: str) -> bool:
        with self._lock:
            return any((lang, plain(text)) in texts for texts in self._groups.values())

    def _made_at_once(self, text: str, lang: str) -> Sound | None:
        if len(plain(text)) > LONGEST_TEXT:
            return None
        try:
            return self._at_once.sound(plain(text), lang)
        except (SpeechError, OSError) as error:
            _log.info("text not spoken lang=%s error=%s", lang, error)
            return None

    def _render(self) -> float:
        with self._lock:
            wanted = tuple(text for texts in self._groups.values() for text in texts)
        if not wanted:
            return _REST_S
        missing: list[MissingText] = []
        for lacking in missing_texts(wanted, self._packs, self._speech, self._directory):
            if self._owner.stopping or self._changed(wanted):
                return 0.0
            reason = self._rendered(lacking)
            if reason:
                missing.append(MissingText(lacking.lang, lacking.text, reason))
        kept = {clip_path(self._directory, self._speech, *one).name for one in wanted[:MOST_TEXTS]}
        self._forget_others(kept)
        self._tell(tuple(missing), len(wanted))
        return _REST_S

    def _rendered(self, lacking: MissingText) -> NoClip | None:
        """Render one text; return why there is no clip of it."""
        if lacking.reason is not NoClip.NOT_YET:
            return lacking.reason
        try:
            sound = self._speech.sound(lacking.text, lacking.lang)
            self._keep(clip_path(self._directory, self._speech, lacking.lang, lacking.text), sound)
        except SpeechMissingError:
            return NoClip.NO_PROGRAM
        except (SpeechError, OSError) as error:
            _log.info("text not rendered lang=%s error=%s", lacking.lang, error)
            return NoClip.NOT_SPOKEN
        return None

    def _keep(self, path: Path, sound: Sound) -> None:
        """Write a clip whole; another process of this box may write the same one."""
        self._directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._directory, prefix="part-") as folder:
            part = Path(folder) / path.name
            write_wav(part, sound)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)

    def _forget_others(self, kept: set[str]) -> None:
        for path in self._directory.glob(f"*{_SUFFIX}"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _changed(self, wanted: tuple[SiteText, ...]) -> bool:
        with self._lock:
            return wanted != tuple(text for texts in self._groups.values() for text in texts)

    def _tell(self, missing: tuple[MissingText, ...], count: int) -> None:
        with self._lock:
            before, self._missing = self._missing, missing
        self._report(Report(texts=count, missing=missing))
        silent = [one for one in missing if one.reason is not NoClip.TOO_MANY]
        if silent and missing != before:
            _log.warning("texts without a clip count=%s reason=%s", len(silent), silent[0].reason)

    def _report(self, report: Report) -> None:
        """Leave word for `denluot doctor`."""
        path = self._directory / _REPORT
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(msgspec.json.encode(report))
            part.replace(path)
        except OSError as error:
            _log.info("report of clips not kept path=%s error=%s", path, error)

    def _failed(self, error: Exception) -> None:
        _log.error("site clips not rendered error=%r", error)


def _texts(centre: Centre) -> Iterator[Text]:
    yield centre.identity.name
    yield centre.identity.place
    for service in centre.services:
        yield service.name
        yield service.detail
        yield from service.papers
    for counter in centre.counters:
        if counter.name:
            yield counter.name
    for each in (centre.classes.normal, centre.classes.priority, centre.classes.appointment):
        yield each.name
    yield centre.wording.priority_hint
    yield from centre.wording.ticket_footer
    yield from centre.wording.pause_reasons
