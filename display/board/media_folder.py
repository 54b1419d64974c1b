"""What a folder of pictures and videos has to show, read anew before every step."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_log = logging.getLogger(__name__)

PICTURES = frozenset(
    {".bmp", ".gif", ".jfif", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp"}
)
VIDEOS = frozenset({".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm"})


@dataclass(frozen=True, slots=True)
class Medium:
    """One version of one file."""

    file: Path
    changed_ns: int
    video: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """What the folder held when it was last read."""

    ready: int = 0
    broken: int = 0
    """Files that could not be read, or are neither picture nor video."""
    videos_skipped: int = 0
    found: bool = True


class MediaFolder:
    """The media of one folder, in the order of their names."""

    def __init__(self, path: Path, *, videos: bool) -> None:
        """Read `path`; without `videos` those are counted and skipped."""
        self._path = path
        self._videos = videos
        self._broken: frozenset[Medium] = frozenset()
        self.stock = Stock()

    def after(self, last: Medium | None) -> Medium | None:
        """Return what comes after `last`, the first again after the end; None when empty."""
        media = self._read()
        later = [medium for medium in media if last and medium.file.name > last.file.name]
        return next(iter(later or media), None)

    def spoil(self, medium: Medium) -> None:
        """Leave out this version of a file, which cannot be read."""
        _log.warning("media file not readable file=%s", medium.file)
        self._broken |= {medium}

    def _read(self) -> list[Medium]:
        try:
            files = sorted(self._path.iterdir(), key=lambda file: file.name)
        except OSError as error:
            if self.stock.found:
                _log.warning("media folder not readable error=%s", error)
            self.stock = Stock(found=False)
            return []
        known: list[Medium] = []
        foreign = 0
        for file in files:
            if file.suffix.lower() in PICTURES | VIDEOS:
                known += _medium(file)
            elif not file.name.startswith("."):
                foreign += 1
        self._broken &= frozenset(known)
        playable = [medium for medium in known if self._videos or not medium.video]
        ready = [medium for medium in playable if medium not in self._broken]
        self.stock = Stock(
            ready=len(ready),
            broken=len(self._broken) + foreign,
            videos_skipped=len(known) - len(playable),
        )
        return ready


def _medium(file: Path) -> Iterator[Medium]:
    """Yield the file's present version, or nothing when it has just gone or is no file."""
    if file.name.startswith("."):
        return
    try:
        status = file.stat()
    except OSError:
        return
    if file.is_file():
        yield Medium(file, status.st_mtime_ns, file.suffix.lower() in VIDEOS)
