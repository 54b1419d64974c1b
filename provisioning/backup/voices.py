"""The voices that were installed in a backup: each as the one file that it came in."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from provisioning.backup.manifest import Manifest, digest_of
from provisioning.layout import VOICES

_PREFIX = "voice-"
_NAME = re.compile(r"([a-z]{2,3})-([0-9a-f]{64})\.zip")


def whole_voices(data: Path) -> Iterator[tuple[str, Path]]:
    """Yield language and file of each voice in a data directory whose bytes are still its own."""
    for path in sorted((data / VOICES).glob("*.zip")):
        found = _NAME.fullmatch(path.name)
        with suppress(OSError):
            if found and digest_of(path) == found[2]:
                yield found[1], path


def copy_voices(data: Path, draft: Path, before: Path | None) -> None:
    """Put the voices of `data` into a backup; one that the backup `before` has takes no more room.

    Raises OSError.
    """
    for _, path in whole_voices(data):
        target = draft / f"{_PREFIX}{path.name}"
        if before is None or not _linked(before / target.name, target, path.stem.partition("-")[2]):
            shutil.copyfile(path, target)
            with target.open("rb") as file:
                os.fsync(file.fileno())


def put_voices_back(folder: Path, manifest: Manifest, data: Path) -> tuple[str, ...]:
    """Put the voices of a backup into `data` where a language has none; return which languages.

    Raises OSError.
    """
    there = {lang for lang, _ in whole_voices(data)}
    put_back = []
    for name in sorted(manifest.sha256):
        found = _NAME.fullmatch(name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else None
        if found and found[1] not in there:
            (data / VOICES).mkdir(exist_ok=True)
            shutil.copyfile(folder / name, data / VOICES / found[0])
            put_back.append(found[1])
    return tuple(put_back)


def bytes_of_voices(data: Path) -> int:
    """Return how much room the voices of `data` take."""
    return sum(path.stat().st_size for path in (data / VOICES).glob("*.zip"))


def _linked(old: Path, target: Path, digest: str) -> bool:
    """Link to the file of an earlier backup, where it is whole and the disk can."""
    with suppress(OSError):
        if digest_of(old) == digest:
            os.link(old, target)
            return True
    return False
