"""A clip pack: recorded phrases of one language, and the sentences made of them."""

import logging
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from bus.typed import read_toml
from config.settings import Settings
from hardware.speaker import SAMPLE_RATE, Sound, SoundFormatError, read_wav, silence
from voice.errors import MissingClipError, PackError
from voice.numbers import Numbers, numbers_in

_log = logging.getLogger(__name__)

BUILT_IN = Path(__file__).parent / "packs"
PACK_FILE = "pack.toml"

OWN_NUMBERS = ("vi", "en")
"""Languages whose numbers this product knows."""
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")]
ClipFile = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,80}\.wav$")]
"""Beside `pack.toml`, never elsewhere."""
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
ShortText = Annotated[str, Meta(max_length=200)]
Milliseconds = Annotated[int, Meta(ge=0, le=2000)]
Template = Annotated[tuple[str, ...], Meta(min_length=1)]


class Pause(Enum):
    """A break within a sentence."""

    GROUP = "group"
    """Between the groups of a number's digits."""
    PHRASE = "phrase"
    """Before the counter."""


_SLOWLY = 3
"""So many times longer are the breaks for who follows slowly."""

Item = str | Pause
"""A text that is spoken in one breath, or a pause."""


class Pauses(Settings, frozen=True, kw_only=True):
    """How long the breaks are."""

    word_ms: Milliseconds = 60
    group_ms: Milliseconds = 200
    phrase_ms: Milliseconds = 250


class Templates(Settings, frozen=True, kw_only=True):
    """The sentences: texts, `{number}`, texts with `{counter}`, and `|` for a pause."""

    call: Template
    recall: Template
    result: Template
    recall_result: Template


class Render(Settings, frozen=True, kw_only=True):
    """How `render_pack` lets the speech program speak the clips."""

    voice: str
    words_per_minute: Annotated[int, Meta(ge=80, le=300)]
    pitch: Annotated[int, Meta(ge=0, le=99)]


class PackSettings(Settings, frozen=True, kw_only=True):
    """What `pack.toml` says."""

    id: ShortText
    language: Language
    voice: ShortText
    licence: ShortText
    templates: Templates
    clips: dict[Annotated[str, Meta(min_length=1, max_length=500)], ClipFile]
    """Spoken text to the WAV file that says it."""
    chime: Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9-]{0,80}\.wav)?$")] = ""
    """The file of the chime; without one this pack has none."""
    sample_rate: Annotated[int, Meta(ge=SAMPLE_RATE, le=SAMPLE_RATE)] = SAMPLE_RATE
    pauses: Pauses = Pauses()
    render: Render | None = None
    recorded: Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    """The day on which it was recorded last."""
    sha256: dict[ClipFile, Digest] = msgspec.field(default_factory=dict)
    """Of each file, in a pack that is carried."""
    numbers: Numbers | None = None
    """How its language says numbers, where this product does not know."""

    def __post_init__(self) -> None:
        """Refuse a language whose numbers nobody knows."""
        if self.numbers is None and self.language not in OWN_NUMBERS:
            raise ValueError(f"a pack in {self.language!r} needs a table [numbers]")

    @property
    def spoken_numbers(self) -> Numbers:
        """Return how the pack's language says numbers."""
        return self.numbers or numbers_in(self.language)


@dataclass(frozen=True, slots=True)
class Pack:
    """A loaded pack; `problems` tells which clips could not be read."""

    settings: PackSettings
    directory: Path
    clips: dict[str, Sound]
    chime: Sound | None
    problems: tuple[str, ...] = ()

    def spoken(self, items: tuple[Item, ...], *, slowly: bool = False) -> bytes:
        """Return the samples of a sentence, word by word if `slowly`; raises MissingClipError."""
        times = _SLOWLY if slowly else 1
        pieces: list[bytes] = []
        for before, item in zip((None, *items), items, strict=False):
            if isinstance(item, Pause):
                pieces.append(self._pause(item, times))
                continue
            if item not in self.clips:
                raise MissingClipError(f"{self.directory}: no clip says {item!r}")
            if isinstance(before, str):
                pieces.append(self._silence(self.settings.pauses.word_ms * times))
            pieces.append(self.clips[item].samples)
        return b"".join(pieces)

    def number(self, number: str) -> tuple[Item, ...]:
        """Return a ticket's number or a code, mark by mark."""
        return tuple(number_items(number, self.settings.spoken_numbers))

    def count(self, value: int) -> tuple[Item, ...]:
        """Return how many."""
        return tuple(self.settings.spoken_numbers.count(value))

    def _pause(self, pause: Pause, times: int) -> bytes:
        pauses = self.settings.pauses
        rest_ms = pauses.group_ms if pause is Pause.GROUP else pauses.phrase_ms
        return self._silence(rest_ms * times)

    def _silence(self, milliseconds: int) -> bytes:
        return silence(milliseconds / 1000, self.settings.sample_rate)


def number_items(number: str, numbers: Numbers) -> list[Item]:
    """Return a number mark by mark, with a pause between its groups."""
    items: list[Item] = []
    for group in numbers.groups(number):
        if items:
            items.append(Pause.GROUP)
        items += group
    return items


def read_settings(directory: Path) -> PackSettings:
    """Return what the pack of `directory` says of itself; raises PackError."""
    path = directory / PACK_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PackError(f"{path}: cannot be read: {error.strerror}") from error
    return settings_of(content, str(path))


def settings_of(content: bytes, name: str) -> PackSettings:
    """Return what a `pack.toml` says; raises PackError, which begins with `name`."""
    try:
        return read_toml(content, PackSettings)
    except (ValueError, RecursionError) as error:
        raise PackError(f"{name}: {error}") from error


def load_pack(directory: Path) -> Pack:
    """Return the pack of `directory` with every clip that can be read; raises PackError."""
    settings = read_settings(directory)
    problems: list[str] = []

    def load(file: str) -> Sound | None:
        try:
            return _read_clip(directory / file)
        except SoundFormatError as error:
            problems.append(str(error))
            return None

    loaded = {text: load(file) for text, file in settings.clips.items()}
    clips = {text: sound for text, sound in loaded.items() if sound}
    chime = load(settings.chime) if settings.chime else None
    return Pack(settings, directory, clips, chime, tuple(problems))


def site_pack(lang: str, directory: str | None) -> Pack:
    """Return the site's pack of `lang`; the built-in one when there is none or it is unusable."""
    if directory:
        try:
            return _told(load_pack(Path(directory)))
        except PackError as error:
            _log.error("pack not usable, taking the built-in one error=%s", error)
    return _told(load_pack(BUILT_IN / lang))


def _told(pack: Pack) -> Pack:
    for problem in pack.problems:
        _log.warning("clip not usable pack=%s problem=%s", pack.settings.id, problem)
    return pack


def _read_clip(path: Path) -> Sound:
    sound = read_wav(path)
    if sound.rate != SAMPLE_RATE:
        raise SoundFormatError(f"{path}: has {sound.rate} samples a second; needs {SAMPLE_RATE}")
    return sound
