"""The pictures beside the calls, as pages ask for them: one folder, read again each time."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from config.settings import BoardMedia

KINDS = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""What every browser paints; videos and drawings are left to the boards on our own boxes."""
MOST_BYTES = 8_000_000
"""A television has little memory."""
_MOST_PICTURES = 200


class PictureFile(msgspec.Struct, frozen=True):
    """One version of a picture."""

    name: str
    version: str


class Pictures(msgspec.Struct, frozen=True):
    """What there is to show, in the order of the names, and how long each stands."""

    seconds: float
    files: tuple[PictureFile, ...] = ()


class MediaShelf:
    """Answers with the pictures of the configured folder, and with nothing else."""

    def __init__(self, media: BoardMedia) -> None:
        self._folder = Path(media.folder).expanduser() if media.folder else None
        self._seconds = media.seconds

    def pictures(self) -> Pictures:
        """Return what the folder holds now; nothing where there is none."""
        files = sorted(self._files(), key=lambda file: file.name)[:_MOST_PICTURES]
        return Pictures(self._seconds, tuple(files))

    def find(self, name: str) -> Path | None:
        """Return the file of a picture that is told in `pictures`."""
        if self._folder is None or all(file.name != name for file in self.pictures().files):
            return None
        return self._folder / name

    def _files(self) -> Iterator[PictureFile]:
        try:
            found = list(self._folder.iterdir()) if self._folder else []
        except OSError:
            return
        for file in found:
            if file.name.startswith(".") or file.suffix.lower() not in KINDS:
                continue
            try:
                status = file.stat()
            except OSError:
                continue
            if file.is_file() and not file.is_symlink() and status.st_size <= MOST_BYTES:
                yield PictureFile(file.name, f"{status.st_mtime_ns:x}")
