"""A pack in one file, to be carried: a ZIP whose `pack.toml` has the SHA-256 of every clip."""

import hashlib
import io
import shutil
import wave
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
import tomli_w

from hardware.speaker import SAMPLE_RATE
from voice.errors import PackError
from voice.pack import PACK_FILE, PackSettings, read_settings, settings_of

MOST_BYTES = 64 * 1024 * 1024
"""Of a file, and of what is in it."""
MOST_CLIPS = 1000
MOST_CLIP_BYTES = 2 * 1024 * 1024
_MOST_PACK_BYTES = 512 * 1024
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError,
    NotImplementedError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Archive:
    """A checked file: what its pack says of itself, and the clips by their file names."""

    settings: PackSettings
    clips: Mapping[str, bytes]
    sha256: str
    """Of the whole file."""
    size: int


def write_archive(directory: Path, target: Path) -> PackSettings:
    """Write the pack of `directory` to one file, whole or not at all.

    Raises PackError for a pack with a clip that is missing or unfit, OSError when it cannot be
    written. The same pack makes the same bytes.
    """
    settings = read_settings(directory)
    clips: dict[str, bytes] = {}
    for file in sorted(_files_of(settings)):
        try:
            clips[file] = (directory / file).read_bytes()
        except OSError as error:
            raise PackError(f"{directory / file}: cannot be read: {error.strerror}") from error
    digests = {file: hashlib.sha256(clip).hexdigest() for file, clip in clips.items()}
    complete = msgspec.structs.replace(settings, sha256=digests)
    plain = {key: each for key, each in msgspec.to_builtins(complete).items() if each is not None}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in {PACK_FILE: tomli_w.dumps(plain).encode(), **clips}.items():
            info = zipfile.ZipInfo(file, _FIRST_DATE)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    read_archive(io.BytesIO(packed.getvalue()))
    part = target.with_name(f"{target.name}.part")
    try:
        part.write_bytes(packed.getvalue())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return complete


def read_archive(file: BinaryIO) -> Archive:
    """Return a file's pack after every check there is; raises PackError with what is wrong.

    Nothing in it is trusted: names, sizes, hashes, sound formats.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PackError(f"the file is larger than {MOST_BYTES // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            settings, clips = _checked(archive)
    except _BROKEN as error:
        raise PackError(f"this is no file of a voice, or it is damaged: {error}") from error
    return Archive(settings, clips, hashlib.sha256(content).hexdigest(), len(content))


def unpack(archive: Archive, directory: Path) -> None:
    """Lay a checked pack down as `directory`, whole or not at all; raises OSError."""
    part = directory.with_name(f"{directory.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    plain = msgspec.to_builtins(archive.settings)
    pack = tomli_w.dumps({key: each for key, each in plain.items() if each is not None})
    (part / PACK_FILE).write_text(pack, encoding="utf-8")
    for name, content in archive.clips.items():
        (part / name).write_bytes(content)
    shutil.rmtree(directory, ignore_errors=True)
    part.rename(directory)


def _checked(archive: zipfile.ZipFile) -> tuple[PackSettings, dict[str, bytes]]:
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    if len(sizes) != len(archive.infolist()) or len(sizes) > MOST_CLIPS + 1:
        raise PackError("the file holds a name twice, or too many files")
    if sum(sizes.values()) > MOST_BYTES:
        raise PackError("the file unpacks to too much")
    settings = settings_of(_entry(archive, sizes, PACK_FILE, _MOST_PACK_BYTES), PACK_FILE)
    named = _files_of(settings)
    if set(sizes) != {PACK_FILE, *named}:
        other = min(set(sizes) ^ {PACK_FILE, *named})
        raise PackError(f"{other[:80]!r} is missing from the file or from its {PACK_FILE}")
    return settings, {name: _clip(archive, sizes, name, settings) for name in sorted(named)}


def _files_of(settings: PackSettings) -> frozenset[str]:
    chime = {settings.chime} if settings.chime else set()
    return frozenset(settings.clips.values()) | chime


def _entry(archive: zipfile.ZipFile, sizes: Mapping[str, int], name: str, most: int) -> bytes:
    if name not in sizes:
        raise PackError(f"the file has no {name}")
    if sizes[name] > most:
        raise PackError(f"{name} is too large")
    with archive.open(name) as entry:
        content = entry.read(most + 1)
    if len(content) != sizes[name]:
        raise PackError(f"{name} is not as long as the file says")
    return content


def _clip(
    archive: zipfile.ZipFile, sizes: Mapping[str, int], name: str, settings: PackSettings
) -> bytes:
    content = _entry(archive, sizes, name, MOST_CLIP_BYTES)
    if hashlib.sha256(content).hexdigest() != settings.sha256.get(name):
        raise PackError(f"{name} is not the clip that was recorded: its SHA-256 differs")
    try:
        with wave.open(io.BytesIO(content)) as sound:
            form = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            frames = sound.getnframes()
            whole = len(sound.readframes(frames)) == 2 * frames > 0
    except (wave.Error, EOFError, RuntimeError, OSError) as error:
        raise PackError(f"{name} is no WAV file: {error}") from error
    if form != (1, 2, SAMPLE_RATE) or not whole:
        raise PackError(f"{name} is not whole mono 16-bit PCM of {SAMPLE_RATE} samples a second")
    return content
