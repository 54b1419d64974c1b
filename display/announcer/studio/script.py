"""What a speaker has to read for a pack, and the pack that is made of what has been read."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import msgspec
import tomli_w

from voice.errors import PackError
from voice.inspection import needed_texts
from voice.pack import BUILT_IN, PACK_FILE, PackSettings, Template, read_settings
from voice.sentence import parts_of

_WHOLE_COUNTERS = range(1, 21)
"""These read best in one breath."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One text to be read, and the file that keeps it."""

    text: str
    file: str
    optional: bool
    """Put together from words where it was not read."""


def script_of(settings: PackSettings, more_texts: tuple[str, ...] = ()) -> list[ScriptLine]:
    """Return all texts to be read: of the hall, of the kiosk, of a site, then what may be left."""
    model = BUILT_IN / settings.language
    built_in = read_settings(model).clips if model.is_dir() else {}
    bare = msgspec.structs.replace(settings, clips={})
    texts = dict.fromkeys((*needed_texts(bare), *more_texts), False)
    texts |= dict.fromkeys(_whole(settings), True)
    files: dict[str, str] = {**built_in, **settings.clips}
    order = {text: at for at, text in enumerate(dict.fromkeys([*built_in, *texts]))}
    return [
        ScriptLine(text, files.get(text, _file_of(text)), texts[text])
        for text in sorted(texts, key=lambda text: (texts[text], order[text]))
    ]


def begin_pack(directory: Path, language: str, speaker: str, licence: str) -> PackSettings:
    """Return the pack of `directory`, begun from the built-in one if there is none yet.

    Raises PackError for one that is there and wrong, OSError when it cannot be written.
    """
    if (directory / PACK_FILE).exists():
        return msgspec.structs.replace(read_settings(directory), render=None)
    model = BUILT_IN / language
    if not model.is_dir():
        raise PackError(
            f"{directory / PACK_FILE}: write one first, with [templates] and [numbers] of the "
            f"language {language!r}; docs/voice.md has an example"
        )
    settings = msgspec.structs.replace(
        read_settings(model), id=directory.resolve().name, voice=speaker, licence=licence,
        chime="chime.wav", clips={}, render=None,
    )  # fmt: skip
    directory.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(BUILT_IN / "vi" / "chime.wav", directory / settings.chime)
    write_pack(directory, settings, {})
    return settings


def write_pack(directory: Path, settings: PackSettings, clips: Mapping[str, str]) -> None:
    """Replace `pack.toml` of `directory`, whole or not at all; raises OSError."""
    complete = msgspec.structs.replace(settings, clips=dict(clips))
    plain = {k: v for k, v in msgspec.to_builtins(complete).items() if v is not None}
    part = directory / f"{PACK_FILE}.part"
    part.write_bytes(tomli_w.dumps(plain).encode())
    part.replace(directory / PACK_FILE)


def _file_of(text: str) -> str:
    """Return a name that no other text has, whatever the pack said before."""
    return f"clip-{crc32(text.encode()):08x}.wav"


def _whole(settings: PackSettings) -> list[str]:
    """Return the texts with a counter as one phrase each."""
    templates = settings.templates
    every: tuple[Template, ...] = (
        templates.call, templates.recall, templates.result, templates.recall_result,
    )  # fmt: skip
    parts = dict.fromkeys(
        part for template in every for part in parts_of(template) if "{counter}" in part
    )
    return [
        part.replace("{counter}", settings.spoken_numbers.counting[number])
        for part in parts
        for number in _WHOLE_COUNTERS
    ]
