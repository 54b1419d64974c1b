"""Power cuts: what a disk may hold after one, from a record of everything that was written.

What was synced is there. Of what was written since, each write is there, or not, or in part (a
sector of 512 bytes is), whatever its order; names are changed in their order, as far as the disk
came. The record (`recorder.c`) is made once, of the product's own code at work; the power is cut
at as many points of it as one likes.
"""

import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = struct.Struct("=cqqqq")
_CREATE, _TRUNCATE = 0o100, 0o1000
_SECTOR = 512
_SOURCE = Path(__file__).with_name("recorder.c")
_FORGOTTEN = "-shm"
"""What SQLite makes anew after every cut, from the rest."""


def compiler() -> str | None:
    """Return a C compiler, any will do."""
    return next((name for name in ("tcc", "cc", "gcc", "clang") if shutil.which(name)), None)


def recording(folder: Path, below: Path, record: Path) -> dict[str, str]:
    """Return the environment in which a process's writes below a directory are recorded."""
    library = folder / "recorder.so"
    own = ["-shared", "-fPIC", "-nostdlib"]
    if compiler() != "tcc":
        own += ["-O1", "-fno-builtin", "-fno-stack-protector"]
    command = [compiler() or "cc", *own, "-o", str(library), str(_SOURCE)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return os.environ | {
        "LD_PRELOAD": str(library),
        "RECORD_BELOW": str(below),
        "RECORD_TO": str(record),
    }


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done to a file."""

    kind: str
    file: int
    where: int
    data: bytes


def read_record(record: Path) -> list[Entry]:
    """Return what was done, in order."""
    return list(_entries(record.read_bytes()))


def _entries(stored: bytes) -> Iterator[Entry]:
    at = 0
    while at + _HEAD.size <= len(stored):
        kind, file, where, length, _ = _HEAD.unpack_from(stored, at)
        at += _HEAD.size
        yield Entry(kind.decode(), file, where, stored[at : at + length])
        at += length


@dataclass(slots=True, eq=False)
class _File:
    """The content of a file: what is safe, and what was done since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Entry] = field(default_factory=list)

    def sync(self) -> None:
        for entry in self.since:
            _do(self.safe, entry)
        self.since.clear()

    def after_cut(self, rng: random.Random) -> bytearray:
        """Return what the disk may hold now."""
        content = bytearray(self.safe)
        how = rng.randrange(4)
        for entry in self.since:
            if how == 0 or (how == 1 and rng.random() < 0.5):
                continue
            if how == 2 and entry.kind == "W":
                for part in _torn(entry, rng):
                    _do(content, part)
            else:
                _do(content, entry)
        return content


def _torn(entry: Entry, rng: random.Random) -> Iterator[Entry]:
    """Return the sectors of a write that came to the disk."""
    for begin in range(0, len(entry.data), _SECTOR):
        if rng.random() < 0.6:
            part = entry.data[begin : begin + _SECTOR]
            yield Entry("W", entry.file, entry.where + begin, part)


def _do(content: bytearray, entry: Entry) -> None:
    if entry.kind == "T":
        del content[entry.where :]
        content.extend(bytes(entry.where - len(content)))
        return
    if len(content) < entry.where:
        content.extend(bytes(entry.where - len(content)))
    content[entry.where : entry.where + len(entry.data)] = entry.data


class Disk:
    """The files below one directory, as far as a record has been followed."""

    def __init__(self, below: Path) -> None:
        self._below = str(below)
        self._open: dict[int, _File | str] = {}
        """A directory by its name."""
        self._present: dict[str, _File] = {}
        self._safe: dict[str, _File] = {}
        self._renames: list[tuple[str, str, _File | None]] = []
        """What was done to names since the directory was synced: old, new, the file."""
        self._from = ""

    def follow(self, entry: Entry) -> None:
        """Do one thing."""
        match entry.kind:
            case "O":
                self._opened(entry)
            case "W" | "T":
                file = self._open.get(entry.file)
                if isinstance(file, _File):
                    file.since.append(entry)
            case "S":
                self._synced(entry.file)
            case "R":
                self._from = self._name(entry.data)
            case "r":
                self._renamed(self._from, self._name(entry.data))
            case "U":
                self._renamed(self._name(entry.data), "")

    def after_cut(self, rng: random.Random) -> dict[str, bytearray]:
        """Return names and contents that the disk may hold if the power ends now."""
        names = dict(self._safe)
        for old, new, file in self._renames[: rng.randint(0, len(self._renames))]:
            names.pop(old, None)
            if new and file is not None:
                names[new] = file
        return {name: file.after_cut(rng) for name, file in names.items()}

    def _opened(self, entry: Entry) -> None:
        name = self._name(entry.data)
        if not name or any(other.startswith(f"{name}/") for other in self._present):
            self._open[entry.file] = name
            return
        file = self._present.get(name)
        if file is None:
            if not entry.where & _CREATE:
                return
            file = self._present[name] = _File()
            self._renames.append(("", name, file))
        elif entry.where & _TRUNCATE:
            file.since.append(Entry("T", entry.file, 0, b""))
        self._open[entry.file] = file

    def _synced(self, number: int) -> None:
        file = self._open.get(number)
        if isinstance(file, _File):
            file.sync()
        elif file is not None:
            self._folder_synced(file)

    def _folder_synced(self, folder: str) -> None:
        """Make safe what was done to the names in one folder."""
        within = [one for one in self._renames if _folder_of(one[1] or one[0]) == folder]
        self._renames = [one for one in self._renames if one not in within]
        for old, new, file in within:
            self._safe.pop(old, None)
            if new and file is not None:
                self._safe[new] = file

    def _renamed(self, old: str, new: str) -> None:
        file = self._present.pop(old, None)
        if new and file is not None:
            self._present[new] = file
        self._renames.append((old, new, file))

    def _name(self, path: bytes) -> str:
        return path.decode().removeprefix(self._below).strip("/")


def _folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def lay_down(files: dict[str, bytearray], folder: Path) -> None:
    """Write what a disk holds after a cut; nothing else is left in `folder`."""
    for path in folder.rglob("*"):
        if path.is_file() and str(path.relative_to(folder)) not in files:
            path.unlink()
    for name, content in files.items():
        if not name.endswith(_FORGOTTEN):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
